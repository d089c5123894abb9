"""Documents that select everything there is, read off the schema: what is new in it is in them at once."""

from collections.abc import Iterator, Mapping

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from spanwell.graphql.library import core_schema
from spanwell.graphql.schema import schema

CORE = core_schema(schema)
_DEPTH = 3
"""How far records of records are selected; below, of each only what is no record."""


def documents(kind: str, root: GraphQLObjectType, arguments: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the name of each field of a root, and an operation that selects all of it.

    `arguments` are those that fields require, by `field` or by name alone. Raises `KeyError` for one that is missing.
    """
    for name, field in root.fields.items():
        yield name, f"{kind} {{ {_selected(name, field, arguments, (), root.name)} }}"


def _selected(name: str, field: GraphQLField, arguments: Mapping[str, str], above: tuple[str, ...], of: str) -> str:
    kind = get_named_type(field.type)
    given = arguments.get(f"{of}.{name}") or ", ".join(
        f"{key}: {arguments[key]}" for key, argument in field.args.items() if is_required_argument(argument)
    )
    text = f"{name}({given})" if given else name
    if is_leaf_type(kind):
        return text
    if isinstance(kind, GraphQLUnionType):
        raise TypeError(f"{kind.name} is a union, which this walk does not know yet.")
    if isinstance(kind, GraphQLInterfaceType):
        return f"{text} {{ {' '.join(_apart(each) for each in CORE.get_possible_types(kind))} }}"
    assert isinstance(kind, GraphQLObjectType)
    return f"{text} {{ {_selection(kind, arguments, (*above, kind.name))} }}"


def _apart(kind: GraphQLObjectType) -> str:
    """Select what is no record of one of several types, under names that no other type has."""
    leaves = [
        name for name, field in kind.fields.items() if is_leaf_type(get_named_type(field.type)) and not field.args
    ]
    return f"... on {kind.name} {{ {' '.join(f'{kind.name}_{name}: {name}' for name in leaves)} }}"


def _selection(kind: GraphQLObjectType, arguments: Mapping[str, str], above: tuple[str, ...]) -> str:
    parts = [
        _selected(name, field, arguments, above, kind.name)
        for name, field in kind.fields.items()
        if is_leaf_type(inner := get_named_type(field.type)) or (len(above) < _DEPTH and inner.name not in above)
    ]
    return " ".join(parts) or "__typename"

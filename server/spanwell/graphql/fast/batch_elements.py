"""Reads the elements of a batch one by one, so that invalid ones can be skipped (`onInvalid: SKIP`)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec
from graphql import (
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_required_input_field,
)
from graphql.utilities import coerce_input_value, validate_input_value

from spanwell.graphql.resolvers.writing.elements import Read, Unread
from spanwell.observability.model.errors import InvalidInput

_SKIP = "SKIP"
_LONGEST_NAME = 80


@dataclass(frozen=True)
class ListInput:
    """How lists of an input object are read; `record` is what an object means that graphql-core has coerced.

    Where there is a `struct`, they are decoded as such, and `read` makes what they mean. `ahead` is asked first for
    what a big list means, as text; None is its answer if it cannot tell.
    """

    record: Callable[[Mapping[str, Any]], Any]
    struct: type[msgspec.Struct] | None = None
    read: Callable[[Sequence[Any]], Sequence[Any]] = list
    ahead: Callable[[memoryview], Sequence[Any] | None] | None = None


@dataclass(frozen=True)
class Variables:
    """Values as the client sent them, which are still to be coerced, and lists that were read already."""

    values: Mapping[str, Any]
    read: Mapping[str, Read] = field(default_factory=dict[str, Read])


@dataclass(frozen=True)
class Skipping:
    """Reads lists of up to `most` elements one by one, if a mutation skips invalid elements."""

    schema: GraphQLSchema
    said: Sequence[ValueNode]
    """The values of `onInvalid` in the operation."""
    defaults: Mapping[str, ValueNode | None]
    most: int

    @classmethod
    def of(
        cls,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        most: int,
    ) -> "Skipping | None":
        """Return the reader for an operation that skips invalid elements; None if the operation cannot ask for that."""
        fields = _top_fields(operation.selection_set, fragments)
        arguments = [argument for each in fields for argument in each.arguments or ()]
        said = [argument.value for argument in arguments if argument.name.value == "onInvalid"]
        defaults = {each.variable.name.value: each.default_value for each in operation.variable_definitions or ()}
        return cls(schema, said, defaults, most) if said else None

    def read(self, values: Mapping[str, Any], lists: Mapping[str, str], inputs: Mapping[str, ListInput]) -> Variables:
        """Return variables with the elements of lists read, each by itself; `lists` names their input objects."""
        if not any(self._skips(value, values) for value in self.said):
            return Variables(values)
        read: dict[str, Read] = {}
        for name, kind in lists.items():
            given = values.get(name)
            elements: list[Any] = given if isinstance(given, list) else [given]
            if given is not None and len(elements) <= self.most:
                read[name] = read_each(elements, self.schema.type_map[kind], inputs[kind])
        return Variables({**values, **{name: [] for name in read}}, read)

    def _skips(self, node: ValueNode | None, values: Mapping[str, Any]) -> bool:
        if isinstance(node, VariableNode):
            name = node.name.value
            return values[name] == _SKIP if name in values else self._skips(self.defaults.get(name), {})
        return isinstance(node, EnumValueNode) and node.value == _SKIP


def _top_fields(selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[FieldNode]:
    """Yield the fields of an operation itself, also those that stand in fragments."""
    for node in selections.selections:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, FragmentSpreadNode):
            yield from _top_fields(fragments[node.name.value].selection_set, fragments)
        else:
            yield from _top_fields(cast("Any", node).selection_set, fragments)


def read_each(elements: Sequence[Any], kind: Any, given: ListInput) -> Read:
    """Return the elements of a list, as plain JSON, that can be read, and what is wrong with the others."""
    records: list[Any] = []
    indexes: list[int] = []
    unread: list[Unread] = []
    for index, element in enumerate(elements):
        try:
            records.append(_read_one(element, kind, given))
            indexes.append(index)
        except InvalidInput as error:
            unread.append(Unread(index, element, error))
    return Read(records, unread, indexes)


def _read_one(element: Any, kind: GraphQLInputObjectType, given: ListInput) -> Any:
    """Return the record of an element. Raises `InvalidInput`, as decided by graphql-core."""
    if given.struct is not None:
        try:
            return given.read([msgspec.convert(element, given.struct)])[0]
        except (msgspec.ValidationError, InvalidInput):
            pass
    check_element(element, kind)
    return given.record(coerce_input_value(element, kind))


def check_element(element: Any, kind: GraphQLInputObjectType) -> None:
    """Raise `InvalidInput`, which names the field, if a value is no input object of a type."""
    if not isinstance(element, dict):
        raise InvalidInput("is not an object")
    for name in cast("dict[str, Any]", element):
        if name not in kind.fields:
            raise InvalidInput("is not a field of it", name[:_LONGEST_NAME])
    for name, definition in kind.fields.items():
        if is_required_input_field(definition) and element.get(name) is None:
            raise InvalidInput("is missing", name)
    found: list[InvalidInput] = []
    validate_input_value(element, kind, lambda error, path: found.append(_problem(error, path, kind)), True)  # noqa: FBT003 - no suggestions
    for each in found:
        raise each


def _problem(error: GraphQLError, path: Sequence[str | int], kind: GraphQLInputObjectType) -> InvalidInput:
    """Return the error for the value at a path, in our words: graphql-core's message repeats the value."""
    name = str(path[0])
    element = name + "".join(f"[{step}]" for step in path[1:])
    cause = error.original_error
    if isinstance(cause, InvalidInput):
        return InvalidInput(cause.problem, element)
    needed = get_named_type(kind.fields[name].type)
    if isinstance(needed, GraphQLEnumType):
        return InvalidInput(f"is none of {', '.join(needed.values)}", element)
    return InvalidInput(f"is not of type `{kind.fields[name].type if len(path) == 1 else needed}`", element)

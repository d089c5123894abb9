"""What we reach into of Strawberry and graphql-core without a public name for it; nothing else of ours does.

Each function says what it relies on. `tests/architecture/test_libraries.py` fails with the name of the library and of
what it changed, so an upgrade breaks there first and in one place.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeGuard, cast

import strawberry
from graphql import GraphQLScalarType, GraphQLSchema, default_field_resolver, default_type_resolver
from graphql.execution import Executor
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.executor import CollectedErrors
from graphql.execution.values import VariableValues
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext as CoreExecutor
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

if TYPE_CHECKING:
    from enum import EnumMeta

    from graphql import FragmentDefinitionNode, GraphQLField, GraphQLResolveInfo, OperationDefinitionNode

__all__ = ["ARGUMENT_MESSAGE", "IS_AWAITABLE", "TOO_MANY_TOKENS", "VARIABLE_MESSAGE", "CoreExecutor"]

Resolver: TypeAlias = Callable[..., Any]
AsyncResolver: TypeAlias = Callable[[object, Any], Awaitable[Any]]
"""A resolver that has its arguments: it takes the object and graphql-core's view of the field."""

_REPLACED: Final = "spanwell-resolver"
"""Marks the fields whose resolvers `replace_resolver` replaced, in graphql-core's `extensions`."""

IS_AWAITABLE: Final = cast("Callable[[Any], TypeGuard[Awaitable[Any]]]", optimized_is_awaitable)
"""Strawberry's test for awaitables, which looks at common types first."""

TOO_MANY_TOKENS: Final = "tokens. Parsing aborted"
"""Part of graphql-core's message about a document with more tokens than `parse` may read."""

VARIABLE_MESSAGE: Final = re.compile(
    r"Variable '\$(\w+)' has invalid (?:default )?value(?: at ([^:]+))?: (.*)", re.DOTALL
)
"""graphql-core's message about a variable: its name, the path inside its value, and the reason."""

ARGUMENT_MESSAGE: Final = "Argument "
"""How graphql-core's messages about arguments begin."""


def core_schema(schema: strawberry.Schema) -> GraphQLSchema:
    """Return the graphql-core schema below a Strawberry schema."""
    return schema._schema  # noqa: SLF001 - Strawberry has no public name for it


def resolve_info_of(info: strawberry.Info[Any, Any]) -> GraphQLResolveInfo[Any]:
    """Return graphql-core's own view of a field, with the nodes of its selection."""
    return info._raw_info  # noqa: SLF001 - Strawberry's public view converts the nodes, at a cost for each of them


def coerced_variables(variables: VariableValues | Mapping[str, Any]) -> dict[str, Any]:
    """Return the coerced values of variables: graphql-core says `VariableValues`, Strawberry passes a dictionary."""
    return variables.coerced if isinstance(variables, VariableValues) else cast("dict[str, Any]", variables)


def executor_of(
    kind: type[Executor[Any]],
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    *,
    hide_suggestions: bool,
) -> Executor[Any]:
    """Return an executor of a valid operation, short of what one request brings: see `executor_for`."""
    return kind(
        schema,
        dict(fragments),
        {name: FragmentDetails(fragment) for name, fragment in fragments.items()},
        None,
        None,
        operation,
        VariableValues({}, {}),
        default_field_resolver,
        cast("Any", default_type_resolver),  # pyright takes its own declaration for another type
        default_field_resolver,
        is_awaitable=IS_AWAITABLE,
        hide_suggestions=hide_suggestions,
    )


def executor_for(made: Executor[Any], context: object, variables: VariableValues) -> Executor[Any]:
    """Return a copy of an executor for one request: a tenth of the time that making another one takes.

    graphql-core copies one for each event of a subscription in the same way. What it remembers of a request is new
    here, and so are the `calls` of `ColumnarExecutor`.
    """
    executor: Any = object.__new__(type(made))
    executor.__dict__ = made.__dict__ | {
        "context_value": context,
        "variable_values": variables,
        "collected_errors": CollectedErrors(),
        "pending_incremental_futures": set(),
        "background_futures": set(),
        "groups": [],
        "tasks": [],
        "streams": [],
        "_relevant_sub_fields": {},
        "calls": {},
    }
    executor.async_helpers = type(made.async_helpers)(executor.gather_async_work, executor.track_async_work)
    return cast("Executor[Any]", executor)


def replace_resolver(
    schema: strawberry.Schema, type_name: str, field_name: str, wrap: Callable[[Resolver], Resolver]
) -> None:
    """Replace the resolver of a field by one made from it; Strawberry converts arguments before it calls its own."""
    kind: Any = core_schema(schema).type_map[type_name]
    field = kind.fields[field_name]
    field.resolve = wrap(field.resolve)
    field.extensions[_REPLACED] = True


def field_arguments(schema: strawberry.Schema, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return coerced values of arguments as the resolver of a field of `Query` would have them."""
    query: Any = core_schema(schema).query_type
    definition: StrawberryField = query.fields[name].extensions["strawberry-definition"]
    registry = schema.schema_converter.scalar_registry
    return convert_arguments(dict(values), definition.arguments, registry, schema.config)


def plain_reader(field: GraphQLField) -> Callable[[Any], Any] | None:
    """Return the function that reads a field from a record alone; None if its resolver needs more than the record."""
    definition = None if field.args else field.extensions.get("strawberry-definition")
    if not isinstance(definition, StrawberryField) or definition.extensions:
        return None
    resolver = definition.base_resolver
    if resolver is None:
        return attrgetter(definition.python_name)
    if resolver.is_async or resolver.info_parameter or not resolver.parent_parameter:
        return None
    return cast("Callable[[Any], Any]", resolver.wrapped_func)


def is_resolved_by_coroutine(field: GraphQLField) -> bool:
    """Return whether all that Strawberry does for a field is to await a function with its arguments: see `call_of`."""
    definition = field.extensions.get("strawberry-definition")
    if not isinstance(definition, StrawberryField) or definition.extensions or _REPLACED in field.extensions:
        return False
    resolver = definition.base_resolver
    if resolver is None or definition.is_subscription:
        return False
    return resolver.is_async and not (resolver.self_parameter or resolver.root_parameter)


def call_of(schema: GraphQLSchema, field: GraphQLField, values: Mapping[str, Any]) -> AsyncResolver:
    """Return the function that resolves a field with coerced values of its arguments, which are converted here."""
    strawberry_schema: strawberry.Schema = cast("Any", schema)._strawberry_schema  # noqa: SLF001 - as in `core_schema`
    definition: StrawberryField = field.extensions["strawberry-definition"]
    resolver: Any = definition.base_resolver
    registry = strawberry_schema.schema_converter.scalar_registry
    given = convert_arguments(dict(values), definition.arguments, registry, strawberry_schema.config)
    info_class = strawberry_schema.config.info_class
    parent_name = resolver.parent_parameter and resolver.parent_parameter.name
    info_name = resolver.info_parameter and resolver.info_parameter.name

    def call(source: object, info: GraphQLResolveInfo[Any]) -> Any:
        named = dict(given)
        if parent_name is not None:
            named[parent_name] = source
        if info_name is not None:
            named[info_name] = info_class(_raw_info=info, _field=definition)
        return resolver(**named)

    return call


def describe_enum(enum: EnumMeta, name: str, description: str, values: Mapping[str, str]) -> None:
    """Make an enum a Strawberry enum with a description for each value, which `strawberry.enum` does not take."""
    made: Any = strawberry.enum(enum, name=name, description=description)
    for value in made.__strawberry_definition__.values:
        value.description = values[value.name]


def read_literals(scalar: Any, *, write: Callable[[Any], Any], read: Callable[[Any], Any], literal: Any) -> None:
    """Give a scalar a reader of constant literals, for which Strawberry has no option.

    Only so does graphql-core put variables into literals as the client sent them; its older way would put in our own
    value, as if the client had written it.
    """
    scalar.implementation = GraphQLScalarType(
        scalar.name,
        description=scalar.description,
        specified_by_url=scalar.specified_by_url,
        coerce_output_value=write,
        coerce_input_value=read,
        coerce_input_literal=literal,
    )


def describe_by_docstrings(schema: strawberry.Schema) -> None:
    """Give each type of a schema the docstring of its class as description, where it states none of its own."""
    for kind in core_schema(schema).type_map.values():
        definition = kind.extensions.get("strawberry-definition")
        origin: Any = getattr(definition, "origin", None) or getattr(definition, "wrapped_cls", None)
        if kind.description is None and origin is not None:
            kind.description = " ".join((inspect.getdoc(origin) or "").split())

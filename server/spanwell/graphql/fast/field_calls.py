"""Calls resolvers with arguments that are read once, where graphql-core and Strawberry read them for every object.

`traces(first: 1000) { nodes { spans(filter: $filter) { .. } } }` has one filter and a thousand places for it. Turning a
filter of a thousand parts into Python objects takes some 50 ms; a thousand times that would stop the server for a
minute. Arguments without variables are read once for all requests with the document.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    ListValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    get_nullable_type,
)
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.values import VariableValues, get_argument_values

from spanwell.graphql.library import AsyncResolver, call_of, is_resolved_by_coroutine
from spanwell.graphql.resolvers.selection import Places


@dataclass(frozen=True)
class SelectedField:
    """A field that a coroutine function resolves, and where it is selected."""

    definition: GraphQLField
    places: Places
    details: list[FieldDetails]
    has_variables: bool
    """Whether its arguments depend on the request."""
    objects: GraphQLObjectType | None
    """The type of the object that it gives; None if it gives anything else."""

    def call(self, schema: GraphQLSchema, variables: VariableValues) -> AsyncResolver:
        """Return its resolver with its arguments. Raises `GraphQLError` if they are invalid."""
        first = self.details[0]
        values = get_argument_values(self.definition, first.node, variables, first.fragment_variable_values)
        return call_of(schema, self.definition, values)


def selected_field(definition: GraphQLField | None, details: list[FieldDetails]) -> SelectedField | None:
    """Return a field at the places where it is selected; None if it must be resolved the ordinary way."""
    if definition is None or not is_resolved_by_coroutine(definition):
        return None
    has_variables = _have_variables(argument.value for argument in details[0].node.arguments or ())
    kind = get_nullable_type(definition.type)
    objects = kind if isinstance(kind, GraphQLObjectType) else None
    return SelectedField(definition, Places(each.node for each in details), details, has_variables, objects)


def _have_variables(values: Iterable[ValueNode]) -> bool:
    return any(map(_has_variables, values))


def _has_variables(value: ValueNode) -> bool:
    if isinstance(value, ListValueNode):
        return _have_variables(value.values)
    if isinstance(value, ObjectValueNode):
        return _have_variables(field.value for field in value.fields)
    return isinstance(value, VariableNode)

"""Estimates how many records an operation can return, before anything is read.

`traces(first: 100) { nodes { spans(first: 1000) { .. } } }` can return 100 traces and 100 * 1000 spans. The document is
analysed once; a request only has to insert the values of its variables.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_interface_type,
    is_object_type,
)

from spanwell.graphql.arguments.paging import DEFAULT_PAGE, LARGEST_TRACE_PAGE
from spanwell.observability.room import Room

from .limits import SATURATED, fragments_of, operations_of

USUAL_BUCKETS = 200
"""The number of buckets assumed for an interval; the field itself refuses more than 10,000 rows."""

_RESOLVED = 20
"""The cost, in plain values, of a field with arguments, which needs a resolver call of its own."""

_PAGE_ARGUMENTS = ("first", "last")
_LIST_ARGUMENTS = ("ids",)

_FIGURES: Mapping[str, int] = {"histogram": 64, "quantile": 5}
"""The cost, in records, of figures with arguments; for a histogram, its number of bins without bounds."""

_SCHEMA = 30_000
"""The cost, in records, of introspecting the whole schema."""


@dataclass(frozen=True)
class _Pages:
    """A field that returns as many records as its arguments say, or else `default`."""

    sizes: tuple[ValueNode, ...]
    default: int
    selected: "_Terms"


_Terms: TypeAlias = tuple["_Pages | str | int", ...]
"""The summands of a cost: pages, the names of fragments, and plain values."""


@dataclass(frozen=True)
class Cost:
    """The number of records that an operation can return, and of their values; sums stop at `SATURATED`."""

    records: int
    values: int


def cost_of(estimated: Cost, room: Room) -> dict[str, Any]:
    """Return `extensions.cost` of a response: the estimate, and what was actually read from the store."""
    return {
        "estimated": {"records": estimated.records, "values": estimated.values},
        "read": {"statements": room.statements, "rows": room.rows, "milliseconds": round(room.seconds * 1000, 3)},
    }


@dataclass(frozen=True)
class Costs:
    """The costs of a document's operations, as functions of the variables."""

    _operations: Mapping[int, _Terms]
    _fragments: Mapping[str, _Terms]

    def of(self, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> Cost:
        """Return the cost of an operation with these variables, or else their default values."""
        values = {**_defaults(operation), **variables}
        terms = self._operations[id(operation)]
        records = _Sum(self._fragments, values).of(terms)
        return Cost(records, _Sum(self._fragments, values, with_values=True).of(terms) if records > 1 else 0)


def costs_of(document: DocumentNode, schema: GraphQLSchema) -> Costs:
    """Return the costs of a valid document."""
    reader = _Reader(schema)
    return Costs(
        {id(node): reader.terms(node.selection_set, reader.root(node)) for node in operations_of(document)},
        {
            name: reader.terms(node.selection_set, reader.condition(node))
            for name, node in fragments_of(document).items()
        },
    )


@dataclass
class _Sum:
    """Adds up records; if `with_values`, also their selected values, each weighted by the time that it takes."""

    fragments: Mapping[str, _Terms]
    variables: Mapping[str, Any]
    with_values: bool = False
    known: dict[str, int] = field(default_factory=dict[str, int])

    def of(self, terms: _Terms) -> int:
        return min(sum(map(self._term, terms)), SATURATED)

    def _term(self, term: "_Pages | str | int") -> int:
        if isinstance(term, str):
            return self._fragment(term)
        if isinstance(term, int):
            return term if self.with_values else 0
        return self._pages(term)

    def _fragment(self, name: str) -> int:
        if name not in self.known:
            self.known[name] = self.of(self.fragments[name])
        return self.known[name]

    def _pages(self, pages: _Pages) -> int:
        sizes = [size for node in pages.sizes if (size := _size(node, self.variables)) is not None]
        return max(sizes, default=pages.default) * (1 + self.of(pages.selected))


@dataclass(frozen=True)
class _Reader:
    schema: GraphQLSchema

    def root(self, node: OperationDefinitionNode) -> GraphQLNamedType | None:
        return self.schema.get_root_type(node.operation)

    def condition(self, node: FragmentDefinitionNode | InlineFragmentNode) -> GraphQLNamedType | None:
        return self.schema.get_type(node.type_condition.name.value) if node.type_condition else None

    def terms(self, selections: SelectionSetNode | None, parent: GraphQLNamedType | None) -> _Terms:
        return tuple(self._terms(selections, parent)) if selections else ()

    def _terms(self, selections: SelectionSetNode, parent: GraphQLNamedType | None) -> Iterator["_Pages | str | int"]:
        for node in selections.selections:
            if isinstance(node, FragmentSpreadNode):
                yield node.name.value
            elif isinstance(node, InlineFragmentNode):
                yield from self.terms(node.selection_set, self.condition(node) or parent)
            elif isinstance(node, FieldNode):
                yield from self._field(node, _definition(parent, node.name.value))

    def _field(self, node: FieldNode, definition: GraphQLField | None) -> _Terms:
        selected = self.terms(node.selection_set, get_named_type(definition.type) if definition else None)
        if definition is None or not definition.args:
            return (_Pages((), _SCHEMA, ()),) if node.name.value == "__schema" else (1, *selected)
        if "groupBy" in definition.args:
            return (_statistics(node, definition, selected),)
        if node.name.value in _FIGURES:
            bounds = tuple(argument.value for argument in node.arguments or () if argument.name.value == "bounds")
            return (_Pages(bounds, _FIGURES[node.name.value], (*selected, _RESOLVED)),)
        named = [name for name in (*_PAGE_ARGUMENTS, *_LIST_ARGUMENTS) if name in definition.args]
        if not named:
            return (_RESOLVED, *selected)
        sizes = tuple(argument.value for argument in node.arguments or () if argument.name.value in named)
        return (_Pages(sizes, _default_size(definition.args[named[0]]), selected),)


def _statistics(node: FieldNode, definition: GraphQLField, selected: _Terms) -> _Pages:
    """Return the rows of statistics: groups, and the buckets of each."""
    arguments = {argument.name.value: argument.value for argument in node.arguments or ()}
    buckets = (arguments["buckets"],) if "buckets" in arguments else ()
    rows = _Pages(buckets, USUAL_BUCKETS if "interval" in arguments else 1, selected)
    if "groupBy" not in arguments:
        return rows
    first = (arguments["first"],) if "first" in arguments else ()
    return _Pages(first, _default_size(definition.args["first"]), (rows,))


def _definition(parent: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    return parent.fields.get(name) if is_object_type(parent) or is_interface_type(parent) else None


def _default_size(argument: GraphQLArgument) -> int:
    default = argument.default
    stated = (argument.default_value, *((default.value, default.literal) if default else ()))
    return next((size for value in stated if (size := _size(value, {})) is not None), DEFAULT_PAGE)


def _defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
    return {v.variable.name.value: v.default_value for v in operation.variable_definitions or () if v.default_value}


def _size(value: Any, variables: Mapping[str, Any]) -> int | None:
    """Return the number of records that a literal or a variable's value asks for; None if it is not a size."""
    if isinstance(value, VariableNode):
        return _size(variables.get(value.name.value), {})
    if isinstance(value, IntValueNode):
        return LARGEST_TRACE_PAGE if len(value.value) > len(str(LARGEST_TRACE_PAGE)) else _size(int(value.value), {})
    if isinstance(value, ListValueNode):
        return len(value.values)
    if isinstance(value, list):
        return len(value)
    return max(0, min(value, LARGEST_TRACE_PAGE)) if isinstance(value, int) else None

"""What a client selected, as the columns that have to be read for it.

@skip and @include are not looked at: at worst a column is read that nobody sees.
"""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeAlias, TypeVar

import strawberry
from graphql import FieldNode, FragmentSpreadNode, GraphQLResolveInfo, InlineFragmentNode, SelectionSetNode

from spanwell.graphql.library import resolve_info_of
from spanwell.observability.model.span import IDENTITY, SPAN_COLUMNS
from spanwell.observability.model.trace import TRACE_COLUMN, TRACE_COLUMNS
from spanwell.observability.questions.ordering import Order
from spanwell.observability.questions.queries import Columns, Page

from .context import Context

Q = TypeVar("Q")
T = TypeVar("T")
Info: TypeAlias = strawberry.Info[Context, None]
ResolveInfo: TypeAlias = GraphQLResolveInfo[Any]
Selected: TypeAlias = Mapping[str, "list[FieldNode]"]
"""The fields of a selection by their names in the schema, each with all its places."""

_SPAN_COLUMNS = {column.label: column.name for column in SPAN_COLUMNS}
_TRACE_COLUMNS = {column.label: column.name for column in TRACE_COLUMNS}
_SPAN_PLACES: Mapping[str, Columns] = {
    "descendantCount": frozenset({"tree_start", "tree_end"}),
    "parent": frozenset({"parent_span_id"}),
    "spanEvents": frozenset({"events"}),
    "spanLinks": frozenset({"links"}),
}
"""Fields of a span that are worked out from other columns."""


def resolve_info(info: Info) -> ResolveInfo:
    """Return graphql-core's own view of a field."""
    return resolve_info_of(info)


class Places(list[FieldNode]):
    """The places where a document selects a field, with what has been worked out of the selections there."""

    def __init__(self, nodes: Iterable[FieldNode]) -> None:
        super().__init__(nodes)
        self.known: dict[Hashable, Any] = {}


def once_for_document(work: Callable[[ResolveInfo], T]) -> Callable[[ResolveInfo], T]:
    """Work something out of the selection of a field once for all requests; it must not depend on any argument."""

    @wraps(work)
    def result(info: ResolveInfo) -> T:
        places = info.field_nodes
        if not isinstance(places, Places):
            return work(info)
        if work not in places.known:
            places.known[work] = work(info)
        known: T = places.known[work]
        return known

    return result


@dataclass(frozen=True)
class Wanted:
    """What of a list of traces has to be read."""

    columns: Columns
    head_columns: Columns

    def with_order(self, order: Order) -> "Wanted":
        """Return this with the columns of an order."""
        keys = frozenset(key.column for key in order)
        own = keys & TRACE_COLUMN.keys()
        return Wanted(self.columns | own, self.head_columns | (keys - own))


def below(nodes: Iterable[FieldNode], info: ResolveInfo) -> dict[str, list[FieldNode]]:
    """Return the fields that are selected below some fields, through fragments."""
    found: dict[str, list[FieldNode]] = {}
    for node in nodes:
        if node.selection_set is not None:
            _collect(node.selection_set, info, found, set())
    return found


def _collect(
    selections: SelectionSetNode, info: ResolveInfo, found: dict[str, list[FieldNode]], seen: set[str]
) -> None:
    for node in selections.selections:
        if isinstance(node, FieldNode):
            found.setdefault(node.name.value, []).append(node)
        elif isinstance(node, InlineFragmentNode):
            _collect(node.selection_set, info, found, seen)
        elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
            seen.add(node.name.value)
            _collect(info.fragments[node.name.value].selection_set, info, found, seen)


def nodes_of(selected: Selected, info: ResolveInfo) -> list[FieldNode]:
    """Return the places in a connection's selection where its records are selected: `nodes`, and `edges.node`."""
    edges = below(selected.get("edges", ()), info)
    return [*selected.get("nodes", ()), *edges.get("node", ())]


@once_for_document
def record_places(info: ResolveInfo) -> list[FieldNode]:
    """Return the places where a field that is a connection selects its records."""
    return nodes_of(below(info.field_nodes, info), info)


@once_for_document
def listed_span_columns(info: ResolveInfo) -> Columns:
    """Return the columns to read of the spans of a connection."""
    return span_columns(record_places(info), info)


@once_for_document
def listed_trace_columns(info: ResolveInfo) -> Wanted:
    """Return the columns to read of the traces of a connection."""
    return trace_columns(record_places(info), info)


@once_for_document
def own_span_columns(info: ResolveInfo) -> Columns:
    """Return the columns to read of the spans that a field gives."""
    return span_columns(info.field_nodes, info)


@once_for_document
def own_trace_columns(info: ResolveInfo) -> Wanted:
    """Return the columns to read of the traces that a field gives."""
    return trace_columns(info.field_nodes, info)


_OF_PAGE = frozenset({"edges", "nodes", "pageInfo"})


@once_for_document
def _selects_page(info: ResolveInfo) -> bool:
    return not _OF_PAGE.isdisjoint(below(info.field_nodes, info))


async def page_if_selected(info: Info, read: Callable[[Q], Awaitable[Page[T]]], query: Q) -> Page[T]:
    """Return a page, which is not read if all that is selected of the list is its length."""
    return await read(query) if _selects_page(resolve_info(info)) else Page()


def span_columns(nodes: Iterable[FieldNode], info: ResolveInfo, order: Order = ()) -> Columns:
    """Return the columns to read of spans that are selected at some places, and sorted by an order."""
    selected = below(nodes, info)
    places = (_SPAN_PLACES[name] for name in selected if name in _SPAN_PLACES)
    columns = frozenset(_SPAN_COLUMNS[name] for name in selected if name in _SPAN_COLUMNS)
    return columns.union(IDENTITY, (key.column for key in order), *places)


def trace_columns(nodes: Iterable[FieldNode], info: ResolveInfo, order: Order = ()) -> Wanted:
    """Return the columns to read of traces that are selected at some places, and sorted by an order."""
    selected = below(nodes, info)
    own = {_TRACE_COLUMNS[name] for name in selected if name in _TRACE_COLUMNS} | {"trace_id"}
    head = {_SPAN_COLUMNS[name] for name in selected if name in _SPAN_COLUMNS and name not in _TRACE_COLUMNS}
    if "rootSpan" in selected:
        own.add("has_root")
        head |= span_columns(selected["rootSpan"], info)
    return Wanted(frozenset(own), frozenset(head)).with_order(order)

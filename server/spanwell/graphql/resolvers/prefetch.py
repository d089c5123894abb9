"""Tells which page of its spans a trace is asked for with, so that the store reads both at once."""

from graphql import FieldNode, IntValueNode, ValueNode, VariableNode

from spanwell.graphql.arguments.paging import LARGEST_TRACE_PAGE, PageArguments
from spanwell.graphql.library import coerced_variables
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.questions.ordering import OLDEST_SPANS
from spanwell.observability.questions.queries import Columns, SpanQuery, Window

from .selection import ResolveInfo, below, nodes_of, once_for_document, span_columns


def spans_with(info: ResolveInfo) -> SpanQuery | None:
    """Return the page of spans that is selected of a trace, if that is one, of all spans in their usual order.

    It is what `Trace.spans` then asks for. None if that has to be seen when it does so: which is never wrong.
    """
    selected = _selected_spans(info)
    if selected is None:
        return None
    place, columns = selected
    window = _window(place, info)
    return None if window is None else SpanQuery(window, order=OLDEST_SPANS, columns=columns)


@once_for_document
def _selected_spans(info: ResolveInfo) -> tuple[FieldNode, Columns] | None:
    """Return the one place where `spans` is selected, and the columns to read there; None if there are others."""
    places = below(info.field_nodes, info).get("spans", [])
    if len(places) != 1 or places[0].directives:
        return None
    return places[0], span_columns(nodes_of(below(places, info), info), info, OLDEST_SPANS)


def _window(place: FieldNode, info: ResolveInfo) -> Window | None:
    first: int | None = None
    for argument in place.arguments or ():
        first = _number(argument.value, info) if argument.name.value == "first" else None
        if first is None:
            return None
    try:
        return Window(PageArguments(first).size(LARGEST_TRACE_PAGE))
    except InvalidInput:
        return None


def _number(node: ValueNode, info: ResolveInfo) -> int | None:
    """Return an Int as graphql-core coerces it; None if it is not given, or not plainly a number."""
    if isinstance(node, IntValueNode):
        return int(node.value)
    if not isinstance(node, VariableNode):
        return None
    found = coerced_variables(info.variable_values).get(node.name.value)
    return found if isinstance(found, int) else None

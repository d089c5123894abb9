"""Tells which page of its spans a trace is asked for with, so that the store reads both at once."""

from collections.abc import Sequence

from graphql import FieldNode, IntValueNode, ValueNode, VariableNode

from spanwell.graphql.arguments.paging import LARGEST_TRACE_PAGE, PageArguments
from spanwell.graphql.library import coerced_variables
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.questions.ordering import OLDEST_SPANS
from spanwell.observability.questions.queries import SpanQuery, Window

from .selection import ResolveInfo, below, nodes_of, span_columns


def spans_with(traces: Sequence[FieldNode], info: ResolveInfo) -> SpanQuery | None:
    """Return the page of spans that is selected of a trace, if that is one, of all spans in their usual order.

    It is what `Trace.spans` then asks for. None if that has to be seen when it does so: which is never wrong.
    """
    places = below(traces, info).get("spans", [])
    if len(places) != 1 or places[0].directives:
        return None
    window = _window(places[0], info)
    if window is None:
        return None
    columns = span_columns(nodes_of(below(places, info), info), info, OLDEST_SPANS)
    return SpanQuery(window, order=OLDEST_SPANS, columns=columns)


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

"""One function for each field that reads: it takes the arguments, asks the store once, and returns what that gave."""

from functools import partial

import strawberry

from spanwell.graphql.arguments.analysis import KeepAncestors
from spanwell.graphql.arguments.logic import to_condition
from spanwell.graphql.arguments.paging import LARGEST_PAGE, LARGEST_TRACE_PAGE, PageArguments
from spanwell.graphql.arguments.shared import (
    After,
    Before,
    First,
    FirstOfTrace,
    Last,
    Offset,
    SpanFilterArgument,
    SpanId,
    SpanOrderArgument,
    TraceFilterArgument,
    TraceId,
    TraceOrderArgument,
)
from spanwell.graphql.arguments.sorting import to_order
from spanwell.graphql.basics.connections import Connected
from spanwell.observability.model.identifiers import span_identifier, trace_identifier
from spanwell.observability.model.span import Span
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.conditions import AnyOf, Condition, Related, Relation
from spanwell.observability.questions.ordering import (
    NEWEST_SPANS,
    NEWEST_TRACES,
    OLDEST_SPANS,
    SPAN_IDENTITY,
    TRACE_IDENTITY,
)
from spanwell.observability.questions.queries import SpanQuery, TraceQuery, Window
from spanwell.observability.storage import TracingStrategies

from .context import place_of
from .prefetch import spans_with
from .selection import (
    Info,
    listed_span_columns,
    listed_trace_columns,
    own_span_columns,
    own_trace_columns,
    page_if_selected,
    resolve_info,
)

_NO_WINDOW = Window(0)


async def span(info: Info, trace_id: TraceId, span_id: SpanId) -> Span | None:
    columns = own_span_columns(resolve_info(info))
    return await info.context.storage.get_span(trace_identifier(trace_id), span_identifier(span_id), columns)


async def root_span(info: Info, trace_id: TraceId) -> Span | None:
    columns = own_span_columns(resolve_info(info))
    return await info.context.storage.get_root_span(trace_identifier(trace_id), columns)


async def trace(info: Info, trace_id: TraceId) -> Trace | None:
    raw = resolve_info(info)
    wanted = own_trace_columns(raw)
    asked, storage = trace_identifier(trace_id), info.context.storage
    spans_query = spans_with(raw)
    if spans_query is None:
        return await storage.get_trace(asked, wanted.columns, wanted.head_columns)
    found = await storage.get_trace_with_spans(asked, spans_query, wanted.columns, wanted.head_columns)
    if found is None:
        return None
    info.context.keep_page(spans_query, asked, found[1])
    return found[0]


async def traces(  # noqa: PLR0913, PLR0917 - the arguments of the field
    info: Info,
    filter: TraceFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    order_by: TraceOrderArgument = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    offset: Offset = None,
) -> Connected[Trace]:
    return await list_traces(info, to_condition(filter), order_by, PageArguments(first, after, last, before, offset))


async def list_traces(
    info: Info, where: Condition, order_by: TraceOrderArgument, arguments: PageArguments
) -> Connected[Trace]:
    """Return a page of the traces that meet a condition."""
    order = to_order(order_by, TRACE_IDENTITY, NEWEST_TRACES)
    window = arguments.window(TraceQuery(_NO_WINDOW, where, order).fingerprint)
    wanted = listed_trace_columns(resolve_info(info)).with_order(order)
    storage = info.context.storage
    query = TraceQuery(window, where, order, wanted.columns, wanted.head_columns)
    page = await page_if_selected(info, storage.list_traces, query)
    return Connected(page, order, query.fingerprint, partial(storage.count_traces, where))


async def spans(  # noqa: PLR0913, PLR0917 - the arguments of the field
    info: Info,
    filter: SpanFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    order_by: SpanOrderArgument = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    offset: Offset = None,
) -> Connected[Span]:
    arguments = PageArguments(first, after, last, before, offset)
    where, order = to_condition(filter), to_order(order_by, SPAN_IDENTITY, NEWEST_SPANS)
    query = _span_query(info, SpanQuery(_NO_WINDOW, where, order), arguments, LARGEST_PAGE)
    storage = info.context.storage
    page = await page_if_selected(info, storage.list_spans, query)
    return Connected(page, order, query.fingerprint, partial(storage.count_spans, where))


async def trace_spans(  # noqa: PLR0913, PLR0917 - the arguments of the field
    info: Info,
    trace: strawberry.Parent[Trace],
    filter: SpanFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    order_by: SpanOrderArgument = None,
    first: FirstOfTrace = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    offset: Offset = None,
    keep_ancestors: KeepAncestors = False,  # noqa: FBT002 - an argument of the field
) -> Connected[Span]:
    """Return a page of the spans of a trace; the spans of all traces of a list are read by one statement."""

    def query() -> SpanQuery:
        arguments = PageArguments(first, after, last, before, offset)
        met, order = to_condition(filter), to_order(order_by, SPAN_IDENTITY, OLDEST_SPANS)
        where = AnyOf((met, Related(Relation.DESCENDANT, met))) if keep_ancestors else met
        return _span_query(info, SpanQuery(_NO_WINDOW, where, order), arguments, LARGEST_TRACE_PAGE)

    lists = info.context.span_lists(place_of(resolve_info(info)), query)
    page = await lists.page(trace.trace_id)
    return Connected(page, lists.query.order, lists.bound_to, partial(lists.count, trace.trace_id))


def _span_query(info: Info, listed: SpanQuery, arguments: PageArguments, largest: int) -> SpanQuery:
    columns = listed_span_columns(resolve_info(info)).union([key.column for key in listed.order])
    return SpanQuery(arguments.window(listed.fingerprint, largest), listed.where, listed.order, columns)


def tracing_strategy(info: Info) -> TracingStrategies:
    return info.context.service.storage.tracing_strategy

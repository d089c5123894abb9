"""Ways from one record to others: a span's trace and what is above it, who links to it, a trace's first error.

Each field of a list is answered by one statement for all of its records.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

import strawberry

from spanwell.graphql.arguments.paging import LARGEST_PAGE, PageArguments
from spanwell.graphql.arguments.shared import First
from spanwell.observability.model.columns import Kind
from spanwell.observability.model.identifiers import forms_of_span_identifier, forms_of_trace_identifier
from spanwell.observability.model.span import IDENTITY, Span, SpanKey, SpanStatus
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.conditions import AllOf, Attribute, Compare, Level, Op
from spanwell.observability.questions.ordering import NEWEST_SPANS, OLDEST_SPANS
from spanwell.observability.questions.queries import WHOLE_LIST, Columns, SpanQuery, Window
from spanwell.observability.storage import ObservabilityStorage

from .selection import Info, own_span_columns, own_trace_columns, resolve_info, span_columns
from .span_parts import links_of

_PLACES: Columns = IDENTITY | {"tree_start", "tree_end"}
_FAILED = Compare("status", Op.EQ, SpanStatus.ERROR)


async def trace_of(info: Info, record: strawberry.Parent[Any]) -> Trace | None:
    if record.trace_id is None:
        return None
    wanted = own_trace_columns(resolve_info(info))
    load = partial(_traces, info.context.storage, wanted.columns, wanted.head_columns)
    return await asyncio.shield(info.context.loader(("traces", wanted), load).load(record.trace_id))


async def _traces(
    storage: ObservabilityStorage, columns: Columns, head_columns: Columns, trace_ids: Sequence[str]
) -> list[Trace | None]:
    return await storage.get_traces(trace_ids, columns, head_columns)


async def parent(info: Info, span: strawberry.Parent[Span]) -> Span | None:
    if span.parent_span_id is None:
        return None
    (found,) = await _spans_of(info, [(span.trace_id, span.parent_span_id)])
    return found


async def named_span(info: Info, record: strawberry.Parent[Any]) -> Span | None:
    if record.trace_id is None or record.span_id is None:
        return None
    (found,) = await _spans_of(info, [(record.trace_id, record.span_id)])
    return found


async def ancestors(info: Info, span: strawberry.Parent[Span]) -> list[Span]:
    """Return the spans above a span: of each trace the places of all spans are read, and then those spans."""
    load = partial(_trees, info.context.storage)
    tree = await asyncio.shield(info.context.loader("trees", load).load(span.trace_id))
    own = next((each for each in tree if each.span_id == span.span_id), None)
    if own is None:
        return []
    above = [each for each in tree if each.tree_start < own.tree_start <= each.tree_end]
    above.sort(key=lambda each: -each.tree_start)
    found = await _spans_of(info, [each.key for each in above])
    return [each for each in found if each is not None]


async def _trees(storage: ObservabilityStorage, trace_ids: Sequence[str]) -> list[list[Span]]:
    pages = await storage.list_trace_spans(trace_ids, SpanQuery(WHOLE_LIST, order=OLDEST_SPANS, columns=_PLACES))
    return [page.nodes for page in pages]


async def _spans_of(info: Info, keys: Sequence[SpanKey]) -> list[Span | None]:
    columns = own_span_columns(resolve_info(info))
    load = partial(_spans, info.context.storage, columns)
    return await asyncio.shield(info.context.loader(("spans", columns), load).load_many(keys))


async def _spans(storage: ObservabilityStorage, columns: Columns, keys: Sequence[SpanKey]) -> list[Span | None]:
    return await storage.get_spans(keys, columns)


async def linked_from(info: Info, span: strawberry.Parent[Span], first: First = None) -> list[Span]:
    size = PageArguments(first).size(LARGEST_PAGE)
    columns = own_span_columns(resolve_info(info)) | {"links"}
    load = partial(_linked, info.context.storage, columns)
    found = await asyncio.shield(info.context.loader(("linked", columns), load).load(span.key))
    return found[:size]


async def _linked(storage: ObservabilityStorage, columns: Columns, keys: Sequence[SpanKey]) -> list[list[Span]]:
    """Return the spans that link to each of some, the newest first: by one statement, unless more than a page do."""
    trace_ids = {form for trace_id, _ in keys for form in forms_of_trace_identifier(trace_id)}
    span_ids = {form for _, span_id in keys for form in forms_of_span_identifier(span_id)}
    # What a link says of ids is JSON as it came, so that each form of them is looked for.
    where = AllOf((_links("/spanId", tuple(sorted(span_ids))), _links("/traceId", tuple(sorted(trace_ids)))))
    page = await storage.list_spans(SpanQuery(Window(LARGEST_PAGE), where, NEWEST_SPANS, columns))
    if page.has_next and len(keys) > 1:
        return [found for key in keys for found in await _linked(storage, columns, [key])]
    linked = [(span, {(link.trace_id, link.span_id) for link in links_of(span.links)}) for span in page.nodes]
    return [[span for span, links in linked if key in links] for key in keys]


def _links(pointer: str, forms: tuple[str, ...]) -> Compare:
    return Compare(Attribute(Level.LINK, pointer, Kind.TEXT), Op.IN, forms)


async def first_error(info: Info, trace: strawberry.Parent[Trace]) -> Span | None:
    raw = resolve_info(info)
    query = SpanQuery(Window(1), _FAILED, OLDEST_SPANS, span_columns(raw.field_nodes, raw, OLDEST_SPANS))
    load = partial(_first_spans, info.context.storage, query)
    return await asyncio.shield(info.context.loader(("first", query), load).load(trace.trace_id))


async def _first_spans(storage: ObservabilityStorage, query: SpanQuery, trace_ids: Sequence[str]) -> list[Span | None]:
    pages = await storage.list_trace_spans(trace_ids, query)
    return [page.nodes[0] if page.nodes else None for page in pages]

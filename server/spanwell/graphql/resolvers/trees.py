"""Resolvers of fields that depend on a trace's tree; one statement reads such a field for all spans of a list."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import strawberry

from spanwell.graphql.arguments.paging import LARGEST_TRACE_PAGE, PageArguments
from spanwell.graphql.arguments.shared import LARGEST_DEPTH, LONGEST_PATH, After, Depth, FirstOfPath, FirstOfTrace
from spanwell.graphql.basics.connections import Connected
from spanwell.observability.derivation.critical_path import Segment
from spanwell.observability.derivation.critical_path import critical_path as path_of
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.span import Span, SpanKey
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.cursors import decode_cursor
from spanwell.observability.questions.ordering import Order, OrderKey
from spanwell.observability.questions.queries import WHOLE_LIST, Columns, Page, SpanQuery
from spanwell.observability.questions.tree_facts import BelowQuery, Surroundings
from spanwell.observability.storage import ObservabilityStorage

from .selection import Info, below, listed_span_columns, resolve_info, span_columns

_BY_ID: Order = (OrderKey("span_id"),)
"""The order of cursors below a span: positions in pre-order change as spans arrive."""

_OF_PATHS: Columns = frozenset({"trace_id", "span_id", "started_at", "ended_at", "tree_start", "tree_parent"})


async def _surroundings(info: Info, span: Span) -> Surroundings:
    loader = info.context.loader("surroundings", info.context.storage.get_surroundings)
    return await asyncio.shield(loader.load(span.key))


async def depth(info: Info, span: strawberry.Parent[Span]) -> int:
    return (await _surroundings(info, span)).depth


async def child_count(info: Info, span: strawberry.Parent[Span]) -> int:
    return (await _surroundings(info, span)).child_count


async def self_time(info: Info, span: strawberry.Parent[Span]) -> float | None:
    return (await _surroundings(info, span)).self_time_ms


async def children(
    info: Info,
    span: strawberry.Parent[Span],
    first: FirstOfTrace = None,
    after: After = None,
    depth: Depth = 1,
) -> Connected[Span]:
    size, levels = PageArguments(first).size(LARGEST_TRACE_PAGE), 1 if depth is None else depth
    if not 1 <= levels <= LARGEST_DEPTH:
        raise InvalidInput(f"must be between 1 and {LARGEST_DEPTH:,}", "depth")
    bound_to = partial(BelowQuery(size, levels).fingerprint, span.key)
    place = None if after is None else str(decode_cursor(after, bound_to())[0])
    query = BelowQuery(size, levels, place, listed_span_columns(resolve_info(info)))
    storage = info.context.storage
    pages = info.context.loader(query, partial(_pages, storage, query))
    counts = info.context.loader(("below", levels), partial(_counts, storage, levels))
    page = await asyncio.shield(pages.load(span.key))
    return Connected(page, _BY_ID, bound_to, lambda: asyncio.shield(counts.load(span.key)))


async def _pages(storage: ObservabilityStorage, query: BelowQuery, keys: Sequence[SpanKey]) -> list[Page[Span]]:
    return await storage.list_below(keys, query)


async def _counts(storage: ObservabilityStorage, depth: int, keys: Sequence[SpanKey]) -> list[int]:
    return await storage.count_below(keys, depth)


async def critical_path(
    info: Info, trace: strawberry.Parent[Trace], first: FirstOfPath = LONGEST_PATH
) -> list[Segment]:
    """Return the critical path of a trace: light columns of all spans are read first, then the others of its spans."""
    size = PageArguments(LONGEST_PATH if first is None else first).size(LARGEST_TRACE_PAGE)
    storage = info.context.storage
    paths = info.context.loader("paths", partial(_paths, storage))
    path = (await asyncio.shield(paths.load(trace.trace_id)))[:size]
    raw = resolve_info(info)
    columns = span_columns(below(raw.field_nodes, raw).get("span", ()), raw)
    if columns <= _OF_PATHS:
        return path
    spans = info.context.loader(("spans", columns), partial(_spans, storage, columns))
    found = await asyncio.shield(spans.load_many([segment.span.key for segment in path]))
    return [replace(segment, span=span) for segment, span in zip(path, found, strict=True) if span is not None]


async def _paths(storage: ObservabilityStorage, trace_ids: Sequence[str]) -> list[list[Segment]]:
    pages = await storage.list_trace_spans(trace_ids, SpanQuery(WHOLE_LIST, columns=_OF_PATHS))
    return await asyncio.to_thread(lambda: [path_of(page.nodes) for page in pages])


async def _spans(storage: ObservabilityStorage, columns: Columns, keys: Sequence[SpanKey]) -> list[Span | None]:
    return await storage.get_spans(keys, columns)

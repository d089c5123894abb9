"""One function for each field that explains or compares: it reads the arguments and asks the store once."""

import asyncio
from collections.abc import Sequence
from functools import partial

import strawberry

from spanwell.graphql.arguments.analysis import (
    LARGEST_GROUPS,
    BaselineSpans,
    BaseTrace,
    FirstDifferences,
    FirstErrors,
    FirstPaths,
    FoldSimilar,
    MaxDepth,
    MaxLines,
    OtherTrace,
    SelectedSpans,
    TrendBuckets,
    within,
)
from spanwell.graphql.arguments.logic import to_condition
from spanwell.graphql.arguments.shared import SpanFilterArgument, TraceFilterArgument
from spanwell.graphql.resolvers.selection import (
    Info,
    ResolveInfo,
    Wanted,
    below,
    once_for_document,
    own_span_columns,
    resolve_info,
    span_columns,
    trace_columns,
)
from spanwell.observability.analysis import outline as outlines
from spanwell.observability.analysis import trace_diff as diffs
from spanwell.observability.analysis.call_paths import CallPath, CallTreeQuery
from spanwell.observability.analysis.differences import DifferenceQuery, SpanDifference
from spanwell.observability.analysis.error_groups import ErrorGroup, ErrorsQuery
from spanwell.observability.model.blocks import Block, RecordBlock
from spanwell.observability.model.identifiers import trace_identifier
from spanwell.observability.model.span import Span, SpanKey
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.queries import Columns
from spanwell.observability.storage import ObservabilityStorage


async def errors(
    info: Info,
    filter: SpanFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    first: FirstErrors = 50,
    buckets: TrendBuckets = 24,
) -> list[ErrorGroup]:
    size, count = within(first, 0, LARGEST_GROUPS, "first"), within(buckets, 1, 200, "buckets")
    return await info.context.storage.list_errors(ErrorsQuery(to_condition(filter), size, count))


async def error_sample(info: Info, group: strawberry.Parent[ErrorGroup]) -> Span | None:
    return await _span(info, group.sample)


async def _span(info: Info, key: SpanKey) -> Span | None:
    columns = own_span_columns(resolve_info(info))
    spans = info.context.loader(("spans", columns), partial(_spans, info.context.storage, columns))
    return await asyncio.shield(spans.load(key))


async def _spans(storage: ObservabilityStorage, columns: Columns, keys: Sequence[SpanKey]) -> list[Span | None]:
    return await storage.get_spans(keys, columns)


async def span_difference(
    info: Info, selection: SelectedSpans, baseline: BaselineSpans = None, first: FirstDifferences = 20
) -> SpanDifference:
    size = within(first, 0, LARGEST_GROUPS, "first")
    query = DifferenceQuery(to_condition(baseline, "baseline"), to_condition(selection, "selection"), size)
    return await info.context.storage.get_span_difference(query)


async def call_tree(
    info: Info,
    filter: TraceFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    max_depth: MaxDepth = 20,
    first: FirstPaths = 500,
) -> list[CallPath]:
    depth, size = within(max_depth, 1, 100, "maxDepth"), within(first, 0, 10_000, "first")
    return await info.context.storage.get_call_tree(CallTreeQuery(to_condition(filter), depth, size))


async def trace_diff(info: Info, base: BaseTrace, other: OtherTrace) -> diffs.TraceDiff | None:
    ids = [trace_identifier(base), trace_identifier(other)]
    wanted, columns = _compared(resolve_info(info))
    storage = info.context.storage
    traces, spans = await asyncio.gather(_compared_traces(storage, ids, wanted), _compared_spans(storage, ids, columns))
    if not all(trace or block for trace, block in zip(traces, spans, strict=True)):
        return None
    first, second = traces
    return diffs.TraceDiff(first, second, await asyncio.to_thread(diffs.paths_of, ids, spans, columns))


async def _compared_traces(
    storage: ObservabilityStorage, trace_ids: Sequence[str], wanted: Wanted | None
) -> list[Trace | None]:
    if wanted is None:
        return [None for _ in trace_ids]
    return await storage.get_traces(trace_ids, wanted.columns, wanted.head_columns)


async def _compared_spans(storage: ObservabilityStorage, trace_ids: Sequence[str], columns: Columns) -> list[Block]:
    return await storage.get_trace_blocks(trace_ids, columns) if columns else [RecordBlock([]) for _ in trace_ids]


@once_for_document
def _compared(info: ResolveInfo) -> tuple[Wanted | None, Columns]:
    """Return what to read of two traces: None if it is only their paths; and of their spans: nothing if it is not."""
    selected = below(info.field_nodes, info)
    wanted = trace_columns([*info.field_nodes, *selected.get("base", ()), *selected.get("other", ())], info)
    if "paths" not in selected:
        return wanted, frozenset()
    paths = below(selected["paths"], info)
    sides = [*paths.get("base", ()), *paths.get("other", ())]
    columns = diffs.OF_PATHS | span_columns(sides, info).intersection(diffs.SUMS)
    if "durationChangeMs" in paths:
        columns |= {"duration_ms"}
    if "firstSpan" in below(sides, info):
        columns |= {"span_id"}
    return wanted if len(selected) > 1 else None, columns


async def first_span(info: Info, side: strawberry.Parent[diffs.Side]) -> Span | None:
    return await _span(info, side.first) if side.first else None


async def outline(
    info: Info,
    trace: strawberry.Parent[Trace],
    max_lines: MaxLines = 60,
    fold_similar: FoldSimilar = True,  # noqa: FBT002 - an argument of the field
) -> str:
    lines = within(max_lines, 1, 1_000, "maxLines")
    storage = info.context.storage
    spans = await asyncio.shield(info.context.loader("outlines", partial(_blocks, storage)).load(trace.trace_id))
    made = await asyncio.to_thread(outlines.Outline, spans, lines, fold_similar=fold_similar)
    loader = info.context.loader(outlines.MESSAGES, partial(_messages, storage))
    messages = await asyncio.gather(*(asyncio.shield(loader.load((trace.trace_id, one))) for one in made.failed))
    return await asyncio.to_thread(made.text, messages)


async def _blocks(storage: ObservabilityStorage, trace_ids: Sequence[str]) -> list[Block]:
    return await storage.get_trace_blocks(trace_ids, outlines.COLUMNS)


async def _messages(storage: ObservabilityStorage, keys: Sequence[SpanKey]) -> list[str | None]:
    return await storage.get_previews(keys, outlines.MESSAGES)

"""One function for each field that follows changes: `changes` for those who poll, and the subscriptions."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

import strawberry
from graphql import FieldNode

from spanwell.graphql.arguments.logic import to_condition
from spanwell.graphql.arguments.paging import PageArguments
from spanwell.graphql.arguments.shared import SpanFilterArgument, TraceFilterArgument
from spanwell.observability.feed.live import AT_ONCE, CHANGED_SPANS, CHANGED_TRACES
from spanwell.observability.model.record import Listed
from spanwell.observability.model.span import Span
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.conditions import Condition
from spanwell.observability.questions.cursors import decode_cursor, encode_cursor
from spanwell.observability.questions.ordering import Order, Position, position
from spanwell.observability.questions.queries import Page, SpanQuery, TraceQuery, Window
from spanwell.observability.questions.removals import AssessmentRemoval, Removal

from .selection import Info, below, resolve_info, span_columns, trace_columns

R = TypeVar("R", bound=Listed | Removal | AssessmentRemoval)

LARGEST = 1_000
_HERE = Window(0)

AfterChange: TypeAlias = Annotated[
    str | None,
    strawberry.argument(
        description="Resume after this change: a cursor from the same filter. Default: start with the next change."
    ),
]
FirstChanges: TypeAlias = Annotated[
    int, strawberry.argument(description=f"Maximum number of spans to return. At most {LARGEST:,}.")
]


@dataclass(frozen=True)
class Change(Generic[R]):
    """A record as it is after a change, and the change's place among all of them: what has the same is the same."""

    record: R = field(compare=False)
    place: Position
    bound_to: bytes

    @property
    def cursor(self) -> str:
        """The place of the change, as a client keeps it."""
        return encode_cursor(self.place, self.bound_to)


@dataclass(frozen=True)
class ChangedSpans:
    """The spans that changed after some place, and the place of the last of them."""

    spans: list[Span]
    removed: list[Removal]
    has_more: bool
    cursor: str


async def changes(
    info: Info,
    filter: SpanFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    after: AfterChange = None,
    first: FirstChanges = AT_ONCE,
) -> ChangedSpans:
    size = PageArguments(first=first).size(LARGEST)
    where = to_condition(filter)
    raw = resolve_info(info)
    bound_to = _spans_that(where).fingerprint()
    feed = info.context.service.feed
    if after is None:
        return ChangedSpans([], [], has_more=False, cursor=encode_cursor(await feed.latest_span(), bound_to))
    selected = below(raw.field_nodes, raw)
    columns = span_columns(selected.get("spans", ()), raw, CHANGED_SPANS)
    query = SpanQuery(Window(size, after=decode_cursor(after, bound_to)), where, CHANGED_SPANS, columns)
    storage = info.context.storage
    page: Page[Any] = await (storage.list_span_changes if selected.get("removed") else storage.list_spans)(query)
    last = encode_cursor(position(page.nodes[-1], CHANGED_SPANS), bound_to) if page.nodes else after
    kept = [one for one in page.nodes if isinstance(one, Span)]
    removed = [one for one in page.nodes if isinstance(one, Removal)]
    return ChangedSpans(kept, removed, page.has_next, last)


async def spans(
    info: Info,
    filter: SpanFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    after: AfterChange = None,
) -> AsyncGenerator[Change[Span], None]:
    """Follow the spans that meet a filter."""
    where = to_condition(filter)
    raw = resolve_info(info)
    bound_to = _spans_that(where).fingerprint()
    feed = info.context.service.feed
    place = decode_cursor(after, bound_to) if after is not None else await feed.latest_span()
    columns = span_columns(selected_below(info, "span"), raw, CHANGED_SPANS)
    query = SpanQuery(_window(place), where, CHANGED_SPANS, columns)
    follow: Any = feed.span_changes if selected_below(info, "removed") else feed.spans
    return changes_of(follow(query), CHANGED_SPANS, bound_to)


async def traces(
    info: Info,
    filter: TraceFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    after: AfterChange = None,
) -> AsyncGenerator[Change[Trace], None]:
    """Follow the traces that meet a filter."""
    where = to_condition(filter)
    bound_to = TraceQuery(_HERE, where, CHANGED_TRACES).fingerprint()
    feed = info.context.service.feed
    place = decode_cursor(after, bound_to) if after is not None else await feed.latest_trace()
    wanted = trace_columns(selected_below(info, "trace"), resolve_info(info), CHANGED_TRACES)
    query = TraceQuery(_window(place), where, CHANGED_TRACES, wanted.columns, wanted.head_columns)
    follow: Any = feed.trace_changes if selected_below(info, "removed") else feed.traces
    return changes_of(follow(query), CHANGED_TRACES, bound_to)


def _spans_that(where: Condition) -> SpanQuery:
    return SpanQuery(_HERE, where, CHANGED_SPANS)


def _window(place: Position) -> Window:
    return Window(AT_ONCE, after=place)


def selected_below(info: Info, name: str) -> list[FieldNode]:
    """Return the places where a field of the event is selected."""
    raw = resolve_info(info)
    return below(raw.field_nodes, raw).get(name, [])


async def changes_of(
    records: AsyncGenerator[R, None], order: Order, bound_to: bytes
) -> AsyncGenerator[Change[R], None]:
    """Yield records as changes, each with its place."""
    async with aclosing(records):
        async for record in records:
            yield Change(record, position(record, order), bound_to)

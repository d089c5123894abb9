"""The trace record: all the spans that share a trace id, summed up."""

from dataclasses import dataclass
from typing import Annotated

from .columns import Column, ColumnDef, Nanos, Origin, columns
from .span import Span, SpanStatus

_IDENTITY = Origin.IDENTITY
_DERIVED = Origin.DERIVED

LARGEST_COUNT = 2**31 - 1
"""GraphQL's largest Int; token sums stop there."""


CONTEXT = (
    *("user_id", "organization_id", "resource_id", "run_id", "session_id", "thread_id", "request_id"),
    *("environment", "experiment_id"),
)
"""What a trace is a part of: as its root states it, else the nearest span to the root that does."""


def _stated(doc: str) -> Column:
    return Column(f"{doc}: as the root span states it, else the nearest span to the root that does.", _DERIVED)


@dataclass(kw_only=True, eq=True)
class Trace:
    """Every span that shares a trace id, root or no root, with its rollups.

    `head` is the root span (the earliest of several) or, while none has arrived, the earliest span, which stands in
    for it. Times are nanoseconds since 1970 UTC.
    """

    trace_id: Annotated[str, Column("The id that the spans of the trace share.", _IDENTITY)]
    started_at: Annotated[Nanos, Column("When its first span began.", _DERIVED)]
    ended_at: Annotated[Nanos | None, Column("When its last span ended; null while its root span runs.", _DERIVED)] = (
        None
    )
    duration_ms: Annotated[
        float | None, Column("From `startedAt` to `endedAt` in milliseconds; null while it runs.", _DERIVED)
    ] = None
    status: Annotated[SpanStatus, Column("The status of the root span; `hasError` speaks of all spans.", _DERIVED)] = (
        SpanStatus.RUNNING
    )
    span_count: Annotated[int, Column("How many spans it has.", _DERIVED)] = 0
    error_count: Annotated[int, Column("How many of its spans have status ERROR.", _DERIVED)] = 0
    has_error: Annotated[bool, Column("Whether any span, the root included, has status ERROR.", _DERIVED)] = False
    orphan_count: Annotated[
        int, Column("How many spans name a parent that has not arrived (or never will).", _DERIVED)
    ] = 0
    services: Annotated[list[str], Column("The services that took part, in alphabetical order.", _DERIVED)]
    input_tokens: Annotated[
        int | None,
        Column("Tokens read: every model call once, whichever spans repeat its numbers.", _DERIVED),
    ] = None
    output_tokens: Annotated[int | None, Column("Tokens written, each counted once.", _DERIVED)] = None
    total_tokens: Annotated[int | None, Column("All tokens, each counted once.", _DERIVED)] = None
    cost_usd: Annotated[
        float | None, Column("The cost in US dollars, counted once; null where no span knows it.", _DERIVED)
    ] = None
    tags: Annotated[list[str] | None, Column("The labels of all its spans, in alphabetical order.", _DERIVED)] = None
    user_id: Annotated[str | None, _stated("The end user it was done for")] = None
    organization_id: Annotated[str | None, _stated("The organization, or tenant, it was done for")] = None
    resource_id: Annotated[str | None, _stated("The application's resource it was done for")] = None
    run_id: Annotated[str | None, _stated("The run that it is a part of")] = None
    session_id: Annotated[str | None, _stated("The session that it is a part of")] = None
    thread_id: Annotated[str | None, _stated("The conversation that it is a part of")] = None
    request_id: Annotated[str | None, _stated("The request that caused it")] = None
    environment: Annotated[str | None, _stated("Where it ran, such as `production` or `staging`")] = None
    experiment_id: Annotated[str | None, _stated("The experiment that it is a part of")] = None
    has_root: Annotated[bool, Column("Whether a root span has arrived.", _DERIVED)] = False
    changed_at: Annotated[
        Nanos, Column("When the server last changed the trace: its root span, or what its spans add up to.", _DERIVED)
    ] = Nanos(0)
    head: Span

    @property
    def root(self) -> Span | None:
        """The root span, if it has arrived."""
        return self.head if self.has_root else None


TRACE_COLUMNS: tuple[ColumnDef, ...] = columns(Trace)
"""The trace's own columns; every other column of `Span` speaks of its head."""

TRACE_COLUMN: dict[str, ColumnDef] = {column.name: column for column in TRACE_COLUMNS}

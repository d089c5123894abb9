"""The trace record: the spans with the same trace id, and their rollups."""

from dataclasses import dataclass
from typing import Annotated

from .columns import Column, ColumnDef, Nanos, Origin, columns
from .span import Span, SpanStatus

_IDENTITY = Origin.IDENTITY
_DERIVED = Origin.DERIVED

LARGEST_COUNT = 2**31 - 1
"""The largest 32-bit integer, as INTEGER columns and GraphQL's Int hold it; token sums stop there."""


CONTEXT = (
    *("user_id", "organization_id", "resource_id", "run_id", "session_id", "thread_id", "request_id"),
    *("environment", "experiment_id"),
)
"""The context of a trace: taken from the root span, else from the span nearest to the root that has a value."""


def _stated(doc: str) -> Column:
    return Column(f"{doc}; from the root span, else from the span nearest to it that has a value.", _DERIVED)


@dataclass(kw_only=True, eq=True)
class Trace:
    """All spans with the same trace id, with their rollups.

    `head` is the root span (the earliest of several) or, until one arrives, the earliest span. Times are nanoseconds
    since 1970 UTC.
    """

    trace_id: Annotated[str, Column("Id shared by all spans of the trace.", _IDENTITY)]
    started_at: Annotated[Nanos, Column("Start of its first span.", _DERIVED)]
    ended_at: Annotated[
        Nanos | None, Column("End of its last span; null while its root span is running.", _DERIVED)
    ] = None
    duration_ms: Annotated[
        float | None, Column("From `startedAt` to `endedAt` in milliseconds; null while it is running.", _DERIVED)
    ] = None
    status: Annotated[SpanStatus, Column("Status of the root span; see `hasError` for all spans.", _DERIVED)] = (
        SpanStatus.RUNNING
    )
    span_count: Annotated[int, Column("Number of spans.", _DERIVED)] = 0
    error_count: Annotated[int, Column("Number of spans with status ERROR.", _DERIVED)] = 0
    has_error: Annotated[bool, Column("Whether any span, the root included, has status ERROR.", _DERIVED)] = False
    orphan_count: Annotated[int, Column("Number of spans whose parent has not arrived (and may never).", _DERIVED)] = 0
    services: Annotated[list[str], Column("Services that took part, in alphabetical order.", _DERIVED)]
    input_tokens: Annotated[
        int | None,
        Column("Input tokens; every model call is counted once, even if several spans report it.", _DERIVED),
    ] = None
    output_tokens: Annotated[int | None, Column("Output tokens, each counted once.", _DERIVED)] = None
    total_tokens: Annotated[int | None, Column("Total tokens, each counted once.", _DERIVED)] = None
    cost_usd: Annotated[
        float | None, Column("Cost in US dollars, counted once; null if no span's cost is known.", _DERIVED)
    ] = None
    tags: Annotated[list[str] | None, Column("Tags of all its spans, in alphabetical order.", _DERIVED)] = None
    user_id: Annotated[str | None, _stated("The end user it was run for")] = None
    organization_id: Annotated[str | None, _stated("The organization, or tenant, it was run for")] = None
    resource_id: Annotated[str | None, _stated("The application's resource it was run for")] = None
    run_id: Annotated[str | None, _stated("The run it belongs to")] = None
    session_id: Annotated[str | None, _stated("The session it belongs to")] = None
    thread_id: Annotated[str | None, _stated("The conversation it belongs to")] = None
    request_id: Annotated[str | None, _stated("The request that caused it")] = None
    environment: Annotated[str | None, _stated("Deployment environment, such as `production` or `staging`")] = None
    experiment_id: Annotated[str | None, _stated("The experiment it belongs to")] = None
    has_root: Annotated[bool, Column("Whether a root span has arrived.", _DERIVED)] = False
    changed_at: Annotated[
        Nanos, Column("When the server last changed the trace: its root span or its totals.", _DERIVED)
    ] = Nanos(0)
    head: Span

    @property
    def root(self) -> Span | None:
        """The root span, if it has arrived."""
        return self.head if self.has_root else None


TRACE_COLUMNS: tuple[ColumnDef, ...] = columns(Trace)
"""The trace's own columns; a trace also has all other columns of `Span`, which are those of its head."""

TRACE_COLUMN: dict[str, ColumnDef] = {column.name: column for column in TRACE_COLUMNS}

"""What is asked of a store, and the pages it answers with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, TypeAlias, TypeVar

from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.span import STORED_COLUMNS
from spanwell.observability.model.trace import LARGEST_COUNT, TRACE_COLUMN

from .conditions import ALWAYS, Condition
from .cursors import fingerprint
from .ordering import NEWEST_SPANS, NEWEST_TRACES, Order, OrderKey, Position, between, ordered

T = TypeVar("T")

Columns: TypeAlias = frozenset[str]
ALL_SPAN_COLUMNS: Columns = frozenset(column.name for column in STORED_COLUMNS) - {"usage_start", "usage_end"}
ALL_TRACE_COLUMNS: Columns = frozenset(TRACE_COLUMN)


@dataclass(frozen=True)
class Window:
    """Which stretch of an ordered list is wanted.

    At most `size` records after `offset` skipped ones, strictly between two positions; from the end if `backward`.
    """

    size: int
    offset: int = 0
    after: Position | None = None
    before: Position | None = None
    backward: bool = False


WHOLE_LIST = Window(LARGEST_COUNT - 1)
"""A whole list; the one record more that is read to know whether there are others keeps within 32 bits."""


class Previewed(Enum):
    """What of a span may be shown by its beginning.

    An error is the `message` of `errorInfo`, or `errorInfo` if that is a text; else the status message, else the whole
    of `errorInfo` as JSON.
    """

    INPUT = "input"
    OUTPUT = "output"
    ERROR = "error_info"


@dataclass(frozen=True)
class Preview:
    """The beginning of something: at most so many characters of a text, or of the JSON of anything else."""

    what: Previewed
    size: int


@dataclass(frozen=True)
class SpanQuery:
    """A list of spans: which, in what order, which stretch, and which of their columns."""

    window: Window
    where: Condition = ALWAYS
    order: Order = NEWEST_SPANS
    columns: Columns = ALL_SPAN_COLUMNS

    def fingerprint(self) -> bytes:
        """Return what the cursors of this list are bound to."""
        return fingerprint("spans", self.where, self.order)


@dataclass(frozen=True)
class TraceQuery:
    """A list of traces; `head_columns` are those wanted of each trace's root span, or of its stand-in."""

    window: Window
    where: Condition = ALWAYS
    order: Order = NEWEST_TRACES
    columns: Columns = ALL_TRACE_COLUMNS
    head_columns: Columns = ALL_SPAN_COLUMNS

    def fingerprint(self) -> bytes:
        """Return what the cursors of this list are bound to."""
        return fingerprint("traces", self.where, self.order)


def assessment_identity(kind: AssessmentKind) -> Order:
    """Return the order of the ids of a kind."""
    return (OrderKey(kind.id_column),)


def newest_assessments(kind: AssessmentKind) -> Order:
    """Return the usual order of a kind."""
    return (OrderKey("timestamp", descending=True, nulls_first=True), *assessment_identity(kind))


def changed_assessments(kind: AssessmentKind) -> Order:
    """Return the order in which the records of a kind last changed."""
    return (OrderKey("updated_at"), *assessment_identity(kind))


@dataclass(frozen=True)
class AssessmentQuery:
    """A list of scores, or of feedback: which, in what order, and which stretch."""

    kind: AssessmentKind
    window: Window
    where: Condition = ALWAYS
    order: Order = ()

    def fingerprint(self) -> bytes:
        """Return what the cursors of this list are bound to."""
        return fingerprint(self.kind.value, self.where, self.order)


ListQuery: TypeAlias = SpanQuery | TraceQuery | AssessmentQuery


@dataclass(frozen=True)
class Page(Generic[T]):
    """A stretch of a list, in the list's order, and whether there is more on either side."""

    nodes: list[T] = field(default_factory=list[T])
    has_next: bool = False
    has_previous: bool = False


def page_of(found: list[T], window: Window) -> Page[T]:
    """Return the page that a fetch of up to `size + 1` records gives; a backward fetch comes last record first."""
    more, nodes = len(found) > window.size, found[: window.size]
    if window.backward:
        nodes.reverse()
        return Page(nodes, has_next=window.before is not None, has_previous=more)
    return Page(nodes, has_next=more, has_previous=window.after is not None or window.offset > 0)


def plain_page(records: Sequence[T], order: Order, window: Window) -> Page[T]:
    """Return a window of records by plain sorting: the meaning that every backend must give."""
    found = between(ordered(records, order), order, window.after, window.before)
    if window.backward:
        found.reverse()
    return page_of(found[window.offset : window.offset + window.size + 1], window)

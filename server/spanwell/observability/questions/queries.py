"""Queries for lists of records, and their pages."""

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
    """A window on an ordered list.

    It has at most `size` records after `offset` skipped ones, strictly between two positions; from the end if
    `backward`.
    """

    size: int
    offset: int = 0
    after: Position | None = None
    before: Position | None = None
    backward: bool = False


WHOLE_LIST = Window(LARGEST_COUNT - 1)
"""A whole list; reads fetch one record more than `size`, which must also fit into 32 bits."""


class Previewed(Enum):
    """The payloads of a span that have previews; that of an error is its message (`error_groups.error_text`)."""

    INPUT = "input"
    OUTPUT = "output"
    ERROR = "error_info"


@dataclass(frozen=True)
class Preview:
    """The beginning of a payload: at most some characters of text, or of the JSON of any other value."""

    what: Previewed
    size: int


@dataclass(frozen=True)
class SpanQuery:
    """A list of spans: window, condition, order and columns."""

    window: Window
    where: Condition = ALWAYS
    order: Order = NEWEST_SPANS
    columns: Columns = ALL_SPAN_COLUMNS

    def fingerprint(self) -> bytes:
        """Return what the list's cursors are bound to."""
        return fingerprint("spans", self.where, self.order)


@dataclass(frozen=True)
class TraceQuery:
    """A list of traces; `head_columns` are the columns to read of each trace's head."""

    window: Window
    where: Condition = ALWAYS
    order: Order = NEWEST_TRACES
    columns: Columns = ALL_TRACE_COLUMNS
    head_columns: Columns = ALL_SPAN_COLUMNS

    def fingerprint(self) -> bytes:
        """Return what the list's cursors are bound to."""
        return fingerprint("traces", self.where, self.order)


def assessment_identity(kind: AssessmentKind) -> Order:
    """Return the order by id of a kind."""
    return (OrderKey(kind.id_column),)


def newest_assessments(kind: AssessmentKind) -> Order:
    """Return the default order of a kind, newest first."""
    return (OrderKey("timestamp", descending=True, nulls_first=True), *assessment_identity(kind))


def changed_assessments(kind: AssessmentKind) -> Order:
    """Return the order of a kind by last change."""
    return (OrderKey("updated_at"), *assessment_identity(kind))


@dataclass(frozen=True)
class AssessmentQuery:
    """A list of scores or feedback: kind, window, condition and order."""

    kind: AssessmentKind
    window: Window
    where: Condition = ALWAYS
    order: Order = ()

    def fingerprint(self) -> bytes:
        """Return what the list's cursors are bound to."""
        return fingerprint(self.kind.value, self.where, self.order)


ListQuery: TypeAlias = SpanQuery | TraceQuery | AssessmentQuery


@dataclass(frozen=True)
class Page(Generic[T]):
    """A page of a list, in the list's order, and whether there are records before and after it."""

    nodes: list[T] = field(default_factory=list[T])
    has_next: bool = False
    has_previous: bool = False


def page_of(found: list[T], window: Window) -> Page[T]:
    """Return the page from a fetch of up to `size + 1` records; a backward fetch has the last record first."""
    more, nodes = len(found) > window.size, found[: window.size]
    if window.backward:
        nodes.reverse()
        return Page(nodes, has_next=window.before is not None, has_previous=more)
    return Page(nodes, has_next=more, has_previous=window.after is not None or window.offset > 0)


def plain_page(records: Sequence[T], order: Order, window: Window) -> Page[T]:
    """Return the page of a window by sorting all records in Python."""
    found = between(ordered(records, order), order, window.after, window.before)
    if window.backward:
        found.reverse()
    return page_of(found[window.offset : window.offset + window.size + 1], window)

"""Two traces side by side: their spans are aligned by path, those on the same path are added up."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from operator import attrgetter
from typing import TypeVar

from spanwell.observability.model.span import Span, SpanKey, SpanStatus
from spanwell.observability.model.trace import Trace

from .call_paths import Path, paths_of

Number = TypeVar("Number", int, float)

COLUMNS = frozenset(
    {"trace_id", "span_id", "name", "status", "duration_ms", "total_tokens", "cost_usd", "tree_start", "tree_parent"}
)
"""The columns of compared spans that are read."""

TOTALS = ("duration_ms", "span_count", "error_count", "input_tokens", "output_tokens", "total_tokens", "cost_usd")
"""The columns of compared traces that are read."""


class PathChange(Enum):
    """How a path differs between two traces."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    CHANGED = "CHANGED"
    SAME = "SAME"


@dataclass(frozen=True)
class FigureDiff:
    """A figure of two traces; None where one does not have it."""

    base: float | None
    other: float | None

    @property
    def change(self) -> float | None:
        """The other value minus the base value."""
        return None if self.base is None or self.other is None else self.other - self.base


@dataclass(frozen=True)
class Side:
    """What the spans of one trace on a path come to; tokens and cost are None if no span states any."""

    count: int = 0
    error_count: int = 0
    duration_ms: float = 0.0
    total_tokens: int | None = None
    cost_usd: float | None = None
    first: SpanKey | None = None

    def and_span(self, span: Span) -> "Side":
        """Return the sums including one more span."""
        failed = span.status is SpanStatus.ERROR
        return Side(
            self.count + 1,
            self.error_count + failed,
            self.duration_ms + (span.duration_ms or 0.0),
            _sum(self.total_tokens, span.total_tokens),
            _sum(self.cost_usd, span.cost_usd),
            self.first or span.key,
        )


def _sum(whole: Number | None, part: Number | None) -> Number | None:
    if whole is None or part is None:
        return part if whole is None else whole
    return whole + part


@dataclass(frozen=True)
class PathDiff:
    """A path of either trace, and what it comes to in both."""

    path: Path
    base: Side
    other: Side

    @property
    def name(self) -> str:
        """The name of the spans."""
        return self.path[-1]

    @property
    def depth(self) -> int:
        """Number of names above it on the path."""
        return len(self.path) - 1

    @property
    def change(self) -> PathChange:
        """How it differs: in being there, in how many spans it has, or in how many of them failed."""
        if not self.base.count:
            return PathChange.ADDED
        if not self.other.count:
            return PathChange.REMOVED
        same = (self.base.count, self.base.error_count) == (self.other.count, self.other.error_count)
        return PathChange.SAME if same else PathChange.CHANGED

    @property
    def duration_change_ms(self) -> float:
        """By how much longer its spans took together in the other trace."""
        return self.other.duration_ms - self.base.duration_ms


@dataclass(frozen=True)
class TraceDiff:
    """Two traces and how they differ; paths are in pre-order, those of the base first among siblings."""

    base: Trace
    other: Trace
    paths: list[PathDiff]

    def figure(self, name: str) -> FigureDiff:
        """Return a figure of both."""
        read = attrgetter(name)
        return FigureDiff(read(self.base), read(self.other))


def diff_of(base: tuple[Trace, Sequence[Span]], other: tuple[Trace, Sequence[Span]]) -> TraceDiff:
    """Return how two traces differ."""
    sides = _sides(base[1]), _sides(other[1])
    order: dict[Path, dict[Path, None]] = {}
    for path in (*sides[0], *sides[1]):
        order.setdefault(path[:-1], {})[path] = None
    nothing = Side()
    found: list[PathDiff] = []
    waiting = list(reversed(order.get((), {})))
    while waiting:
        path = waiting.pop()
        found.append(PathDiff(path, sides[0].get(path, nothing), sides[1].get(path, nothing)))
        waiting += reversed(order.get(path, {}))
    return TraceDiff(base[0], other[0], found)


def _sides(spans: Sequence[Span]) -> dict[Path, Side]:
    found: dict[Path, Side] = {}
    for path, span in paths_of(spans):
        found[path] = found.get(path, Side()).and_span(span)
    return found

"""Two traces side by side: their spans are aligned by path, those on the same path are added up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from operator import attrgetter

from spanwell.observability.model.blocks import Block
from spanwell.observability.model.span import SpanKey, SpanStatus
from spanwell.observability.model.trace import Trace

from .call_paths import Path

COLUMNS = frozenset(
    {"span_id", "name", "status", "duration_ms", "total_tokens", "cost_usd", "tree_start", "tree_parent"}
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


@dataclass(slots=True)
class Side:
    """What the spans of one trace on a path come to; tokens and cost are None if no span states any."""

    count: int = 0
    error_count: int = 0
    duration_ms: float = 0.0
    total_tokens: int | None = None
    cost_usd: float | None = None
    first: SpanKey | None = None


@dataclass(slots=True)
class PathDiff:
    """A path of either trace, and what it comes to in both; `depth` is the number of names above it.

    It is not frozen, as a trace may have thousands of paths, and that would take four times as long.
    """

    above: "PathDiff | None"
    name: str
    depth: int
    base: Side
    other: Side

    @property
    def path(self) -> Path:
        """The names of the spans from the top of the trace."""
        names = [self.name]
        above = self.above
        while above is not None:
            names.append(above.name)
            above = above.above
        return tuple(reversed(names))

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


def diff_of(base: tuple[Trace, Block], other: tuple[Trace, Block]) -> TraceDiff:
    """Return how two traces differ."""
    paths = _Paths()
    sides = [paths.sides(trace.trace_id, spans) for trace, spans in (base, other)]
    return TraceDiff(base[0], other[0], paths.compared(*sides))


_TOP = -1
"""The number of what is above all paths."""


class _Paths:
    """The paths of both traces: a number for each, by the number of the path above it and the name of its spans."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, str], int] = {}

    def sides(self, trace_id: str, spans: Block) -> dict[int, Side]:
        """Return what the spans on each path come to; spans are in pre-order."""
        ids, statuses, durations = (spans.values(column) for column in ("span_id", "status", "duration_ms"))
        amounts = zip(spans.values("total_tokens"), spans.values("cost_usd"), strict=True)
        found: dict[int, Side] = {}
        for path, span_id, status, duration, (tokens, cost) in zip(
            self._paths_of(spans), ids, statuses, durations, amounts, strict=True
        ):
            side = found.get(path)
            if side is None:
                side = found[path] = Side(first=(trace_id, span_id))
            side.count += 1
            if status == SpanStatus.ERROR:
                side.error_count += 1
            if duration is not None:
                side.duration_ms += duration
            if tokens is not None:
                side.total_tokens = tokens + (side.total_tokens or 0)
            if cost is not None:
                side.cost_usd = cost + (side.cost_usd or 0.0)
        return found

    def _paths_of(self, spans: Block) -> Iterator[int]:
        by_place: dict[int | None, int] = {None: _TOP}
        numbers = self._numbers
        for name, start, parent in zip(*map(spans.values, ("name", "tree_start", "tree_parent")), strict=True):
            number = by_place[start] = numbers.setdefault((by_place[parent], name), len(numbers))
            yield number

    def compared(self, base: Mapping[int, Side], other: Mapping[int, Side]) -> list[PathDiff]:
        """Return all paths, each below the one above it."""
        below: dict[int, list[tuple[int, str]]] = {}
        for (above, name), number in self._numbers.items():
            below.setdefault(above, []).append((number, name))
        nothing, found = Side(), list[PathDiff]()
        waiting: list[tuple[PathDiff | None, int, str]] = [(None, *top) for top in reversed(below.get(_TOP, []))]
        while waiting:
            parent, number, name = waiting.pop()
            depth = 0 if parent is None else parent.depth + 1
            each = PathDiff(parent, name, depth, base.get(number, nothing), other.get(number, nothing))
            found.append(each)
            waiting += ((each, *one) for one in reversed(below.get(number, [])))
        return found

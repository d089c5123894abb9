"""Two traces side by side: their spans are aligned by path, those on the same path are added up."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from operator import attrgetter
from typing import TypeVar

from msgspec import Struct

from spanwell.observability.model.blocks import Block
from spanwell.observability.model.span import SpanKey, SpanStatus
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.queries import Columns

from .call_paths import Path

N = TypeVar("N", int, float)

OF_PATHS = frozenset({"name", "status", "tree_start", "tree_parent"})
"""The columns of spans that every comparison of paths reads."""

SUMS = ("duration_ms", "total_tokens", "cost_usd")
"""The columns of spans that are summed up on each path, if somebody asks for it."""


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


class Side(Struct, frozen=True, gc=False):
    """What the spans of one trace on a path come to, as far as it was asked for.

    Tokens and cost are None if no span states any.
    """

    count: int = 0
    error_count: int = 0
    duration_ms: float = 0.0
    total_tokens: int | None = None
    cost_usd: float | None = None
    first: SpanKey | None = None


class PathDiff(Struct):
    """A path of either trace, and what it comes to in both; `depth` is the number of names above it."""

    above: "PathDiff | None"
    name: str
    depth: int
    base: Side
    other: Side
    known_path: Path = ()

    @property
    def path(self) -> Path:
        """The names of the spans from the top of the trace; it begins like that of the one above, if that is known."""
        if not self.known_path:
            names: list[str] = []
            each: PathDiff | None = self
            while each is not None and not each.known_path:
                names.append(each.name)
                each = each.above
            self.known_path = (*(each.known_path if each is not None else ()), *reversed(names))
        return self.known_path

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
    """Two traces and how they differ; paths are in pre-order, those of the base first among siblings.

    Traces are None if nothing but their paths was asked for.
    """

    base: Trace | None
    other: Trace | None
    paths: list[PathDiff]

    def figure(self, name: str) -> FigureDiff:
        """Return a figure of both."""
        read = attrgetter(name)
        return FigureDiff(read(self.base), read(self.other))


def paths_of(trace_ids: Sequence[str], spans: Sequence[Block], columns: Columns) -> list[PathDiff]:
    """Return the paths of two traces; `columns` are those that were read of their spans."""
    paths = _Paths()
    return paths.compared(*(paths.sides(one, block, columns) for one, block in zip(trace_ids, spans, strict=True)))


_TOP = -1
"""The number of what is above all paths."""


def _of_failed(numbers: Iterable[int], statuses: Iterable[str]) -> Iterator[int]:
    error = SpanStatus.ERROR
    return (number for number, status in zip(numbers, statuses, strict=True) if status == error)


def _sums(numbers: Iterable[int], values: Iterable[N | None]) -> dict[int, N]:
    sums: dict[int, N] = {}
    for number, value in zip(numbers, values, strict=True):
        if value is not None:
            sums[number] = sums[number] + value if number in sums else value
    return sums


class _Paths:
    """The paths of both traces: a number for each, by the number of the path above it and the name of its spans."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, str], int] = {}

    def sides(self, trace_id: str, spans: Block, columns: Columns) -> dict[int, Side]:
        """Return what the spans on each path come to; spans are in pre-order."""
        numbers = list(self._paths_of(spans))
        failed = Counter(_of_failed(numbers, spans.values("status")))
        durations, tokens, costs = (
            _sums(numbers, spans.values(column)) if column in columns else {} for column in SUMS
        )
        firsts: dict[int, str] = {}
        if "span_id" in columns:
            firsts = dict(zip(reversed(numbers), reversed(spans.values("span_id")), strict=True))
        return {
            number: Side(
                count,
                failed[number],
                durations.get(number, 0.0),
                tokens.get(number),
                costs.get(number),
                (trace_id, firsts[number]) if firsts else None,
            )
            for number, count in Counter(numbers).items()
        }

    def _paths_of(self, spans: Block) -> Iterator[int]:
        by_place: dict[int | None, int] = {None: _TOP}
        numbers = self._numbers
        for name, start, parent in zip(*map(spans.values, ("name", "tree_start", "tree_parent")), strict=True):
            number = by_place[start] = numbers.setdefault((by_place[parent], name), len(numbers))
            yield number

    def compared(self, base: Mapping[int, Side], other: Mapping[int, Side]) -> list[PathDiff]:
        """Return all paths, each below the one above it."""
        keys = list(self._numbers)
        below: dict[int, list[int]] = {}
        for number, (above, _) in enumerate(keys):
            below.setdefault(above, []).append(number)
        nothing, found = Side(), dict[int, PathDiff]()
        waiting = below.get(_TOP, [])[::-1]
        while waiting:
            number = waiting.pop()
            above, name = keys[number]
            parent = found.get(above)
            depth = 0 if parent is None else parent.depth + 1
            found[number] = PathDiff(parent, name, depth, base.get(number, nothing), other.get(number, nothing))
            if number in below:
                waiting += reversed(below[number])
        return list(found.values())

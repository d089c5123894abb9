"""Paths of calls: the names of the spans from the top of a trace down to a span, and what happened on each."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from operator import attrgetter
from typing import TypeAlias

from spanwell.observability.model.span import Span
from spanwell.observability.questions.conditions import Condition

Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class CallTreeQuery:
    """The call paths of the traces that meet a condition: at most `size` of them, up to `depth` names long."""

    where: Condition
    depth: int
    size: int


@dataclass(frozen=True)
class CallPath:
    """What the spans on one path come to, over all traces; times are of those that have ended."""

    path: Path
    count: int
    trace_count: int
    error_count: int
    total_ms: float
    self_ms: float
    p50: float | None
    p95: float | None

    @property
    def name(self) -> str:
        """The name of the spans."""
        return self.path[-1]

    @property
    def depth(self) -> int:
        """Number of names above it on the path."""
        return len(self.path) - 1


def arranged(found: Collection[CallPath], size: int) -> list[CallPath]:
    """Return the paths that took longest, each below its parent, with siblings sorted by time."""
    families: dict[Path, list[CallPath]] = {}
    for each in found:
        families.setdefault(each.path[:-1], []).append(each)
    open_ = [(_rank(top), top) for top in families.get((), ())]
    heapify(open_)
    chosen: set[Path] = set()
    while open_ and len(chosen) < size:
        _, taken = heappop(open_)
        chosen.add(taken.path)
        for child in families.get(taken.path, ()):
            heappush(open_, (_rank(child), child))
    return list(_in_order(families, chosen))


def _rank(each: CallPath) -> tuple[float, Path]:
    return -each.total_ms, each.path


def _in_order(families: dict[Path, list[CallPath]], chosen: set[Path]) -> Iterator[CallPath]:
    waiting = sorted(families.get((), ()), key=_rank, reverse=True)
    while waiting:
        each = waiting.pop()
        if each.path in chosen:
            yield each
            waiting += sorted(families.get(each.path, ()), key=_rank, reverse=True)


def paths_of(spans: Sequence[Span]) -> list[tuple[Path, Span]]:
    """Return the spans of a trace in pre-order, each with its path; only their names and places are read."""
    by_place: dict[int | None, Path] = {None: ()}
    found: list[tuple[Path, Span]] = []
    for span in sorted(spans, key=attrgetter("tree_start")):
        path = by_place[span.tree_start] = (*by_place[span.tree_parent], span.name)
        found.append((path, span))
    return found

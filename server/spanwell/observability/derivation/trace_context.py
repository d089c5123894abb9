"""The context of a growing trace: session, user and so on, from the root or the nearest span that states them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush, heapreplace
from types import MappingProxyType

Rank = tuple[int, int, str, int]
"""A span's distance from the top (the number of spans above it, its start time, and its id), and its row."""

Ranked = Callable[[int], Rank]
"""Returns a row's distance from the top. `TraceContext` must not keep it: it belongs to the trace's state, which would
then be in a cycle, and stay in memory until the next collection."""

_NOTHING: Mapping[str, str] = MappingProxyType({})
_LARGEST = 3
"""Entries of a heap for each of its candidates: spans that moved or were changed leave old ones behind."""


class TraceContext:
    """Tracks which span supplies each field of a trace's context; `ranked` gives a row's distance from the top.

    Among the spans that state a field, only those whose parent does not state it can be the nearest. As their parents
    arrive, spans move down: on top of a heap of their ranks is the nearest one, or one that has moved since. Spans only
    move up if a sender corrects a parent, and heaps are made anew.
    """

    def __init__(self) -> None:
        self._stated: dict[int, Mapping[str, str]] = {}
        self._candidates: dict[str, set[int]] = {}
        self._heaps: dict[str, list[Rank]] = {}
        self._nearest: dict[str, int] = {}

    def build(self, stated: dict[int, Mapping[str, str]], above: Sequence[int | None]) -> None:
        """Take all rows that state fields; `above` is the parent of each row of the trace."""
        self._stated, self._candidates, self._heaps, self._nearest = stated, {}, {}, {}
        for row, context in stated.items():
            parent = self._above(above[row])
            for name in () if parent is context or parent == context else context:
                if name not in parent:
                    self._candidates.setdefault(name, set()).add(row)

    def _above(self, parent: int | None) -> Mapping[str, str]:
        return self._stated.get(parent, _NOTHING) if parent is not None else _NOTHING

    def state(
        self, row: int, context: Mapping[str, str], above: int | None, below: Collection[int], ranked: Ranked
    ) -> None:
        """Add the fields that a new row states; `above` is its parent, `below` are its children."""
        self._stated[row] = context
        parent = self._above(above)
        if context == parent and not below:
            return
        for name in context:
            self._candidates.setdefault(name, set()).difference_update(below)
            if name not in parent:
                self._add(name, row, ranked)
            self._nearest.pop(name, None)

    def _add(self, name: str, row: int, ranked: Ranked) -> None:
        candidates, heap = self._candidates[name], self._heaps.get(name)
        candidates.add(row)
        if heap is None:
            return
        if len(heap) > _LARGEST * len(candidates):  # most of it is out of date
            del self._heaps[name]  # it is made anew when it is needed
        else:
            heappush(heap, ranked(row))

    def move(self, row: int, above: int | None, up: int, ranked: Ranked) -> None:
        """Take the new parent of a row, which is now `up` spans nearer to the top than before."""
        if up > 0:
            self._heaps.clear()  # all below it are nearer, too
        self._nearest.clear()
        parent = self._above(above)
        for name in self._stated.get(row, ()):
            if name in parent:
                self._candidates[name].discard(row)
            else:
                self._add(name, row, ranked)

    def moved(self) -> None:
        """Forget which spans are nearest, because some moved down."""
        self._nearest.clear()

    def restarted(self, row: int, ranked: Ranked) -> None:
        """Take the new start time of a row."""
        for name in self._stated.get(row, ()):
            if row in self._candidates.get(name, ()):
                self._add(name, row, ranked)
        self._nearest.clear()

    def values(self, names: Iterable[str], head: int, ranked: Ranked) -> Iterator[str | None]:
        """Yield fields of the trace's context."""
        own = self._stated.get(head, _NOTHING)
        below = {name: self._value(name, ranked) for name in self._candidates if name not in own}
        return map({**below, **own}.get, names)

    def _value(self, name: str, ranked: Ranked) -> str | None:
        candidates = self._candidates[name]
        if not candidates:
            return None
        if name not in self._nearest:
            self._nearest[name] = self._first(name, candidates, ranked)
        return self._stated[self._nearest[name]][name]

    def _first(self, name: str, candidates: set[int], ranked: Ranked) -> int:
        if len(candidates) == 1:  # true of most traces
            return next(iter(candidates))
        heap = self._heaps.get(name)
        if heap is None:
            heap = self._heaps[name] = list(map(ranked, candidates))
            heapify(heap)
        while True:
            row = heap[0][-1]
            if row not in candidates:
                heappop(heap)
            elif (rank := ranked(row)) != heap[0]:
                heapreplace(heap, rank)
            else:
                return row

"""The context of a growing trace: session, user and so on, from the root or the nearest span that states them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

Rank = tuple[int, int, str]
"""A span's distance from the top: the number of spans above it, its start time, and its id."""

Ranked = Callable[[int], Rank]
"""Returns a row's distance from the top. `TraceContext` must not keep it: it belongs to the trace's state, which would
then be in a cycle, and stay in memory until the next collection."""

_NOTHING: Mapping[str, str] = MappingProxyType({})


class TraceContext:
    """Tracks which span supplies each field of a trace's context; `ranked` gives a row's distance from the top.

    Among the spans that state a field, only those whose parent does not state it can be the nearest.
    """

    def __init__(self) -> None:
        self._stated: dict[int, Mapping[str, str]] = {}
        self._candidates: dict[str, set[int]] = {}
        self._nearest: dict[str, tuple[Rank, int]] = {}

    def build(self, stated: dict[int, Mapping[str, str]], above: Sequence[int | None]) -> None:
        """Take all rows that state fields; `above` is the parent of each row of the trace."""
        self._stated, self._candidates, self._nearest = stated, {}, {}
        for row, context in stated.items():
            parent = self._above(above[row])
            for name in () if parent is context or parent == context else context:
                if name not in parent:
                    self._candidates.setdefault(name, set()).add(row)

    def _above(self, parent: int | None) -> Mapping[str, str]:
        return self._stated.get(parent, _NOTHING) if parent is not None else _NOTHING

    def state(
        self, row: int, context: Mapping[str, str], above: int | None, below: Sequence[int], ranked: Ranked
    ) -> None:
        """Add the fields that a new row states; `above` is its parent, `below` are its children."""
        self._stated[row] = context
        parent = self._above(above)
        if context == parent and not below:
            return
        for name in context:
            candidates = self._candidates.setdefault(name, set())
            if name not in parent:
                candidates.add(row)
                nearest = self._nearest.get(name)
                if nearest is not None and (rank := ranked(row)) < nearest[0]:
                    self._nearest[name] = rank, row
            for child in below:
                candidates.discard(child)
                if self._nearest.get(name, (None, None))[1] == child:
                    del self._nearest[name]

    def moved(self) -> None:
        """Forget which spans are nearest, because some moved down."""
        self._nearest.clear()

    def values(self, names: Iterable[str], head: int, ranked: Ranked) -> Iterator[str | None]:
        """Yield fields of the trace's context."""
        own = self._stated.get(head, _NOTHING)
        below = {name: self._value(name, ranked) for name in self._candidates if name not in own}
        return map({**below, **own}.get, names)

    def _value(self, name: str, ranked: Ranked) -> str | None:
        candidates = self._candidates.get(name)
        if not candidates:
            return None
        if name not in self._nearest:
            self._nearest[name] = min((ranked(row), row) for row in candidates)
        return self._stated[self._nearest[name][1]][name]

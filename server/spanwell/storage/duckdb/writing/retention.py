"""Which traces the writer remembers, by how many spans they have and when they were written."""

from collections.abc import Collection
from typing import NamedTuple

from spanwell.observability.room import physical_memory

_MOST_SPANS = 200_000
"""The most spans to remember of traces that are not large. Those of one transaction are kept, whatever their size."""
_LARGE = 20_000
"""Spans of a large trace. Reading one again takes seconds, so it is forgotten only once as many spans of others were
written as it has: each of these pays for reading one at most."""
_SPAN_BYTES = 400
"""About the memory that a span takes."""
_SHARE = 0.1
"""The share of the memory that large traces may take together."""


class _Large(NamedTuple):
    spans: int
    written: int
    """How many spans, of all traces, had been written when it was written last."""


class Retention:
    """Counts the spans that are remembered, and says what to forget."""

    def __init__(self) -> None:
        self._most_large = int(_SHARE * physical_memory()) // _SPAN_BYTES
        self._others = 0
        self._written = 0
        self._large: dict[str, _Large] = {}

    def keep(self, trace_id: str, before: int, spans: int) -> None:
        """Count a trace that was written, and of which `before` spans were counted until now."""
        self.drop(trace_id, before)
        self._written += max(1, spans - before)
        if spans >= _LARGE:
            self._large[trace_id] = _Large(spans, self._written)
        else:
            self._others += spans

    def drop(self, trace_id: str, counted: int) -> None:
        """Stop counting a trace."""
        if self._large.pop(trace_id, None) is None:
            self._others -= counted

    @property
    def is_full(self) -> bool:
        """Whether the oldest traces that are not large are to be forgotten."""
        return self._others > _MOST_SPANS

    def is_large(self, trace_id: str) -> bool:
        """Return whether a trace is large."""
        return trace_id in self._large

    def large_to_forget(self, latest: Collection[str]) -> list[str]:
        """Return the large traces to forget, none of them among those that were just written."""
        forgotten: list[str] = []
        spans = sum(large.spans for large in self._large.values())
        for trace_id, large in self._large.items():  # the one that was written last is last
            is_old = self._written - large.written >= large.spans
            if trace_id not in latest and (is_old or spans > self._most_large):
                spans -= large.spans
                forgotten.append(trace_id)
        return forgotten

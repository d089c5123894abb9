"""Remembers which traces turned out to be large, so that they are not read as small ones again."""

from collections import OrderedDict
from threading import Lock

_MOST = 10_000
"""The most ids to keep, some 150 bytes each; the oldest is dropped first."""


class LargeTraces:
    """Ids of traces with more spans than are read at once. Only a hint: a wrong one costs time, not correctness."""

    def __init__(self) -> None:
        self._met: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def __contains__(self, trace_id: object) -> bool:
        return trace_id in self._met

    def add(self, trace_id: str) -> None:
        """Remember a trace."""
        with self._lock:
            self._met[trace_id] = None
            self._met.move_to_end(trace_id)
            if len(self._met) > _MOST:
                self._met.popitem(last=False)

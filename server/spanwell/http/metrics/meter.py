"""Counts requests and operations, and measures their durations."""

from bisect import bisect_left
from collections import Counter

BOUNDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""The upper bounds of the duration buckets in seconds; there is another bucket beyond the last."""


class Durations:
    """A histogram of durations, by labels."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, ...], list[int]] = {}
        self.sums: dict[tuple[str, ...], float] = {}

    def add(self, labels: tuple[str, ...], seconds: float) -> None:
        """Count a duration."""
        if labels not in self.counts:
            self.counts[labels], self.sums[labels] = [0] * (len(BOUNDS) + 1), 0.0
        self.counts[labels][bisect_left(BOUNDS, seconds)] += 1
        self.sums[labels] += seconds


class Meter:
    """The metrics of a server."""

    def __init__(self) -> None:
        self.requests = Counter[tuple[str, ...]]()
        self.request_seconds = Durations()
        self.operations = Counter[tuple[str, ...]]()
        self.operation_seconds = Durations()
        self.errors = Counter[str]()
        self.in_flight = 0

    def count(self, path: str, method: str, status: int, seconds: float) -> None:
        """Count a request; its status is 0 if it was not answered."""
        self.requests[path, method, str(status or "none")] += 1
        self.request_seconds.add((path,), seconds)

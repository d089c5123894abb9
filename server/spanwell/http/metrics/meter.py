"""Counts requests and operations, and measures their durations."""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

BOUNDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""The upper bounds of the duration buckets in seconds; there is another bucket beyond the last."""


class Durations:
    """A histogram of durations, by labels."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, ...], list[int]] = {}
        self.sums: dict[tuple[str, ...], float] = {}

    def add(self, labels: tuple[str, ...], seconds: float) -> None:
        """Count a duration."""
        counts = self.counts.setdefault(labels, [0] * (len(BOUNDS) + 1))
        counts[bisect_left(BOUNDS, seconds)] += 1
        self.sums[labels] = self.sums.get(labels, 0.0) + seconds


class Meter:
    """The metrics of a server."""

    def __init__(self) -> None:
        self.requests = Counter[tuple[str, ...]]()
        self.request_seconds = Durations()
        self.operations = Counter[tuple[str, ...]]()
        self.operation_seconds = Durations()
        self.errors = Counter[str]()
        self.in_flight = 0


class Metered:
    """Counts the requests to an application by path; all unknown paths count as one."""

    def __init__(self, app: ASGIApp, meter: Meter, paths: Sequence[str]) -> None:
        self._app = app
        self._meter = meter
        self._paths = frozenset(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"] if scope["path"] in self._paths else "other"
        status = "none"

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        began = time.monotonic()
        self._meter.in_flight += 1
        try:
            await self._app(scope, receive, noted)
        finally:
            self._meter.in_flight -= 1
            self._meter.requests[path, scope["method"], status] += 1
            self._meter.request_seconds.add((path,), time.monotonic() - began)

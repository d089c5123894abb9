"""Seeded chance: ids, latencies and choices that come out the same for the same seed."""

from math import exp
from random import Random

MS = 1_000_000
"""Nanoseconds in a millisecond."""


class Dice(Random):
    """A random generator that speaks of spans."""

    def trace_id(self) -> str:
        """Return a trace id of OpenTelemetry: 32 hex digits."""
        return f"{self.getrandbits(128):032x}"

    def span_id(self) -> str:
        """Return a span id of OpenTelemetry: 16 hex digits."""
        return f"{self.getrandbits(64):016x}"

    def token(self, digits: int = 8) -> str:
        """Return some hex digits, as they end run, request and order ids."""
        return f"{self.getrandbits(4 * digits):0{digits}x}"

    def uuid(self) -> str:
        """Return a random UUID of version 4."""
        text = f"{self.getrandbits(128):032x}"
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"

    def chance(self, share: float) -> bool:
        """Return true for a share of all calls."""
        return self.random() < share

    def latency(self, median: float, spread: float = 0.35) -> float:
        """Return a log-normal time around a median, in the median's unit; one in 250 is three to nine times as long."""
        value = median * exp(spread * self.gauss(0.0, 1.0))
        return value * self.uniform(3, 9) if self.random() < 0.004 else value

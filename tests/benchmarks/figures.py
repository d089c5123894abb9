"""What a benchmark says: one row for each operation, with its target."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """An operation: figures of the server, of raw DuckDB beside it, and what is to be reached.

    Where `unit` is a time, less is better, and `ratio` is how many times as long the server takes; where it is a rate,
    `ratio` is the share of the raw rate that it reaches.
    """

    operation: str
    unit: str
    p50: float
    p95: float | None = None
    p99: float | None = None
    raw: float | None = None
    target: str = ""
    met: bool | None = None

    @property
    def ratio(self) -> float | None:
        """The server's figure over the raw one."""
        return self.p50 / self.raw if self.raw else None

    def document(self) -> dict[str, Any]:
        """Return the row as it is kept in a file."""
        kept = {name: round(value, 3) if isinstance(value, float) else value for name, value in asdict(self).items()}
        return {**kept, "ratio": None if self.ratio is None else round(self.ratio, 2)}


@dataclass(frozen=True)
class Target:
    """What is to be reached, in words and as a test of a row."""

    text: str
    reached: Callable[[Row], bool]

    def judged(self, row: Row) -> Row:
        """Return the row with the target and whether it was reached."""
        return Row(row.operation, row.unit, row.p50, row.p95, row.p99, row.raw, self.text, self.reached(row))


def at_most(limit: float, unit: str = "ms") -> Target:
    """Demand that the median be no more than a limit."""
    return Target(f"<= {limit:g} {unit}", lambda row: row.p50 <= limit)


def at_least(limit: float, unit: str) -> Target:
    """Demand a rate."""
    return Target(f">= {limit:,g} {unit}", lambda row: row.p50 >= limit)


def raw_and(milliseconds: float) -> Target:
    """Demand that the median be no more than the raw one and some milliseconds."""
    return Target(f"<= raw + {milliseconds:g} ms", lambda row: row.p50 <= (row.raw or 0) + milliseconds)


def times_raw(factor: float) -> Target:
    """Demand that the median be no more than so many times the raw one."""
    return Target(f"<= {factor:g} x raw", lambda row: row.p50 <= (row.raw or 0) * factor)


def share_of_raw(share: float) -> Target:
    """Demand a share of the raw rate."""
    return Target(f">= {share:g} x raw", lambda row: row.p50 >= (row.raw or 0) * share)


def both(*targets: Target) -> Target:
    """Demand several things."""
    return Target("; ".join(t.text for t in targets), lambda row: all(target.reached(row) for target in targets))


def steady(factor: float) -> Target:
    """Demand that the 95th percentile be no more than so many times the median."""
    return Target(f"p95 <= {factor:g} x p50", lambda row: (row.p95 or 0) <= factor * row.p50)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def timed_row(operation: str, times: Sequence[float], raw: Sequence[float] = (), unit: str = "ms") -> Row:
    """Return the row of an operation that took some times, in milliseconds."""
    p50, p95, p99 = (percentile(times, share) for share in (0.5, 0.95, 0.99))
    return Row(operation, unit, p50, p95, p99, percentile(raw, 0.5) if raw else None)

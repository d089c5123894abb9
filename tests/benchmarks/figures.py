"""What a benchmark says: one row for each operation, with its target."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

RAW = "raw DuckDB"


@dataclass(frozen=True)
class Row:
    """An operation: figures of the server, of what was measured beside it, and what is to be reached.

    Where `unit` is a time, less is better, and `ratio` is how many times as long the server takes; where it is a rate,
    `ratio` is the share of the reference's rate that it reaches.
    """

    operation: str
    unit: str
    p50: float
    p95: float | None = None
    p99: float | None = None
    reference: float | None = None
    beside: str = RAW
    """What the reference is of."""
    target: str = ""
    met: bool | None = None

    @property
    def ratio(self) -> float | None:
        """The server's figure over that of the reference."""
        return self.p50 / self.reference if self.reference else None

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
        return replace(row, target=self.text, met=self.reached(row))


def at_most(factor: float, figure: str = "p50") -> Target:
    """Demand that a time, the median unless told otherwise, be no more than so many times the reference."""
    shown = "" if figure == "p50" else f"{figure} "
    return Target(f"{shown}<= {factor:g} x", lambda row: (getattr(row, figure) or 0) <= factor * (row.reference or 0))


def at_least(share: float) -> Target:
    """Demand a share of the reference's rate."""
    return Target(f">= {share:g} x", lambda row: row.p50 >= share * (row.reference or 0))


def within(limit: float, unit: str) -> Target:
    """Demand that a size, which depends on no machine's speed, keep within a limit."""
    return Target(f"<= {limit:g} {unit}", lambda row: row.p50 <= limit)


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


def timed_row(operation: str, times: Sequence[float], reference: Sequence[float] = (), beside: str = RAW) -> Row:
    """Return the row of an operation that took some times, in milliseconds; the reference is a median too."""
    p50, p95, p99 = (percentile(times, share) for share in (0.5, 0.95, 0.99))
    return Row(operation, "ms", p50, p95, p99, percentile(reference, 0.5) if reference else None, beside)

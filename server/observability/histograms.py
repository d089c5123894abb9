"""Histograms as their bins, the same ones in all rows of an answer, so that a heatmap's columns stand side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

from .statistics import StatsRow
from .stats import LOG2, Histogram


@dataclass(frozen=True)
class Bin:
    """How many durations are longer than `start`, the shortest in the first bin aside, and not longer than `end`."""

    start: float
    end: float | None
    count: int


def bin_histograms(rows: Sequence[StatsRow], figures: Iterable[Histogram]) -> None:
    """Put bins in place of the counts of some rows; of the usual bounds only those between the first and the last."""
    for figure in figures:
        counted = [row.values.get(figure) for row in rows]
        starts = (0.0, *figure.bounds)
        used = [number for counts in counted if counts for number, count in enumerate(counts) if count]
        shown = range(min(used, default=0), max(used, default=-1) + 1) if figure.bounds == LOG2 else range(len(starts))
        ends = [None if end == inf else end for end in figure.ends]
        for row, counts in zip(rows, counted, strict=True):
            row.values[figure] = [Bin(starts[i], ends[i], counts[i] if counts else 0) for i in shown]

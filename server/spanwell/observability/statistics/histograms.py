"""Converts histograms to bins, the same in all rows, so that they can be the columns of a heatmap."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spanwell.observability.questions.statistics import LOG2, Histogram

from .answers import StatsRow


@dataclass(frozen=True)
class Bin:
    """The number of durations above `start` and up to `end`; the first bin includes its `start`."""

    start: float
    end: float | None
    count: int


def with_bins(rows: list[StatsRow], histograms: Iterable[Histogram]) -> list[StatsRow]:
    """Return rows with bins instead of counts; default bins that are empty at both ends are left out."""
    every = [*rows, *(row.previous for row in rows if row.previous is not None)]
    shown = {histogram: _shown(histogram, every) for histogram in histograms}

    def binned(row: StatsRow) -> StatsRow:
        values = list(row.values)
        for histogram in shown.keys() & row.places.keys():
            place = row.places[histogram]
            values[place] = _bins(histogram, values[place], shown[histogram])
        return row._replace(values=tuple(values), previous=row.previous and binned(row.previous))

    return list(map(binned, rows)) if shown else rows


def _shown(histogram: Histogram, rows: Iterable[StatsRow]) -> range:
    if histogram.bounds != LOG2:
        return range(len(histogram.ends))
    counted = (row.value(histogram) for row in rows if histogram in row.places)
    used = [number for counts in counted if counts for number, count in enumerate(counts) if count]
    return range(min(used, default=0), max(used, default=-1) + 1)


def _bins(histogram: Histogram, counts: Sequence[int] | None, shown: range) -> list[Bin]:
    starts, ends = (0.0, *histogram.bounds), (*histogram.bounds, None)
    return [Bin(starts[number], ends[number], counts[number] if counts else 0) for number in shown]

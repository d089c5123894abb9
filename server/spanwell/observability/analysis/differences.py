"""What distinguishes some spans from others: each field by how much its values differ between the two.

The difference of a field is the largest one between the shares of any of its values, or of its absence; of numbers it
is the largest one between the shares that lie below any bound, which is the Kolmogorov-Smirnov distance. Both lie
between 0, for the same in both, and 1, for nothing in common. Numbers are counted in bins: eight double a number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log2

from spanwell.observability.conventions.rows.contents import holds_contents
from spanwell.observability.model.columns import Kind
from spanwell.observability.model.span import SPAN_COLUMNS
from spanwell.observability.questions.conditions import Condition, Level

SAMPLE = 10_000
"""Spans per side whose attributes are compared: those with the smallest ids, which are random."""

MOST_VALUES = 5
"""How many values of a field are reported: those whose shares differ most."""

LARGEST_DOCUMENT = 16 * 1024
"""The most bytes of a JSON value in which attributes are compared."""

LONGEST_VALUE = 256
"""Characters of a value that are compared."""

LEVELS = (Level.SPAN, Level.RESOURCE, Level.METADATA)
"""Where attributes are compared."""

TEXT_COLUMNS = tuple(
    column
    for column in SPAN_COLUMNS
    if column.kind in {Kind.TEXT, Kind.ENUM, Kind.FLAG} and column.name not in {"trace_id", "span_id", "parent_span_id"}
)
NUMBER_COLUMNS = tuple(column for column in SPAN_COLUMNS if column.kind in {Kind.INT, Kind.NUMBER})

BINS = 8
"""How many bins double a number."""

ZERO = 20_000
"""Between the bins of negative and of positive numbers; a double has at most 2,098 powers of two."""


@dataclass(frozen=True)
class DifferenceQuery:
    """The spans that meet `selection` beside those that meet `baseline` and not `selection`."""

    baseline: Condition
    selection: Condition
    size: int


@dataclass(frozen=True)
class Counts:
    """How many spans of each side there are, or have something."""

    baseline: int
    selection: int

    def shares(self, of: "Counts") -> tuple[float, float]:
        """Return the share of each side in the totals `of`."""
        return _share(self.baseline, of.baseline), _share(self.selection, of.selection)

    def difference(self, of: "Counts") -> float:
        """Return the share of the selection minus that of the baseline."""
        baseline, selection = self.shares(of)
        return selection - baseline


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


@dataclass(frozen=True)
class Side:
    """A value, or a stretch of numbers, and its shares of both sides."""

    baseline_share: float
    selection_share: float


@dataclass(frozen=True)
class ValueDifference:
    """A value and its shares; None stands for its absence."""

    value: str | None
    counts: Counts
    baseline_share: float
    selection_share: float


@dataclass(frozen=True)
class BinDifference:
    """Numbers of at least `start` and below `end`, and their shares; what is negative lies the other way round."""

    start: float
    end: float
    baseline_share: float
    selection_share: float


@dataclass(frozen=True)
class FieldDifference:
    """A field, how much it differs, and where."""

    name: str
    level: Level | None
    difference: float
    values: list[ValueDifference]
    bins: list[BinDifference]


@dataclass(frozen=True)
class Compared:
    """What a store counts of a field: spans that have it, values whose shares differ most, and bins of numbers."""

    name: str
    level: Level | None
    present: Counts
    values: Sequence[tuple[str, Counts]] = ()
    bins: Mapping[int, Counts] | None = None

    @property
    def is_present(self) -> bool:
        """Whether any span has it."""
        return self.present != Counts(0, 0)


@dataclass(frozen=True)
class SpanDifference:
    """How two sets of spans differ: how many there are, and fields by how much they differ."""

    baseline_count: int
    selection_count: int
    fields: list[FieldDifference]


def bin_of(number: float) -> int:
    """Return the bin of a number."""
    if number == 0:
        return 0
    place = ZERO + floor(log2(abs(number)) * BINS)
    return place if number > 0 else -place


def _bounds(place: int) -> tuple[float, float]:
    if place == 0:
        return 0.0, 0.0
    power = abs(place) - ZERO
    start, end = 2.0 ** (power / BINS), 2.0 ** ((power + 1) / BINS)
    return (start, end) if place > 0 else (-end, -start)


def difference_of(
    totals: Counts, columns: Iterable[Compared], sampled: Counts, attributes: Iterable[Compared], size: int
) -> SpanDifference:
    """Return how two sets of spans differ, from what was counted of columns, and of attributes in a sample.

    If either set is empty, there are no differences.
    """
    compared = [(each, totals) for each in columns]
    compared += [(each, sampled) for each in attributes if not holds_contents(each.name)]
    fields = [_field(each, of) for each, of in compared if of.baseline and of.selection and each.is_present]
    ranked = sorted(
        (field for field in fields if field.difference > 0),
        key=lambda field: (-field.difference, field.level.value if field.level else "", field.name),
    )
    return SpanDifference(totals.baseline, totals.selection, ranked[:size])


def _field(compared: Compared, of: Counts) -> FieldDifference:
    absent = Counts(of.baseline - compared.present.baseline, of.selection - compared.present.selection)
    values = [(value, counts) for value, counts in compared.values if counts.difference(of)]
    bins = sorted((compared.bins or {}).items())
    largest = max(
        [
            abs(absent.difference(of)),
            *(abs(counts.difference(of)) for _, counts in values),
            *_below(bins, of),
        ]
    )
    listed: list[tuple[str | None, Counts]] = [*values, *([(None, absent)] if absent.difference(of) else [])]
    return FieldDifference(
        compared.name,
        compared.level,
        largest,
        [ValueDifference(value, counts, *counts.shares(of)) for value, counts in _ranked(listed, of)],
        [BinDifference(*_bounds(place), *counts.shares(of)) for place, counts in bins],
    )


def _ranked(values: list[tuple[str | None, Counts]], of: Counts) -> list[tuple[str | None, Counts]]:
    return sorted(values, key=lambda value: (-abs(value[1].difference(of)), value[0] is None, value[0] or ""))[
        :MOST_VALUES
    ]


def _below(bins: Sequence[tuple[int, Counts]], of: Counts) -> Iterable[float]:
    """Yield for the end of each bin the difference between the shares of numbers below it."""
    baseline = selection = 0
    for _, counts in bins:
        baseline += counts.baseline
        selection += counts.selection
        yield abs(Counts(baseline, selection).difference(of))

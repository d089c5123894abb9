"""Differences between two sets of spans, in plain Python."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from math import isfinite
from typing import Any, TypeAlias

import msgspec

from spanwell.observability.analysis.differences import (
    LARGEST_DOCUMENT,
    LEVELS,
    LONGEST_VALUE,
    NUMBER_COLUMNS,
    SAMPLE,
    TEXT_COLUMNS,
    Compared,
    Counts,
    DifferenceQuery,
    SpanDifference,
    bin_of,
    difference_of,
)
from spanwell.observability.model.span import Span
from spanwell.observability.model.text import json_of
from spanwell.observability.questions.conditions import Level

_Sides: TypeAlias = tuple[Sequence[Span], Sequence[Span]]


def plain_difference(baseline: Iterable[Span], selection: Iterable[Span], query: DifferenceQuery) -> SpanDifference:
    """Return the differences between two sets of spans."""
    selected = {span.key: span for span in selection}
    sides = [span for span in baseline if span.key not in selected], list(selected.values())
    sample = _sampled(sides[0]), _sampled(sides[1])
    return difference_of(_counts(sides), _columns(sides), _counts(sample), _attributes(sample), query.size)


def _counts(sides: _Sides) -> Counts:
    return Counts(len(sides[0]), len(sides[1]))


def _sampled(spans: Sequence[Span]) -> list[Span]:
    return sorted(spans, key=lambda span: (span.span_id, span.trace_id))[:SAMPLE]


def _columns(sides: _Sides) -> Iterator[Compared]:
    for column in (*TEXT_COLUMNS, *NUMBER_COLUMNS):
        values = [[value for span in side if (value := getattr(span, column.name)) is not None] for side in sides]
        present = Counts(*map(len, values))
        if column in TEXT_COLUMNS:
            yield Compared(column.label, None, present, _values([map(_text, side) for side in values]))
        else:
            yield Compared(column.label, None, present, bins=_bins(values))
    tags = [[tag for span in side for tag in set(span.tags or ())] for side in sides]
    yield Compared("tags", None, Counts(*(sum(bool(span.tags) for span in side) for side in sides)), _values(tags))


def _text(value: Any) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _values(sides: Sequence[Iterable[str]]) -> list[tuple[str, Counts]]:
    counters = [Counter(value for value in side if len(value) <= LONGEST_VALUE) for side in sides]
    return [(value, Counts(counters[0][value], counters[1][value])) for value in {*counters[0], *counters[1]}]


def _bins(sides: Sequence[Iterable[float]]) -> dict[int, Counts]:
    counters = [Counter(bin_of(value) for value in side if isfinite(value)) for side in sides]
    return {place: Counts(counters[0][place], counters[1][place]) for place in {*counters[0], *counters[1]}}


def _attributes(sides: _Sides) -> Iterator[Compared]:
    entries = [list(_entries(side)) for side in sides]
    for level, key in dict.fromkeys((level, key) for side in entries for level, key, _ in side):
        values = [[value for *owner, value in side if owner == [level, key]] for side in entries]
        numbers = [
            [float(v) for v in side if isinstance(v, int | float) and not isinstance(v, bool)] for side in values
        ]
        texts = [list(_texts(side)) for side in values]
        bins = _bins(numbers) or None
        yield Compared(key, level, Counts(*map(len, values)), _values(texts), bins)


def _entries(spans: Iterable[Span]) -> Iterator[tuple[Level, str, Any]]:
    for span in spans:
        for level in LEVELS:
            text = getattr(span, level.value)
            found = msgspec.json.decode(text) if text and len(text.encode()) <= LARGEST_DOCUMENT else None
            if isinstance(found, dict):
                yield from ((level, key, value) for key, value in found.items() if value is not None)


def _texts(values: Iterable[Any]) -> Iterator[str]:
    """Yield the values as texts; of a list, each different element is one."""
    for value in values:
        yield from {text for each in (value if isinstance(value, list) else [value]) for text in _scalar(each)}


def _scalar(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, bool | int | float):
        yield json_of(value)

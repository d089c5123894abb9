"""Statistics as SQL columns, and the conversion of their values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from spanwell.observability.questions.statistics import (
    USAGE,
    Basic,
    Distinct,
    Figure,
    Histogram,
    Measure,
    Measured,
    Quantile,
    Values,
)
from spanwell.storage.duckdb.conditions.sql import Sql

from .readers import Row

_BASIC: Mapping[Basic, str] = MappingProxyType(
    {
        Basic.COUNT: "count(*)",
        Basic.ERROR_COUNT: "count(*) FILTER (failed)",
        Basic.ERROR_RATE: "count(*) FILTER (failed) / nullif(count(*), 0)",
        Basic.DURATION_AVG: "avg(duration_ms)",
        Basic.DURATION_MIN: "min(duration_ms)",
        Basic.DURATION_MAX: "max(duration_ms)",
        Basic.INPUT_TOKENS: "sum(input_tokens) FILTER (speaks)",
        Basic.OUTPUT_TOKENS: "sum(output_tokens) FILTER (speaks)",
        Basic.TOTAL_TOKENS: "sum(total_tokens) FILTER (speaks)",
        Basic.CACHED_INPUT_TOKENS: "sum(cached_input_tokens) FILTER (speaks)",
        Basic.CACHE_WRITE_INPUT_TOKENS: "sum(cache_write_input_tokens) FILTER (speaks)",
        Basic.REASONING_TOKENS: "sum(reasoning_tokens) FILTER (speaks)",
        Basic.COST: "sum(cost_usd) FILTER (charges)",
        Basic.COVERAGE: "count(*) FILTER (speaks AND priced) / nullif(count(*) FILTER (speaks), 0)",
        Basic.TRACE_COUNT: "count(DISTINCT trace_id)",
    }
)

_TEXTS = "lambda v: CASE WHEN starts_with(v, '[') THEN json_extract_string(v, '$[*]') ELSE [v ->> '$'] END"
"""The texts of a JSON value, or of a list of them; read of values that are distinct as they are written."""

_QUANTILES = "quantile_cont(duration_ms, ?::DOUBLE[])"


def _measured(column: str, measure: Measure | Quantile | Histogram) -> Sql:
    match measure:
        case Quantile(share):
            return Sql(f"quantile_cont({column}, ?::DOUBLE)", (share,))
        case Histogram():
            return Sql(f"histogram({column}, ?::DOUBLE[])", (list(measure.ends),))
        case _:
            return Sql(f"{measure.value}({column})")


def _measured_in_lists(column: str, measure: Measure | Quantile | Histogram) -> Sql:
    """Aggregate the numbers in lists of them, which may have NULLs."""
    numbers = f"flatten(list({column}) FILTER ({column} IS NOT NULL))"
    match measure:
        case Quantile(share):
            return Sql(f"list_aggregate({numbers}, 'quantile_cont', ?::DOUBLE)", (share,))
        case Histogram():
            return Sql(f"list_aggregate({numbers}, 'histogram', ?::DOUBLE[])", (list(measure.ends),))
        case Measure.COUNT:
            return Sql(f"coalesce(list_aggregate({numbers}, 'count'), 0)")
        case _:
            return Sql(f"list_aggregate({numbers}, '{measure.value}')")


class Figures:
    """The figures as the columns of a SELECT; all quantiles are one column, so that durations are sorted once."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._figures = tuple(dict.fromkeys(figures))
        self._shares = sorted({figure.share for figure in self._figures if isinstance(figure, Quantile)})
        self._alone = [figure for figure in self._figures if not isinstance(figure, Quantile)]
        self.with_usage = not USAGE.isdisjoint(self._figures)
        self.numbers = [*dict.fromkeys(each.field for each in self._figures if isinstance(each, Measured))]
        """The fields whose numbers are aggregated: the columns `n0`, `n1`, ..."""
        self.values_of = [*dict.fromkeys(each.field for each in self._figures if isinstance(each, Distinct))]
        """The fields whose distinct values are counted: the columns `d0`, `d1`, ..."""

    def selected(self) -> Iterator[Sql]:
        """Yield the columns."""
        for number, figure in enumerate(self._alone):
            match figure:
                case Histogram():
                    yield Sql(f"histogram(duration_ms, ?::DOUBLE[]) AS f{number}", (list(figure.ends),))
                case Measured(field, measure):
                    read = _measured_in_lists if field.is_many else _measured
                    yield read(f"n{self.numbers.index(field)}", measure) + f" AS f{number}"
                case Distinct(field):
                    column = f"d{self.values_of.index(field)}"
                    listed = (
                        f"coalesce(list_unique(flatten(list_transform(list(DISTINCT {column}), {_TEXTS}))), 0)"
                        if field.is_many
                        else f"count(DISTINCT {column})"
                    )
                    yield Sql(f"{listed} AS f{number}")
                case _:
                    yield Sql(f"{_BASIC[figure]} AS f{number}")
        if self._shares:
            yield Sql(f"{_QUANTILES} AS quantiles", (self._shares,))

    def reference(self, figure: Figure) -> str:
        """Return the name of a figure in ORDER BY."""
        if isinstance(figure, Quantile):
            return f"quantiles[{self._shares.index(figure.share) + 1}]"
        return f"f{self._alone.index(figure)}"

    def values(self, rows: Sequence[Row], figures: Sequence[Figure]) -> list[Values]:
        """Return the values of `figures` from the end of each row."""
        if not rows or not figures:
            return [()] * len(rows)
        width = len(self._alone) + bool(self._shares)
        columns = list(zip(*rows, strict=True))[-width:]
        return list(zip(*(self._values(figure, columns) for figure in figures), strict=True))

    def _values(self, figure: Figure, columns: Sequence[Sequence[Any]]) -> Iterable[Any]:
        if isinstance(figure, Quantile):
            place = self._shares.index(figure.share)
            return [quantiles[place] if quantiles else None for quantiles in columns[-1]]
        column = columns[self._alone.index(figure)]
        measured = figure.measure if isinstance(figure, Measured) else figure
        if isinstance(measured, Histogram):
            none = dict.fromkeys(measured.ends, 0)
            return [tuple((counts or none).values()) for counts in column]
        return column

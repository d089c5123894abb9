"""Statistics in one statement, or in two where groups have to be ranked before they can be cut into buckets."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from server.observability.stats import (
    MOST_ROWS,
    USAGE,
    Basic,
    Figure,
    Histogram,
    Keys,
    Quantile,
    RankKey,
    Stats,
    StatsQuery,
    Values,
    check_rows,
)

from .readers import Cursor, Row, fetch
from .scopes import Scope
from .sql import Sql, join
from .stats_source import source

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
        Basic.COST: "sum(cost_usd) FILTER (charges)",
        Basic.COVERAGE: "count(*) FILTER (speaks AND priced) / nullif(count(*) FILTER (speaks), 0)",
        Basic.TRACE_COUNT: "count(DISTINCT trace_id)",
    }
)


_QUANTILES = "quantile_cont(duration_ms, ?::DOUBLE[])"
_OUTER_JOIN = " LEFT JOIN "

_ADD_UP: tuple[Figure, ...] = (Basic.COUNT, Basic.ERROR_COUNT)
"""What a group has in all is the sum over its buckets."""


class _Columns:
    """The figures as the columns of a SELECT; all quantiles are one column, so that durations are sorted once."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._figures = tuple(dict.fromkeys(figures))
        self._shares = sorted({figure.share for figure in self._figures if isinstance(figure, Quantile)})
        self._alone = [figure for figure in self._figures if not isinstance(figure, Quantile)]
        self.with_usage = not USAGE.isdisjoint(self._figures)

    def selected(self) -> Iterator[Sql]:
        for number, figure in enumerate(self._alone):
            match figure:
                case Histogram():
                    yield Sql(f"histogram(duration_ms, ?::DOUBLE[]) AS f{number}", (list(figure.ends),))
                case _:
                    yield Sql(f"{_BASIC[figure]} AS f{number}")
        if self._shares:
            yield Sql(f"{_QUANTILES} AS quantiles", (self._shares,))

    def reference(self, figure: Figure) -> str:
        """Return how an ORDER BY names a figure."""
        if isinstance(figure, Quantile):
            return f"quantiles[{self._shares.index(figure.share) + 1}]"
        return f"f{self._alone.index(figure)}"

    def values(self, row: Sequence[Any], figures: Sequence[Figure]) -> Values:
        """Return the values of some of the figures from the end of a row."""
        found: dict[Figure, Any] = {}
        if self._shares:
            *row, quantiles = row
            found.update((Quantile(share), value) for share, value in zip(self._shares, quantiles or (), strict=False))
        for figure, value in zip(self._alone, row[len(row) - len(self._alone) :], strict=True):
            found[figure] = value
            if isinstance(figure, Histogram):
                found[figure] = tuple((value or dict.fromkeys(figure.ends, 0)).values())
        return tuple(found.get(figure) for figure in figures)


class _Reading:
    """One question, asked of one cursor."""

    def __init__(self, cursor: Cursor, query: StatsQuery, scope: Scope) -> None:
        self._cursor = cursor
        self._query = query
        self._scope = scope
        self._columns = _Columns(query.figures)
        self._keys = [f"k{number}" for number in range(len(query.group_by))]

    def stats(self) -> Stats:
        query = self._query
        if not query.group_by:
            return Stats(((),), self._in_buckets(()))
        if query.only is not None:
            return Stats(query.only, self._placed(query.only))
        at_once = self._at_once()
        if at_once is not None:
            return at_once
        ranked = self._ranked()
        groups = tuple(ranked)[: query.first]
        if query.edges:
            check_rows(len(ranked), query)
            return Stats(groups, self._in_buckets(groups) if len(ranked) == len(groups) else self._placed(groups))
        cells = {(place, 0): ranked[keys] for place, keys in enumerate(groups)}
        if len(ranked) > len(groups):
            cells |= self._placed(groups, " WHERE place IS NULL")
        return Stats(groups, cells)

    def _at_once(self) -> Stats | None:
        """Return the groups in buckets, ranked by what they add up to; None if that cannot be told from few rows."""
        query = self._query
        if not query.edges or any(key.figure not in {None, *_ADD_UP} for key in query.order):
            return None
        columns = _Columns((*query.figures, *_ADD_UP))
        tail = f" GROUP BY {', '.join(self._keys)}, bucket LIMIT {MOST_ROWS + 1}"
        rows = self._fetch(self._select([*self._keys, "bucket"], columns, self._rows(columns) + tail))
        if len(rows) > MOST_ROWS:
            return None
        width = len(self._keys)
        totals: dict[Keys, Counter[Figure]] = {}
        for row in rows:
            counts = dict(zip(_ADD_UP, columns.values(row[width + 1 :], _ADD_UP), strict=True))
            totals.setdefault(row[:width], Counter()).update(counts)
        groups = _by_total(totals, query.order)[: query.first]
        check_rows(min(len(totals), len(groups) + 1), query)
        if len(totals) > len(groups) and not set(query.figures) <= set(_ADD_UP):
            return Stats(groups, self._placed(groups))
        return Stats(groups, _added(groups, [(row[:width], row[width], self._of(columns, row)) for row in rows]))

    def _of(self, columns: _Columns, row: Row) -> Values:
        return columns.values(row[len(self._keys) + 1 :], self._query.figures)

    def _ranked(self) -> dict[Keys, Values]:
        """Return the groups that come first, and one more if there is one, with their figures if they are not cut."""
        figures = () if self._query.edges else self._query.figures
        order = self._query.order
        columns = _Columns((*figures, *(key.figure for key in order if key.figure is not None)))
        ordered = [
            f"{name}{' DESC' if key.descending else ''} NULLS LAST"
            for key in order
            for name in ([columns.reference(key.figure)] if key.figure is not None else self._keys)
        ]
        ordered += [f"{name} NULLS LAST" for name in self._keys]
        tail = f" GROUP BY ALL ORDER BY {', '.join(ordered)} LIMIT {self._query.first + 1}"
        uncut = replace(self._query, edges=())
        rows = self._fetch(self._select(self._keys, columns, self._rows(columns, uncut) + tail))
        width = len(self._keys)
        return {row[:width]: columns.values(row[width:], figures) for row in rows}

    def _in_buckets(self, groups: tuple[Keys, ...]) -> dict[tuple[int, int], Values]:
        """Return the figures of all groups in each bucket."""
        named = [*self._keys, "bucket"] if self._query.edges else self._keys
        tail = f" GROUP BY {', '.join(named)}" if named else ""
        bucket = "bucket" if self._query.edges else "0"
        rows = self._fetch(self._select([*self._keys, bucket], self._columns, self._rows(self._columns) + tail))
        width = len(self._keys)
        places = {keys: place for place, keys in enumerate(groups)} or {(): 0}
        return {(places[row[:width]], row[width]): self._values(row[width + 1 :]) for row in rows}

    def _placed(self, groups: tuple[Keys, ...], where: str = "") -> dict[tuple[int, int], Values]:
        """Return the figures of some groups in each bucket, and those of all others as one group."""
        count = len(groups)
        texts = [[keys[number] for keys in groups] for number in range(len(self._keys))]
        unnested = ", ".join(f"unnest(?::VARCHAR[]) AS top{number}" for number in range(len(self._keys)))
        top = Sql(f"(SELECT {unnested}, unnest(range(?)) AS place)", (*texts, count))
        same = " AND ".join(f"k{number} IS NOT DISTINCT FROM top{number}" for number in range(len(self._keys)))
        joined = self._rows(self._columns) + _OUTER_JOIN + top + f" ON {same}{where} GROUP BY 1, 2"
        rows = self._fetch(self._select([f"coalesce(place, {count})", "bucket"], self._columns, joined))
        return {(row[0], row[1]): self._values(row[2:]) for row in rows}

    def _rows(self, columns: _Columns, query: StatsQuery | None = None) -> Sql:
        return "(" + source(query or self._query, self._scope, with_usage=columns.with_usage) + ")"

    def _select(self, names: Sequence[str], columns: _Columns, among: Sql) -> Sql:
        return "SELECT " + join(", ", [*map(Sql, names), *columns.selected()]) + " FROM " + among

    def _values(self, row: Sequence[Any]) -> Values:
        return self._columns.values(row, self._query.figures)

    def _fetch(self, statement: Sql) -> list[Row]:
        return fetch(self._cursor, statement)


def _by_total(totals: Mapping[Keys, Counter[Figure]], order: tuple[RankKey, ...]) -> tuple[Keys, ...]:
    """Return groups in an order of figures that add up; sorting by one key after another, the least one first."""
    groups = list(totals)
    for key in reversed((*order, RankKey(None, descending=False))):
        if key.figure is not None:
            figure = key.figure
            groups.sort(key=lambda keys: totals[keys][figure], reverse=key.descending)
            continue
        for number in reversed(range(len(groups[0]) if groups else 0)):
            groups.sort(key=lambda keys: keys[number] or "", reverse=key.descending)
            groups.sort(key=lambda keys: keys[number] is None)
    return tuple(groups)


def _added(groups: tuple[Keys, ...], rows: Iterable[tuple[Keys, int, Values]]) -> dict[tuple[int, int], Values]:
    """Return the figures of groups by their places; what belongs to no listed group is added up."""
    places = {keys: place for place, keys in enumerate(groups)}
    cells: dict[tuple[int, int], Values] = {}
    for keys, bucket, values in rows:
        at = places.get(keys, len(groups)), bucket
        before = cells.get(at)
        cells[at] = values if before is None else tuple(map(sum, zip(before, values, strict=True)))
    return cells


def read_stats(cursor: Cursor, query: StatsQuery, scope: Scope) -> Stats:
    """Return what a query asks for; all its statements see the same state of the store."""
    cursor.begin()
    try:
        return _Reading(cursor, query, scope).stats()
    finally:
        cursor.rollback()

"""Reads statistics in one statement, or in two if groups must be ranked before they are split into buckets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from operator import add, sub
from typing import TypeVar

from spanwell.observability.model.columns import Kind
from spanwell.observability.questions.statistics import (
    MOST_ROWS,
    Basic,
    Figure,
    Having,
    Keys,
    RankKey,
    Stats,
    StatsQuery,
    Values,
    check_rows,
)
from spanwell.storage.duckdb.conditions.operators import negation, test
from spanwell.storage.duckdb.conditions.scopes import Scope
from spanwell.storage.duckdb.conditions.sql import Sql, all_of, join

from .readers import Cursor, Row, fetch, one_state
from .statistics_figures import Figures
from .statistics_source import source

T = TypeVar("T")

_OUTER_JOIN = " LEFT JOIN "

_ADD_UP: tuple[Figure, ...] = (Basic.COUNT, Basic.ERROR_COUNT)
"""Figures whose total for a group is the sum over its buckets."""


class _Reading:
    """One query on one cursor."""

    def __init__(self, cursor: Cursor, query: StatsQuery, scope: Scope) -> None:
        self._cursor = cursor
        self._query = query
        self._scope = scope
        self._columns = Figures(query.figures)
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
        ranked, totals = self._ranked()
        groups = tuple(ranked)[: query.first]
        if query.having:
            return Stats(groups, self._alone(groups, ranked))
        if query.edges:
            check_rows(len(ranked), query)
            return Stats(groups, self._in_buckets(groups) if len(ranked) == len(groups) else self._placed(groups))
        cells = {(place, 0): ranked[keys] for place, keys in enumerate(groups)}
        if len(ranked) > len(groups) and totals:
            shown = map(sum, zip(*(ranked[keys] for keys in groups), strict=True))
            cells[len(groups), 0] = tuple(map(sub, totals, shown))
        elif len(ranked) > len(groups):
            cells |= self._placed(groups, " WHERE place IS NULL")
        return Stats(groups, cells)

    def _alone(self, groups: tuple[Keys, ...], ranked: Mapping[Keys, Values]) -> dict[tuple[int, int], Values]:
        """Return the figures of the groups only, without the rest."""
        check_rows(len(groups), self._query)
        if self._query.edges:
            return self._placed(groups, " WHERE place IS NOT NULL")
        return {(place, 0): ranked[keys] for place, keys in enumerate(groups)}

    def _at_once(self) -> Stats | None:
        """Return the groups in buckets, ranked by their totals; None if one statement is not enough for that."""
        query = self._query
        if not query.edges or query.having or any(key.figure not in {None, *_ADD_UP} for key in query.order):
            return None
        columns = Figures((*query.figures, *_ADD_UP))
        tail = f" GROUP BY {', '.join(self._keys)}, bucket LIMIT {MOST_ROWS + 1}"
        rows = self._fetch(self._select([*self._keys, "bucket"], columns, self._rows(columns) + tail))
        if len(rows) > MOST_ROWS:
            return None
        width = len(self._keys)
        keys = [row[:width] for row in rows]
        totals = _summed(zip(keys, columns.values(rows, _ADD_UP), strict=True))
        groups = _by_total(totals, query.order)[: query.first]
        check_rows(min(len(totals), len(groups) + 1), query)
        if len(totals) > len(groups) and not set(query.figures) <= set(_ADD_UP):
            return Stats(groups, self._placed(groups))
        places = {each: place for place, each in enumerate(groups)}
        at = [(places.get(each, len(groups)), row[width]) for each, row in zip(keys, rows, strict=True)]
        return Stats(groups, _summed(zip(at, columns.values(rows, query.figures), strict=True)))

    def _ranked(self) -> tuple[dict[Keys, Values], Values]:
        """Return the top groups, and one more if there is one, with their figures unless the query has buckets.

        Then follow the sums of the figures over all groups, if all of them add up.
        """
        figures = () if self._query.edges else self._query.figures
        order = self._query.order
        asked = (having.figure for having in self._query.having)
        columns = Figures((*figures, *(key.figure for key in order if key.figure is not None), *asked))
        ordered = [
            f"{name}{' DESC' if key.descending else ''} NULLS LAST"
            for key in order
            for name in ([columns.reference(key.figure)] if key.figure is not None else self._keys)
        ]
        ordered += [f"{name} NULLS LAST" for name in self._keys]
        uncut = replace(self._query, edges=())
        grouped = self._select(self._keys, columns, self._rows(columns, uncut) + " GROUP BY ALL")
        met = all_of(_test(having, columns.reference(having.figure)) for having in self._query.having)
        tail = f" ORDER BY {', '.join(ordered)} LIMIT {self._query.first + 1}"
        summed = figures if self._query.first and set(figures) <= set(_ADD_UP) else ()
        totals = "".join(f"sum({columns.reference(figure)}) OVER (), " for figure in summed)
        rows = self._fetch(f"SELECT {totals}* FROM (" + grouped + ") WHERE " + met + tail)
        begin, end = len(summed), len(summed) + len(self._keys)
        ranked = dict(zip((row[begin:end] for row in rows), columns.values(rows, figures), strict=True))
        return ranked, rows[0][:begin] if rows else ()

    def _in_buckets(self, groups: tuple[Keys, ...]) -> dict[tuple[int, int], Values]:
        """Return the figures of all groups in each bucket."""
        named = [*self._keys, "bucket"] if self._query.edges else self._keys
        tail = f" GROUP BY {', '.join(named)}" if named else ""
        bucket = "bucket" if self._query.edges else "0"
        rows = self._fetch(self._select([*self._keys, bucket], self._columns, self._rows(self._columns) + tail))
        width = len(self._keys)
        places = {keys: place for place, keys in enumerate(groups)} or {(): 0}
        return self._cells(((places[row[:width]], row[width]) for row in rows), rows)

    def _placed(self, groups: tuple[Keys, ...], where: str = "") -> dict[tuple[int, int], Values]:
        """Return the figures of the groups in each bucket, and of all others as one group."""
        count = len(groups)
        texts = [[keys[number] for keys in groups] for number in range(len(self._keys))]
        unnested = ", ".join(f"unnest(?::VARCHAR[]) AS top{number}" for number in range(len(self._keys)))
        top = Sql(f"(SELECT {unnested}, unnest(range(?)) AS place)", (*texts, count))
        same = " AND ".join(f"k{number} IS NOT DISTINCT FROM top{number}" for number in range(len(self._keys)))
        joined = self._rows(self._columns) + _OUTER_JOIN + top + f" ON {same}{where} GROUP BY 1, 2"
        rows = self._fetch(self._select([f"coalesce(place, {count})", "bucket"], self._columns, joined))
        return self._cells(((row[0], row[1]) for row in rows), rows)

    def _rows(self, columns: Figures, query: StatsQuery | None = None) -> Sql:
        return "(" + source(query or self._query, self._scope, columns) + ")"

    def _select(self, names: Sequence[str], columns: Figures, among: Sql) -> Sql:
        return "SELECT " + join(", ", [*map(Sql, names), *columns.selected()]) + " FROM " + among

    def _cells(self, at: Iterable[tuple[int, int]], rows: Sequence[Row]) -> dict[tuple[int, int], Values]:
        return dict(zip(at, self._columns.values(rows, self._query.figures), strict=True))

    def _fetch(self, statement: Sql) -> list[Row]:
        return fetch(self._cursor, statement)


def _test(having: Having, figure: str) -> Sql:
    met = test(Sql(figure), Kind.NUMBER, having.op, having.value)
    return negation(met) if having.negated else met


def _by_total(totals: Mapping[Keys, Values], order: tuple[RankKey, ...]) -> tuple[Keys, ...]:
    """Return groups sorted by additive figures; sorts by one key after another, the least significant first."""
    groups = list(totals)
    for key in reversed((*order, RankKey(None, descending=False))):
        if key.figure is not None:
            place = _ADD_UP.index(key.figure)
            groups.sort(key=lambda keys: totals[keys][place], reverse=key.descending)
            continue
        for number in reversed(range(len(groups[0]) if groups else 0)):
            groups.sort(key=lambda keys: keys[number] or "", reverse=key.descending)
            groups.sort(key=lambda keys: keys[number] is None)
    return tuple(groups)


def _summed(pairs: Iterable[tuple[T, Values]]) -> dict[T, Values]:
    """Return the values of each key; those of repeated keys are added up."""
    found: dict[T, Values] = {}
    for key, values in pairs:
        before = found.get(key)
        found[key] = values if before is None else tuple(map(add, before, values))
    return found


def read_stats(cursor: Cursor, query: StatsQuery, scope: Scope) -> Stats:
    """Return the statistics of a query; all its statements see the same state of the store."""
    reading = _Reading(cursor, query, scope)
    if not query.group_by:  # one statement
        return reading.stats()
    with one_state(cursor):
        return reading.stats()

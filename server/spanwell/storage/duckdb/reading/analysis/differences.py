"""Compares two sets of spans field by field: columns over all spans, attributes over a sample."""

from collections.abc import Iterable, Sequence
from typing import Any

from spanwell.observability.analysis.differences import (
    BINS,
    LARGEST_DOCUMENT,
    LEVELS,
    LONGEST_VALUE,
    MOST_VALUES,
    NUMBER_COLUMNS,
    SAMPLE,
    TEXT_COLUMNS,
    ZERO,
    Compared,
    Counts,
    DifferenceQuery,
    SpanDifference,
    difference_of,
)
from spanwell.observability.model.columns import ColumnDef
from spanwell.observability.model.span import SPAN_COLUMN
from spanwell.observability.questions.conditions import Level
from spanwell.storage.duckdb.conditions.operators import negation
from spanwell.storage.duckdb.conditions.scopes import OF_SPANS
from spanwell.storage.duckdb.conditions.sql import Sql, join
from spanwell.storage.duckdb.conditions.where import where
from spanwell.storage.duckdb.reading.readers import Cursor, Row, fetch, one_state

_SIDES = "count(*) FILTER (NOT sel) AS b, count(*) FILTER (sel) AS s"
_TAGS = SPAN_COLUMN["tags"]
_NUMBERS = "('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE')"


def read_difference(query: DifferenceQuery, cursor: Cursor) -> SpanDifference:
    """Return how two sets of spans differ, field by field (`ObservabilityStorage.get_span_difference`)."""
    with one_state(cursor):
        totals, texts = _texts(query, cursor)
        columns = [*texts, *_numbers(query, cursor), *_tags(query, totals, cursor)]
        sampled, attributes = _attributes(query, cursor)
    return difference_of(totals, columns, sampled, attributes, query.size)


def _selected(query: DifferenceQuery) -> Sql:
    return "coalesce(" + where(query.selection, OF_SPANS) + ", FALSE)"


def _marked(query: DifferenceQuery, selected: Iterable[str]) -> Sql:
    """Select expressions over the spans of both sides, and which side each span is on."""
    either = "(" + where(query.selection, OF_SPANS) + ") OR (" + where(query.baseline, OF_SPANS) + ")"
    return (
        "(SELECT "
        + join(", ", [_selected(query) + " AS sel", *map(Sql, selected)])
        + " FROM spans WHERE "
        + either
        + ")"
    )


def _texts(query: DifferenceQuery, cursor: Cursor) -> tuple[Counts, list[Compared]]:
    """Return the span count of each side, and the comparison of their text columns."""
    columns = _filled(TEXT_COLUMNS, cursor)
    if not columns:
        return Counts(0, 0), []
    named = [f'CAST("{column.name}" AS VARCHAR) AS c{place}' for place, column in enumerate(columns)]
    best = f"{_BEST} FILTER (v IS NOT NULL AND length(v) <= {LONGEST_VALUE}), min(nb), min(ns)"
    rows = fetch(cursor, _grouped(query, named, best))
    bits = _bits(len(named))
    found = [Compared(columns[bits[row[0]]].label, None, Counts(row[1], row[2]), _values(row[3])) for row in rows]
    return (Counts(rows[0][4], rows[0][5]) if rows else Counts(0, 0)), found


def _numbers(query: DifferenceQuery, cursor: Cursor) -> list[Compared]:
    """Return the comparison of the numeric columns."""
    columns = _filled(NUMBER_COLUMNS, cursor)
    if not columns:
        return []
    named = [_bin(f'"{column.name}"') + f" AS c{place}" for place, column in enumerate(columns)]
    rows = fetch(cursor, _grouped(query, named, "list({v: v, b: b, s: s}) FILTER (v IS NOT NULL)"))
    bits = _bits(len(named))
    return [Compared(columns[bits[row[0]]].label, None, Counts(row[1], row[2]), bins=_bins(row[3])) for row in rows]


def _filled(columns: Sequence[ColumnDef], cursor: Cursor) -> list[ColumnDef]:
    """Return the columns in which any span has a value; for all-empty columns, DuckDB reads only statistics."""
    asked = ", ".join(f'EXISTS (SELECT 1 FROM spans WHERE "{column.name}" IS NOT NULL)' for column in columns)
    (found,) = fetch(cursor, Sql("SELECT " + asked))
    return [column for column, is_filled in zip(columns, found, strict=True) if is_filled]


def _tags(query: DifferenceQuery, totals: Counts, cursor: Cursor) -> list[Compared]:
    """Return the comparison of tags; spans with equal tags are counted together first."""
    if not _filled([_TAGS], cursor):
        return []
    alike = f"SELECT tags, {_SIDES} FROM " + _marked(query, ['"tags"']) + " GROUP BY tags"
    each = "SELECT unnest(list_distinct(tags)) AS v, b, s FROM alike"
    counted = f"SELECT v, sum(b)::BIGINT AS b, sum(s)::BIGINT AS s FROM ({each}) WHERE length(v) <= {LONGEST_VALUE}"
    of = Sql("(SELECT ?::BIGINT AS nb, ?::BIGINT AS ns)", (totals.baseline, totals.selection))
    have = "SELECT coalesce(sum(b), 0)::BIGINT AS hb, coalesce(sum(s), 0)::BIGINT AS hs FROM alike WHERE len(tags) > 0"
    ((b, s, best),) = fetch(
        cursor,
        "WITH alike AS MATERIALIZED ("
        + alike
        + f") SELECT any_value(hb), any_value(hs), {_BEST} FILTER (v IS NOT NULL)"
        f" FROM ({have}), " + of + f" LEFT JOIN ({counted} GROUP BY v) counted ON TRUE",
    )
    return [Compared("tags", None, Counts(b, s), _values(best))]


def _grouped(query: DifferenceQuery, named: Sequence[str], figure: str) -> Sql:
    """Select for each expression how many spans have a value, and a figure of the values; all from one scan."""
    names = [f"c{place}" for place in range(len(named))]
    sets = ", ".join(f"({name})" for name in names)
    cells = (
        f"SELECT grouping({', '.join(names)})::BIGINT AS place, coalesce({', '.join(names)}) AS v, {_SIDES} FROM "
        + _marked(query, named)
        + f" GROUP BY GROUPING SETS ({sets})"
    )
    return (
        "WITH cells AS MATERIALIZED (" + cells + "), n AS (SELECT sum(b)::BIGINT AS nb, sum(s)::BIGINT AS ns FROM cells"
        " WHERE place = (SELECT min(place) FROM cells)) "
        "SELECT place, coalesce(sum(b) FILTER (v IS NOT NULL), 0)::BIGINT,"
        f" coalesce(sum(s) FILTER (v IS NOT NULL), 0)::BIGINT, {figure} FROM cells, n GROUP BY place"
    )


def _bits(count: int) -> dict[int, int]:
    """Return the result of `grouping` for each column: a bit for every column not in the set, the first one highest."""
    return {(1 << count) - 1 - (1 << (count - 1 - place)): place for place in range(count)}


_BEST = (
    "min({d: -abs(coalesce(s / nullif(ns, 0), 0) - coalesce(b / nullif(nb, 0), 0)), v: v, b: b, s: s},"
    f" {MOST_VALUES})"
)
"""The aggregate of the values whose shares differ most."""


def _bin(number: str) -> str:
    place = f"({ZERO} + floor(log2(abs({number})) * {BINS}))"
    return f"CASE WHEN {number} = 0 THEN 0 WHEN {number} > 0 THEN {place} ELSE -{place} END::INTEGER"


def _values(best: Iterable[dict[str, Any]] | None) -> list[tuple[str, Counts]]:
    return [(one["v"], Counts(one["b"], one["s"])) for one in best or ()]


def _bins(bins: Iterable[dict[str, Any]] | None) -> dict[int, Counts]:
    return {one["v"]: Counts(one["b"], one["s"]) for one in bins or () if one["v"] is not None}


def _attributes(query: DifferenceQuery, cursor: Cursor) -> tuple[Counts, list[Compared]]:
    rows = fetch(cursor, _sample(query) + _OF_KEYS)
    return (Counts(*rows[0][-2:]) if rows else Counts(0, 0)), [_compared(row[:-2]) for row in rows]


def _compared(row: Row) -> Compared:
    level, key, b, s, best, bins = row
    return Compared(key, Level(level), Counts(b, s), _values(best), _bins(bins) or None)


def _sample(query: DifferenceQuery) -> Sql:
    """Return the WITH clause with a sample of both sides, and the entries of its JSON objects."""
    documents = ", ".join(
        f'CASE WHEN strlen({text}) <= {LARGEST_DOCUMENT} THEN {text} END AS "{level.value}"'
        for level in LEVELS
        for text in [OF_SPANS.column(level.value)]
    )
    selected = where(query.selection, OF_SPANS)
    baseline = "(" + where(query.baseline, OF_SPANS) + ") AND " + negation(selected)
    chosen = "WITH chosen AS MATERIALIZED (" + _first(selected) + " UNION ALL " + _first(baseline) + "), "
    return (
        chosen
        + "sample AS MATERIALIZED (SELECT "
        + _selected(query)
        + f" AS sel, {documents} FROM spans WHERE rowid IN (SELECT place FROM chosen))"
    )


def _first(condition: Sql) -> Sql:
    """Select the rows of the first spans by id: an ORDER BY of two texts with a LIMIT takes three times as long."""
    first = f"min({{span: span_id, trace: trace_id, place: rowid}}, {SAMPLE})"
    return f"SELECT unnest({first}).place AS place FROM spans WHERE " + condition


_OBJECTS = " UNION ALL ".join(
    f"SELECT '{level.value}' AS level, sel, \"{level.value}\" AS object FROM sample" for level in LEVELS
)
_ENTRIES = (
    "SELECT level, sel, key, type, CASE WHEN type = 'VARCHAR' THEN value ->> '$'"
    f" WHEN type IN {_NUMBERS} OR type = 'BOOLEAN' THEN CAST(value AS VARCHAR) END AS v,"
    f" CASE WHEN type IN {_NUMBERS} THEN TRY_CAST(value AS DOUBLE) END AS number,"
    " CASE WHEN type = 'ARRAY' THEN value END AS list"
    f" FROM (SELECT * FROM ({_OBJECTS}) WHERE json_type(object) = 'OBJECT') o, json_each(o.object)"
    " WHERE type <> 'NULL'"
)
_ELEMENTS = (
    "list_distinct(list_transform(json_extract(list, '$[*]'), lambda e: CASE json_type(e) WHEN 'VARCHAR' THEN e ->> '$'"
    " WHEN 'ARRAY' THEN NULL WHEN 'OBJECT' THEN NULL WHEN 'NULL' THEN NULL ELSE CAST(e AS VARCHAR) END))"
)
_VALUES = (
    "SELECT level, key, sel, v FROM entries"
    f" UNION ALL SELECT level, key, sel, unnest({_ELEMENTS}) AS v FROM entries WHERE list IS NOT NULL"
)
_OF_KEYS = (
    f", entries AS MATERIALIZED ({_ENTRIES}), "
    "n AS MATERIALIZED (SELECT count(*) FILTER (NOT sel) AS nb, count(*) FILTER (sel) AS ns FROM sample), "
    f"present AS (SELECT level, key, {_SIDES} FROM entries GROUP BY level, key), "
    f"texts AS (SELECT level, key, v, {_SIDES} FROM ({_VALUES})"
    f" WHERE length(v) <= {LONGEST_VALUE} GROUP BY level, key, v), "
    f"bests AS (SELECT level, key, {_BEST} AS best FROM texts, n GROUP BY level, key), "
    f"bins AS (SELECT level, key, {_bin('number')} AS v, {_SIDES} FROM entries WHERE isfinite(number) GROUP BY ALL), "
    "lists AS (SELECT level, key, list({v: v, b: b, s: s}) AS bins FROM bins GROUP BY level, key) "
    "SELECT level, key, b, s, best, bins, nb, ns FROM present"
    " LEFT JOIN bests USING (level, key) LEFT JOIN lists USING (level, key), n"
)

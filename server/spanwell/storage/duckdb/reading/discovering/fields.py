"""Reads the fields in use, and the values of a field, in one statement each."""

from collections.abc import Iterable, Mapping

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.span import SPAN_COLUMNS
from spanwell.observability.model.text import fold
from spanwell.observability.questions.conditions import MANY, Condition, Level
from spanwell.observability.questions.discovery import (
    LARGEST_DOCUMENT,
    LONGEST_VALUE,
    MOST_KEYS,
    SAMPLE,
    FieldValue,
    Seen,
    SeenKey,
    ValuesQuery,
)
from spanwell.observability.questions.fields import FIELDS_OF_TRACES
from spanwell.observability.questions.ordering import NEWEST_SPANS
from spanwell.storage.duckdb.conditions.fields import Parts, each_text_of, text_of
from spanwell.storage.duckdb.conditions.paging import order_by
from spanwell.storage.duckdb.conditions.referred import joins, scope_of
from spanwell.storage.duckdb.conditions.scopes import OF_SPANS, OF_TRACES
from spanwell.storage.duckdb.conditions.sql import TRUE, Sql, all_of, join
from spanwell.storage.duckdb.conditions.where import where
from spanwell.storage.duckdb.reading.readers import Cursor, fetch

_KINDS = {
    **dict.fromkeys(("BIGINT", "UBIGINT", "HUGEINT", "DOUBLE"), Kind.NUMBER),
    **dict.fromkeys(("OBJECT", "ARRAY"), Kind.JSON),
    "VARCHAR": Kind.TEXT,
    "BOOLEAN": Kind.FLAG,
}
"""The value kind of each of DuckDB's JSON types; null has none."""


def key_of(level: str, own: bool, name: str, types: Iterable[str], count: int) -> SeenKey:  # noqa: FBT001 - of a row
    """Return a discovered key from its row."""
    return SeenKey(Level(level), name, frozenset(_KINDS[each] for each in types if each in _KINDS), count, own)


def read_seen(condition: Condition, cursor: Cursor) -> Seen:
    """Return the fields and attribute keys of the newest spans (`ObservabilityStorage.look_for_fields`)."""
    rows = fetch(cursor, _seen(condition))
    columns, of_traces = ({row[2]: row[4] for row in rows if row[0] == whose} for whose in _COLUMNS_OF)
    return Seen(columns, [key_of(*row) for row in rows if row[0] not in _COLUMNS_OF], of_traces)


_COLUMNS_OF = ("span", "trace")
"""What rows about columns say instead of a level."""


def counted_columns(whose: str, counts: Mapping[str, str], among: Sql) -> Sql:
    """Select a row for each column, with its count, in the form of the rows about attribute keys."""
    names, seen = ", ".join(f"'{name}'" for name in counts), ", ".join(counts.values())
    selected = f"SELECT '{whose}' AS level, FALSE AS own, unnest([{names}]) AS key, []::VARCHAR[] AS types"
    return f"{selected}, unnest([{seen}])::BIGINT AS seen FROM " + among


def columns_of_traces(spans: Sql) -> Sql:
    """Count for each column of traces the spans, of some, that are of a trace that has it."""
    counts = {
        column.name: f'coalesce(sum(n) FILTER (traces."{OF_TRACES.columns[column.name].name}" IS NOT NULL), 0)'
        for column in FIELDS_OF_TRACES
    }
    numbered = "(SELECT trace_id, count(*) AS n FROM " + spans + " GROUP BY trace_id) JOIN traces USING (trace_id)"
    return counted_columns(_COLUMNS_OF[1], counts, numbered)


def _seen(condition: Condition) -> Sql:
    has = ", ".join(f'"{column.name}" IS NOT NULL AS "has_{column.name}"' for column in SPAN_COLUMNS)
    small = ", ".join(
        f'CASE WHEN strlen({document}) <= {LARGEST_DOCUMENT} THEN {document} END AS "{level.value}"'
        for level in Level
        for document in [OF_SPANS.column(level.value)]
    )
    columns = {column.name: f'count(*) FILTER ("has_{column.name}")' for column in SPAN_COLUMNS}
    return (
        "WITH newest AS MATERIALIZED (SELECT rowid AS place FROM spans WHERE "
        + where(condition, OF_SPANS)
        + f" ORDER BY {order_by(NEWEST_SPANS, OF_SPANS).text} LIMIT {SAMPLE}), "
        f"sample AS MATERIALIZED (SELECT rowid AS place, trace_id, {has}, {small} FROM spans"
        " WHERE rowid IN (SELECT place FROM newest)), "
        f"objects AS ({' UNION ALL '.join(map(_objects, Level))}), "
        "members AS (SELECT level, own, place, key, CASE WHEN type = 'ARRAY' THEN list_transform("
        "json_extract(value, '$[*]'), lambda e: json_type(e)) ELSE [type] END AS types"
        " FROM (SELECT level, own, place, object FROM objects WHERE json_type(object) = 'OBJECT') o,"
        " json_each(o.object) WHERE NOT own OR key <> 'attributes'), "
        "keys AS (SELECT level, own, key, list_distinct(flatten(list(DISTINCT types))) AS types,"
        " count(DISTINCT place) AS seen FROM members"
        f" GROUP BY level, own, key ORDER BY seen DESC, level, own, key LIMIT {MOST_KEYS}) "
        + counted_columns(_COLUMNS_OF[0], columns, Sql("sample"))
        + " UNION ALL "
        + columns_of_traces(Sql("sample"))
        + " UNION ALL (SELECT level, own, key, types, seen FROM keys ORDER BY seen DESC, level, own, key)"
    )


def _objects(level: Level) -> str:
    column = f'"{level.value}"'
    own = {"FALSE": column}
    if level in MANY:
        own = {name: f"unnest(json_extract({column}, '{path}'))" for name, path in OF_MANY.items()}
    return " UNION ALL ".join(
        f"SELECT '{level.value}' AS level, {name} AS own, place, {objects} AS object FROM sample"
        f" WHERE {column} IS NOT NULL"
        for name, objects in own.items()
    )


OF_MANY = {"FALSE": "$[*].attributes", "TRUE": "$[*]"}
"""The paths to an event's or link's members: those in its attributes, and its own."""


def read_values(query: ValuesQuery, cursor: Cursor) -> list[FieldValue]:
    """Return the values of a field with their counts (`ObservabilityStorage.list_field_values`)."""
    return [FieldValue(value, count) for value, count in fetch(cursor, _values(query))]


def _values(query: ValuesQuery) -> Sql:
    scope, parts = scope_of(query.field, OF_SPANS), Parts()
    if query.field.is_many:
        text = "unnest(" + each_text_of(query.field, scope, parts, or_null=False) + ")"
    else:
        text = Sql(parts.named(text_of(query.field, scope)))
    counted = (
        "SELECT text, count(*) AS seen FROM (SELECT "
        + text
        + " AS text FROM (SELECT "
        + join(", ", parts.columns)
        + " FROM spans"
        + joins(OF_SPANS, [query.field])
        + " WHERE "
        + where(query.where, OF_SPANS)
        + f")) WHERE text IS NOT NULL AND strlen(text) <= {LONGEST_VALUE} AND "
        + _asked(query)
        + " GROUP BY text"
    )
    order = "text" if query.by_value else "seen DESC, text"
    return "SELECT text, seen FROM (" + counted + ") WHERE " + _after(query) + f" ORDER BY {order} LIMIT {query.size}"


def _asked(query: ValuesQuery) -> Sql:
    """Return the SQL condition on the prefix of a value's text, and on the text it must contain."""
    begins = Sql("starts_with(lower(text), ?)", (fold(query.prefix),)) if query.prefix else TRUE
    shown = f"substr(text, {query.skipped + 1})" if query.skipped else "text"
    has = Sql(f"contains(lower({shown}), ?)", (fold(query.contains),)) if query.contains else TRUE
    return all_of((begins, has))


def _after(query: ValuesQuery) -> Sql:
    if query.after is None:
        return TRUE
    value, count = query.after.value, query.after.count
    if query.by_value:
        return Sql("text > ?", (value,))
    return Sql("seen <= ? AND (seen < ? OR text > ?)", (count, count, value))

"""Reads the keys of all attributes of the spans that meet a condition."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from spanwell.observability.model.span import SPAN_COLUMNS
from spanwell.observability.questions.conditions import MANY, Condition, Level
from spanwell.observability.questions.discovery import LARGEST_DOCUMENT, FieldsQuery, Seen, ranked
from spanwell.storage.duckdb.conditions.scopes import OF_SPANS
from spanwell.storage.duckdb.conditions.sql import Sql, join
from spanwell.storage.duckdb.conditions.where import where
from spanwell.storage.duckdb.reading.readers import Cursor, Row, fetch
from spanwell.storage.duckdb.tables.shared_text import is_shortened_sql

from .fields import OF_MANY, columns_of_traces, counted_columns, key_of


def read_every(query: FieldsQuery, cursor: Cursor) -> Seen:
    """Return the fields and attribute keys of all spans (`ObservabilityStorage.look_for_fields`)."""
    condition = query.where
    among = "spans WHERE " + where(condition, OF_SPANS)
    counts = {column.name: f'count("{column.name}")' for column in SPAN_COLUMNS}
    columns, of_traces = (
        {name: count for _, _, name, _, count in fetch(cursor, statement)}
        for statement in (counted_columns("span", counts, among), columns_of_traces(among))
    )
    rows = read_keys(condition, cursor, with_types=query.with_types)
    keys = [key_of(level, own, key, types, count) for _, level, own, key, types, count in rows]
    return Seen(columns, ranked(keys), of_traces)


def read_keys(condition: Condition, cursor: Cursor, tenant: str = "''", *, with_types: bool = True) -> list[Row]:
    """Return tenant, level, whether the key is an own member, key, types of its values, and how many spans have it.

    `tenant` is the SQL expression of a span's tenant. Without types, they are empty.
    """
    types = _TYPES if with_types else _NO_TYPES
    return fetch(cursor, join(" UNION ALL ", _each_level(condition, tenant, types)))


def _each_level(condition: Condition, tenant: str, types: "_Types") -> Iterator[Sql]:
    for level in Level:
        paths: Mapping[str, str | None] = OF_MANY if level in MANY else {"FALSE": None}
        for own, path in paths.items():
            yield _of_level(level, own, path, condition, tenant, types)


def _of_level(  # noqa: PLR0913, PLR0917 - what one level is asked for
    level: Level, own: str, path: str | None, condition: Condition, tenant: str, types: "_Types"
) -> Sql:
    """Select the keys at a level. A span with several events or links counts once for each of their keys."""
    object_ = "document" if path is None else f"unnest(json_extract(document, '{path}'))"
    place, counted = ("0", "sum(n)") if path is None else ("place", "count(DISTINCT place)")
    documents = join(
        " UNION ALL ",
        (
            f"SELECT {tenant} AS tenant, spans.rowid AS place, {document} AS document FROM spans WHERE {are} AND ("
            + where(condition, OF_SPANS)
            + ")"
            for document, are in _documents(level)
        ),
    )
    entries = (
        f"SELECT tenant, {place} AS place, e.key AS key{types.of_value}"
        f" FROM (SELECT * FROM (SELECT tenant, place, {object_} AS object FROM ("
        + documents
        + f") WHERE strlen(document) <= {LARGEST_DOCUMENT}) WHERE {_IS_OBJECT}) o,"
        f" json_each(o.object) e WHERE NOT {own} OR e.key <> 'attributes'"
    )
    return (
        f"SELECT tenant, '{level.value}' AS level, {own} AS own, key, {types.together} AS types,"
        f" {counted}::BIGINT AS seen FROM (SELECT *, count(*) AS n FROM ("
        + entries
        + ") GROUP BY ALL) GROUP BY tenant, key"
    )


def _documents(level: Level) -> Iterator[tuple[str, str]]:
    """Yield the SQL of documents, and of the condition on which spans have them.

    Shortened attributes are read by themselves, since only they need `input` and `output`, which are long.
    """
    stored = OF_SPANS.as_stored(level.value)
    if level is Level.SPAN:
        yield stored, f"NOT ({is_shortened_sql(stored)})"
        yield OF_SPANS.column(level.value), is_shortened_sql(stored)
    else:
        yield stored, f"{stored} IS NOT NULL"


class _Types(NamedTuple):
    """The SQL of the columns of a value's type and of its elements' types, and of all types of a key."""

    of_value: str
    together: str


_TYPES = _Types(
    ", e.type AS type,"
    " CASE WHEN e.type = 'ARRAY' THEN list_sort(list_distinct(json_type(e.value, '$[*]'))) END AS elements",
    "list_distinct(flatten(list(coalesce(elements, [type]))))",
)
_NO_TYPES = _Types("", "[]::VARCHAR[]")
_IS_OBJECT = "starts_with(ltrim(object, ' ' || chr(9) || chr(10) || chr(13)), '{')"
"""Whether a JSON value is an object, without reading all of it."""

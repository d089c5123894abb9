"""Maps the columns of a Parquet file: SQL that reads each, and Python where SQL is not strict enough."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from spanwell.importing.names import COLUMN_OF, IGNORED
from spanwell.importing.values import WRONG_TYPE, read_attributes, read_json, read_moment, read_others
from spanwell.observability.model.columns import ColumnDef, Kind
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.span import SPAN_COLUMN, SPAN_COLUMNS
from spanwell.observability.model.times import EARLIEST, plain_epoch

_TEXTS = msgspec.json.Decoder(list[str])
_OUTSIDE = EARLIEST - 1
"""Stands for a time outside the range of nanoseconds, so that it is refused like any other."""

_NOTHING = '"NULL"'
"""The type of a column with nothing but nulls."""

_WHOLE = {f"{sign}{size}" for sign in ("", "U") for size in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT")}


@dataclass(frozen=True)
class Source:
    """The source of a record's column: its name in the file, its SQL, and the function that reads the SQL's value."""

    name: str
    column: ColumnDef
    sql: str
    read: Callable[[Any], Any] | None = None


class NoSpans(Exception):
    """The file has no spans; the message names the missing or unexpected column."""


def sources_of(described: Mapping[str, str]) -> list[Source]:
    """Return the sources in a file with these column types. Raises `NoSpans`."""
    described = {name: kind for name, kind in described.items() if kind != _NOTHING}
    found = {COLUMN_OF[name]: _source(name, kind) for name, kind in described.items() if name in COLUMN_OF}
    missing = [c.label for c in SPAN_COLUMNS if c.required and c.name not in found]
    if missing:
        raise NoSpans(f"has no column {' or '.join(missing)}, so it does not contain spans")
    others = {name: kind for name, kind in described.items() if name not in COLUMN_OF and name not in IGNORED}
    if others:
        found["attributes"] = _with_others(found.get("attributes"), others)
    return list(found.values())


def _with_others(attributes: Source | None, others: Mapping[str, str]) -> Source:
    members = ", ".join(f"{quoted_text(name)}, {_as_json(name, kind)}" for name, kind in others.items())
    sql = f"CAST(json_object({members}) AS VARCHAR)"
    if attributes is None:
        return Source("attributes", SPAN_COLUMN["attributes"], sql, read_others)
    return Source("attributes", SPAN_COLUMN["attributes"], f"[{attributes.sql}, {sql}]", read_attributes)


def _as_json(name: str, kind: str) -> str:
    read = quoted_name(name)
    match kind:
        case "FLOAT":  # as text: DuckDB's JSON would write the digits of a DOUBLE, which a FLOAT does not have
            return f"CASE WHEN isfinite({read}) THEN CAST(CAST({read} AS VARCHAR) AS JSON) END"
        case "DOUBLE":
            return f"CASE WHEN isfinite({read}) THEN {read} END"
        case _:
            return read


def _source(name: str, kind: str) -> Source:
    column = SPAN_COLUMN[COLUMN_OF[name]]
    sql, read = _FORMS.get(column.kind, _text)(name, kind, column)
    return Source(name, column, sql, read)


_Form = tuple[str, Callable[[Any], Any] | None]


def _moment(name: str, kind: str, _: ColumnDef) -> _Form:
    read = quoted_name(name)
    if kind == "VARCHAR":
        return read, read_moment
    if kind not in _WHOLE and not kind.startswith("TIMESTAMP"):
        raise NoSpans(f"has a column {name} of type {kind}, which is not a time")
    # epoch_ns alone fails on a column's statistics if any of its times is out of range.
    nanos = f"TRY_CAST({read} AS BIGINT)" if kind in _WHOLE else f"epoch_ns(TRY_CAST({read} AS TIMESTAMP_NS))"
    checked = f"CASE WHEN {read} IS NOT NULL THEN coalesce({nanos}, {_OUTSIDE}) END"
    return checked, plain_epoch if kind in _WHOLE else None


def _flag(name: str, kind: str, _: ColumnDef) -> _Form:
    if kind not in _WHOLE | {"BOOLEAN"}:
        raise NoSpans(f"has a column {name} of type {kind}, which is not boolean")
    return f"coalesce(CAST({quoted_name(name)} AS BOOLEAN), FALSE)", None


def _json(name: str, kind: str, _: ColumnDef) -> _Form:
    read = quoted_name(name)
    return f"CAST({read if kind in {'VARCHAR', 'JSON'} else f'to_json({read})'} AS VARCHAR)", read_json


def _texts(name: str, kind: str, _: ColumnDef) -> _Form:
    read = quoted_name(name)
    listed = f"to_json(CAST({read} AS VARCHAR[]))" if kind.endswith("[]") else read
    return f"CAST({listed} AS VARCHAR)", _read_texts


def _read_texts(text: str) -> list[str]:
    try:
        return _TEXTS.decode(text)
    except msgspec.DecodeError:
        raise InvalidInput(WRONG_TYPE) from None


def _enum(name: str, _: str, column: ColumnDef) -> _Form:
    members = {member.value: member for member in column.value_type}

    def read(text: str) -> Any:
        if text not in members:
            raise InvalidInput(f"is none of {', '.join(members)}")
        return members[text]

    return f"CAST({quoted_name(name)} AS VARCHAR)", read


def _text(name: str, _: str, column: ColumnDef) -> _Form:
    read = f"CAST({quoted_name(name)} AS VARCHAR)"
    if column.name == "parent_span_id":
        return f"nullif({read}, '')", None
    return read if column.default is None else f"coalesce({read}, {quoted_text(column.default)})", None


_FORMS: Mapping[Kind, Callable[[str, str, ColumnDef], _Form]] = {
    Kind.TIME: _moment,
    Kind.FLAG: _flag,
    Kind.JSON: _json,
    Kind.TEXTS: _texts,
    Kind.ENUM: _enum,
}


def quoted_name(name: str) -> str:
    """Return a column's name as SQL, quoted, because it comes from a file."""
    return '"' + name.replace('"', '""') + '"'


def quoted_text(text: str) -> str:
    """Return text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"

"""Spans in Parquet files, which DuckDB itself reads; its SQL brings each column into the form of the record."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from server.observability.columns import Kind
from server.observability.span import SPAN_COLUMN, STORED_COLUMNS, Span

from .batches import AT_ONCE, Batch, ImportFailed
from .names import COLUMN_OF, IGNORED

_DEFAULTS: Mapping[str, Any] = {c.name: c.default for c in STORED_COLUMNS if not c.required}


class Parquet:
    """Parquet files with a row for each span."""

    unit = "row"

    def can_read(self, beginning: bytes) -> bool:
        """Return whether a file begins as Parquet does."""
        return beginning.startswith(b"PAR1")

    def count(self, path: Path) -> int | None:
        """Return the number of rows, which the file states."""
        with duckdb.connect() as connection:
            row = connection.execute("SELECT sum(num_rows) FROM parquet_file_metadata(?)", [str(path)]).fetchone()
            return int(row[0]) if row and row[0] is not None else None

    def read(self, path: Path) -> Iterator[Batch]:
        """Yield the spans of a file. Raises `ImportFailed`."""
        with duckdb.connect(config={"threads": 1}) as connection:
            try:
                described = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
                columns = _expressions(path, {name: kind for name, kind, *_ in described})
                selected = ", ".join(columns.values())
                connection.execute(f"SELECT {selected} FROM read_parquet(?)", [str(path)])
                place = 1
                while rows := connection.fetchmany(AT_ONCE):
                    yield Batch(_spans(rows, list(columns)), place)
                    place += len(rows)
            except duckdb.Error:
                raise ImportFailed(
                    f"{path} cannot be read: it is damaged, or a column has an unexpected type."
                ) from None


def _spans(rows: list[tuple[Any, ...]], names: list[str]) -> list[Span]:
    enums = [(name, SPAN_COLUMN[name].value_type) for name in names if SPAN_COLUMN[name].kind is Kind.ENUM]
    made: list[Span] = []
    for row in rows:
        span = object.__new__(Span)
        values = span.__dict__
        values.update(_DEFAULTS)
        values.update(zip(names, row, strict=True))
        for name, enum in enums:
            values[name] = enum(values[name]) if values[name] is not None else None
        made.append(span)
    return made


def _expressions(path: Path, described: Mapping[str, str]) -> dict[str, str]:
    """Return for each column of the record the SQL that reads it from the file."""
    found = {COLUMN_OF[name]: _converted(name, kind) for name, kind in described.items() if name in COLUMN_OF}
    missing = [c.label for c in SPAN_COLUMN.values() if c.required and c.name not in found]
    if missing:
        raise ImportFailed(f"{path} has no column {' and none '.join(missing)}: it does not hold spans.")
    others = [name for name in described if name not in COLUMN_OF and name not in IGNORED]
    if others:
        members = ", ".join(f"{_text(name)}, {_name(name)}" for name in others)
        given = found.get("attributes", "NULL")
        found["attributes"] = f"json_merge_patch(coalesce({given}, '{{}}'), json_object({members}))::VARCHAR"
    return found


def _converted(name: str, kind: str) -> str:
    column = SPAN_COLUMN[COLUMN_OF[name]]
    read = _name(name)
    match column.kind:
        case Kind.TIME if kind.startswith("TIMESTAMP"):
            return f"epoch_ns({read})"
        case Kind.TIME:
            return f"CAST({read} AS BIGINT)"
        case Kind.JSON if kind in {"VARCHAR", "JSON"}:
            return f"CAST({read} AS VARCHAR)"
        case Kind.JSON:
            return f"CAST(to_json({read}) AS VARCHAR)"
        case Kind.FLAG:
            return f"coalesce(CAST({read} AS BOOLEAN), FALSE)"
        case Kind.TEXTS:
            return f"CAST({read} AS VARCHAR[])"
        case _ if column.name == "parent_span_id":
            return f"nullif(CAST({read} AS VARCHAR), '')"
        case _ if column.name == "type":
            return f"coalesce(CAST({read} AS VARCHAR), {_text(str(column.default))})"
        case _:
            return f"CAST({read} AS VARCHAR)"


def _name(name: str) -> str:
    """Return a column's name as SQL; names come from a file, so they are quoted."""
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

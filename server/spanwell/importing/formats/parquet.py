"""Spans in Parquet files, read by DuckDB, a batch at a time and in the order of the file."""

import glob
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from spanwell.importing.batches import AT_ONCE, Batch, ImportFailed
from spanwell.observability.conventions.filling import fill_span
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.fast_spans import make_span
from spanwell.observability.model.span import Span

from .parquet_columns import NoSpans, Source, sources_of

_FROM = "FROM read_parquet(?, hive_partitioning = false)"  # folder names are no columns
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


class Parquet:
    """Parquet files with a row for each span."""

    unit = "row"

    def can_read(self, beginning: bytes) -> bool:
        """Return whether a file begins like Parquet."""
        return beginning.startswith(b"PAR1")

    def count(self, path: Path) -> int | None:
        """Return the number of rows in the file's metadata; None if it is damaged."""
        with _connection() as connection:
            try:
                row = connection.execute(
                    "SELECT sum(num_rows) FROM parquet_file_metadata(?)", [_pattern(path)]
                ).fetchone()
            except duckdb.Error:
                return None
            return int(row[0]) if row and row[0] is not None else None

    def read(self, path: Path) -> Iterator[Batch]:
        """Yield the spans of a file. Raises `ImportFailed`."""
        with _connection() as connection:
            try:
                described = connection.execute(f"DESCRIBE SELECT * {_FROM}", [_pattern(path)]).fetchall()
                sources = sources_of({name: kind for name, kind, *_ in described})
                selected = ", ".join(source.sql for source in sources)
                connection.execute(f"SELECT {selected} {_FROM}", [_pattern(path)])
                done = 0
                while rows := connection.fetchmany(AT_ONCE):
                    places = range(done + 1, done + len(rows) + 1)
                    yield Batch(_spans(path, rows, sources, places), places)
                    done = places[-1]
            except NoSpans as error:
                raise ImportFailed(f"{path} {error}.") from None
            except duckdb.Error:
                raise ImportFailed(f"{path} cannot be read: it is damaged.") from None


@contextmanager
def _connection() -> Generator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config=_CONFIG) as connection:
        connection.execute("SET TimeZone = 'UTC'")  # else times would shift by the time zone of the machine
        yield connection


def _pattern(path: Path) -> str:
    """Return a path as a pattern for DuckDB, with `*`, `?` and `[` escaped."""
    return glob.escape(str(path))


def _spans(path: Path, rows: list[tuple[Any, ...]], sources: list[Source], places: Sequence[int]) -> list[Span]:
    names = [source.column.name for source in sources]
    columns = [  # column by column: most need no conversion
        _values(source, column, lambda index: f"{path} row {places[index]}")
        for source, column in zip(sources, zip(*rows, strict=True), strict=True)
    ]
    return [fill_span(make_span(zip(names, row, strict=True))) for row in zip(*columns, strict=True)]


def _values(source: Source, values: Sequence[Any], named: Callable[[int], str]) -> Sequence[Any]:
    if source.column.required and None in values:
        raise ImportFailed(f"{named(values.index(None))}: `{source.name}` is missing.")
    if source.read is None:
        return values
    read: list[Any] = []
    for index, value in enumerate(values):
        try:
            read.append(source.read(value) if value is not None else None)
        except InvalidInput as error:
            raise ImportFailed(f"{named(index)}: {error.within(source.name)}") from None
    return read

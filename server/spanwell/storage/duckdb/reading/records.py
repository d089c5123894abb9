"""Converts rows to records. Optional columns that were not read have their defaults."""

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar, cast

from spanwell.observability.model.columns import ColumnDef, Json, Kind
from spanwell.observability.model.span import Span
from spanwell.observability.model.trace import Trace
from spanwell.storage.duckdb.tables.columns import ATTRIBUTES, Repeated, Stored
from spanwell.storage.duckdb.tables.shared_text import whole

T = TypeVar("T")


def to_spans(rows: Iterable[Sequence[Any]], columns: Sequence[Stored]) -> list[Span]:
    """Return rows of `spans` as spans, with their attributes restored to the original."""
    spans = to_records(Span, rows, columns)
    if any(stored.column.name == ATTRIBUTES for stored in columns):
        for span in spans:
            span.attributes = cast("Json | None", whole(span.attributes, span.input, span.output))
        for stored in columns:
            if isinstance(stored, Repeated):
                _forget(spans, stored.column)
    return spans


def _forget(spans: Iterable[Span], column: ColumnDef) -> None:
    for span in spans:
        setattr(span, column.name, column.default)


def to_traces(rows: Sequence[Sequence[Any]], own: int, columns: Sequence[Stored]) -> list[Trace]:
    """Return rows of `traces` as traces; the first `own` columns are the trace's, the rest its head's."""
    traces = to_records(Trace, (row[:own] for row in rows), columns[:own])
    heads = to_spans((row[own:] for row in rows), columns[own:])
    for trace, head in zip(traces, heads, strict=True):
        head.trace_id = trace.trace_id
        trace.head = head
    return traces


def to_records(record: type[T], rows: Iterable[Sequence[Any]], columns: Sequence[Stored]) -> list[T]:
    """Return rows as records of class `record`."""
    make = _maker(tuple((stored.column.name, _enum_of(stored.column)) for stored in columns))
    return cast("list[T]", make(rows, record))


def _enum_of(column: ColumnDef) -> type[Enum] | None:
    return column.value_type if column.kind is Kind.ENUM else None


@lru_cache(maxsize=256)
def _maker(columns: tuple[tuple[str, type[Enum] | None], ...]) -> Callable[[Iterable[Any], type], list[Any]]:
    """Return a function that turns rows into records of a class.

    Its code is generated, as `dataclasses` generates `__init__`: that takes a quarter of the time of a loop over names.
    """
    scope: dict[str, Any] = {}
    lines: list[str] = []
    for place, (name, enum) in enumerate(columns):
        value = f"v{place}"
        if enum is not None:
            scope[f"e{place}"] = {None: None, **{member.value: member for member in enum}}
            value = f"e{place}[v{place}]"
        lines.append(f"        one.{name} = {value}")
    row = "".join(f"v{place}, " for place in range(len(columns))) or "_"
    begin = [
        "def make(rows, record):",
        "    made = []",
        f"    for {row} in rows:",
        "        one = record.__new__(record)",
    ]
    end = ["        made.append(one)", "    return made"]
    exec("\n".join([*begin, *lines, *end]), scope)  # noqa: S102 - built from our own column names only
    return cast("Callable[[Iterable[Any], type], list[Any]]", scope["make"])

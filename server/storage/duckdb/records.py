"""Rows to records. A record holds the columns that were read; optional ones that were not are at their defaults."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from server.observability.columns import Kind
from server.observability.span import Span
from server.observability.trace import Trace

from .tables import Stored

T = TypeVar("T")


def to_spans(rows: Iterable[Sequence[Any]], columns: Sequence[Stored]) -> list[Span]:
    """Return rows of `spans` as spans."""
    return to_records(Span, rows, columns)


def to_traces(rows: Sequence[Sequence[Any]], own: int, columns: Sequence[Stored]) -> list[Trace]:
    """Return rows of `traces` as traces; the first `own` columns are the trace's, the others its head's."""
    traces = to_records(Trace, (row[:own] for row in rows), columns[:own])
    heads = to_spans((row[own:] for row in rows), columns[own:])
    for trace, head in zip(traces, heads, strict=True):
        head.trace_id = trace.trace_id
        trace.head = head
    return traces


def to_records(record: type[T], rows: Iterable[Sequence[Any]], columns: Sequence[Stored]) -> list[T]:
    """Return rows as records of a class."""
    names = [stored.column.name for stored in columns]
    enums = [(stored.column.name, stored.column.value_type) for stored in columns if stored.column.kind is Kind.ENUM]
    made: list[T] = []
    for row in rows:
        one = record.__new__(record)
        values = one.__dict__
        values.update(zip(names, row, strict=True))
        for name, enum in enums:
            if values[name] is not None:
                values[name] = enum(values[name])
        made.append(one)
    return made

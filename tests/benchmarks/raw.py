"""What DuckDB itself takes for the same: Arrow tables inserted just as durably, and SQL as a person writes it."""

from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb
import msgspec
from arro3.core import Array, DataType, Table

from spanwell.observability.model.times import parse_moments

from .spans import Batch

_TEXTS = {
    "trace_id": "traceId",
    "span_id": "spanId",
    "parent_span_id": "parentSpanId",
    "name": "name",
    "type": "type",
    "service_name": "serviceName",
    "environment": "environment",
    "user_id": "userId",
    "session_id": "sessionId",
    "thread_id": "threadId",
}
_DOCUMENTS = ("input", "output", "metadata", "attributes", "tags")
_TABLE = f"""
    CREATE TABLE spans (
        {", ".join(f"{name} VARCHAR" for name in _TEXTS)},
        {", ".join(f"{name} JSON" for name in _DOCUMENTS)},
        error_info JSON, status VARCHAR, started_at TIMESTAMP_NS, ended_at TIMESTAMP_NS, duration_ms DOUBLE,
        model VARCHAR, input_tokens INTEGER, output_tokens INTEGER, cost_usd DOUBLE, is_root BOOLEAN
    )
"""
SETTINGS = ("SET max_vacuum_tasks = 0", "SET wal_autocheckpoint = '64MB'", "SET preserve_insertion_order = false")


def _milliseconds(began: float) -> float:
    return (perf_counter() - began) * 1_000


def _moments(texts: list[str]) -> Any:
    return Array(parse_moments(texts), type=DataType.int64()).cast(DataType.timestamp("ns"))


def _strings(values: list[Any]) -> Any:
    return Array(values, type=DataType.string())


def _encoded(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def arrow_spans(batch: Batch) -> Any:
    """Return a batch as an Arrow table, derived columns included: that is not part of what is measured."""
    spans = batch.spans
    columns = {name: _strings([span.get(label) for span in spans]) for name, label in _TEXTS.items()}
    columns |= {name: _strings([_encoded(span.get(name)) for span in spans]) for name in _DOCUMENTS}
    columns["error_info"] = _strings([_encoded(span.get("errorInfo")) for span in spans])
    columns["status"] = _strings(["ERROR" if "errorInfo" in span else "SUCCESS" for span in spans])
    columns["started_at"] = _moments([span["startedAt"] for span in spans])
    columns["ended_at"] = _moments([span["endedAt"] for span in spans])
    columns["duration_ms"] = Array([1.5] * len(spans), type=DataType.float64())
    said = [span["attributes"] for span in spans]
    columns["model"] = _strings([attributes.get("gen_ai.request.model") for attributes in said])
    for name in ("input_tokens", "output_tokens"):
        columns[name] = Array([one.get(f"gen_ai.usage.{name}") for one in said], type=DataType.int32())
    columns["cost_usd"] = Array([one.get("gen_ai.usage.cost") for one in said], type=DataType.float64())
    columns["is_root"] = Array(["parentSpanId" not in span for span in spans], type=DataType.bool())
    return Table.from_arrays(list(columns.values()), names=list(columns))


class RawWriter:
    """A table of spans in a file of its own, with one index, written as fast as DuckDB can and durably."""

    def __init__(self, path: Path) -> None:
        self._connection = duckdb.connect(str(path))
        for setting in SETTINGS:
            self._connection.execute(setting)
        self._connection.execute(_TABLE)
        self._connection.execute("CREATE INDEX spans_by_trace ON spans (trace_id)")

    def insert(self, table: Any) -> float:
        """Insert a batch in a transaction of its own; returns how long that took, in milliseconds."""
        names = ", ".join(table.column_names)
        began = perf_counter()
        self._connection.register("staged", table)
        self._connection.execute(f"INSERT INTO spans ({names}) SELECT {names} FROM staged")
        self._connection.unregister("staged")
        return _milliseconds(began)

    def update(self, batch: Batch) -> float:
        """Change the spans of a batch as its update does; returns how long that took, in milliseconds."""
        changes, minute = batch.template.changes, batch.minute
        staged = Table.from_arrays(
            [
                _strings([span["traceId"] for span in batch.spans]),
                _strings([change["spanId"] for change in changes]),
                _moments([span["endedAt"] for span in batch.spans]),
                _strings([_encoded(change["output"]) for change in changes]),
            ],
            names=["trace_id", "span_id", "ended_at", "output"],
        )
        window = [f"{minute}00", f"{minute}59.999999999"]
        began = perf_counter()
        self._connection.register("staged", staged)
        self._connection.execute(
            "UPDATE spans SET ended_at = staged.ended_at, output = staged.output FROM staged"
            " WHERE spans.trace_id = staged.trace_id AND spans.span_id = staged.span_id"
            " AND spans.started_at BETWEEN ?::TIMESTAMP_NS AND ?::TIMESTAMP_NS",
            window,
        )
        self._connection.unregister("staged")
        return _milliseconds(began)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class RawReader:
    """A copy of the server's file, read with hand-written SQL."""

    def __init__(self, path: Path) -> None:
        self._connection = duckdb.connect(str(path), read_only=True)
        self._connection.execute("SET late_materialization_max_rows = 10100")

    def time(self, sql: str, values: list[Any] | None = None) -> float:
        """Run a query and fetch all of it; returns how long that took, in milliseconds."""
        began = perf_counter()
        self._connection.execute(sql, values or []).fetchall()
        return _milliseconds(began)

    def rows(self, sql: str, values: list[Any] | None = None) -> list[Any]:
        """Return the rows of a query."""
        return self._connection.execute(sql, values or []).fetchall()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

"""Records what a transaction deleted, for clients that follow changes, and drops old records."""

from collections.abc import Collection, Sequence
from typing import TypeAlias

from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.columns import Nanos
from spanwell.observability.questions.removals import REMEMBERED
from spanwell.storage.duckdb.reading.readers import Cursor
from spanwell.storage.duckdb.tables.columns import DELETED_TABLES

Deletion: TypeAlias = tuple[str, str | None]
"""The id of a deleted score or feedback, and that of its trace."""


def write_deletions(cursor: Cursor, trace_ids: Collection[str], now: Nanos) -> None:
    """Record that the traces were deleted."""
    if not trace_ids:
        return
    cursor.execute("DELETE FROM deletions WHERE changed_at < make_timestamp_ns(?)", (now - REMEMBERED,))
    cursor.execute(
        "INSERT INTO deletions SELECT unnest(?::VARCHAR[]), '', make_timestamp_ns(?)", (sorted(trace_ids), now)
    )


def write_deleted_assessments(kind: AssessmentKind, gone: Sequence[Deletion], cursor: Cursor, now: Nanos) -> None:
    """Record that the scores or feedback were deleted."""
    if not gone:
        return
    table = DELETED_TABLES[kind]
    cursor.execute(f"DELETE FROM {table} WHERE updated_at < make_timestamp_ns(?)", (now - REMEMBERED,))
    values = "unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), make_timestamp_ns(?)"
    record_ids, trace_ids = map(list, zip(*sorted(gone), strict=True))
    cursor.execute(f"INSERT INTO {table} SELECT {values}", (record_ids, trace_ids, now))

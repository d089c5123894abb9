"""Records which traces a transaction deleted, for clients that follow changes, and drops old records."""

from collections.abc import Collection

from spanwell.observability.model.columns import Nanos
from spanwell.observability.questions.removals import REMEMBERED
from spanwell.storage.duckdb.reading.readers import Cursor


def write_deletions(cursor: Cursor, trace_ids: Collection[str], now: Nanos) -> None:
    """Record that the traces were deleted."""
    if not trace_ids:
        return
    cursor.execute("DELETE FROM deletions WHERE changed_at < make_timestamp_ns(?)", (now - REMEMBERED,))
    cursor.execute(
        "INSERT INTO deletions SELECT unnest(?::VARCHAR[]), '', make_timestamp_ns(?)", (sorted(trace_ids), now)
    )

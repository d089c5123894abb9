"""One write transaction: loads what it touches, lets batches change it in memory, then writes the differences."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from spanwell.observability.derivation.batches import Created, Deleted, apply_creates
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span, SpanKey
from spanwell.observability.model.span_batch import SpanColumns
from spanwell.observability.questions.queries import ALL_SPAN_COLUMNS, Columns
from spanwell.observability.questions.removals import EVERYTHING
from spanwell.storage.duckdb.reading.readers import Cursor

from .loaded_traces import Entry, Touched, load_traces
from .new_rows import Fresh
from .write_deletions import write_deletions
from .write_new import write_fresh
from .write_spans import place, write_spans
from .write_traces import write_traces


class Transaction:
    """The spans that some batches are about (see `batches.Spans`), and what becomes of them.

    `trace_ids` are those of each batch; an id that comes again is of a trace that several batches are about. `columns`
    are those that the batches read or change, and those that follow from them.
    """

    def __init__(
        self,
        cursor: Cursor,
        now: Nanos,
        trace_ids: Iterable[str],
        keys: Iterable[SpanKey],
        columns: Columns = ALL_SPAN_COLUMNS,
    ) -> None:
        self.now = now
        self._cursor = cursor
        asked = Counter(trace_ids)
        self._shared = {trace_id for trace_id, count in asked.items() if count > 1}
        self._fresh: list[Fresh] = []
        self._deleted: set[str] = set()
        self._touched = load_traces(cursor, sorted(asked), list(keys), columns)

    def create(self, spans: SpanColumns, trace_ids: AbstractSet[str], fresh: Fresh | None) -> Created:
        """Create the spans of a batch. The rows of traces that nothing else is known of go in as they are."""
        if fresh is None or not trace_ids.isdisjoint(self._shared) or not trace_ids.isdisjoint(self._touched):
            return apply_creates(self, spans, self.now)
        self._fresh.append(fresh)
        return Created(fresh.count, 0)

    def find(self, key: SpanKey) -> Span | None:
        """Return a span by its identity, one of those the transaction was opened for."""
        trace_id, span_id = key
        touched = self._touched.get(trace_id)
        entry = touched.entries.get(span_id) if touched else None
        return entry.span if entry else None

    def put(self, span: Span) -> None:
        """Take a new span, or the changed state of one."""
        entries = self._touched.setdefault(span.trace_id, Touched()).entries
        entry = entries.get(span.span_id)
        if entry is None:
            entries[span.span_id] = Entry(span)
        else:
            entry.change(span)

    def delete(self, trace_id: str, unchanged_since: Nanos | None = None) -> int:
        """Delete a trace, unless a span of it was changed since a moment; returns how many spans it had."""
        touched = self._touched.get(trace_id)
        if touched is None or not touched.entries:
            return 0
        count = len(touched.entries)
        if unchanged_since is not None and any(
            entry.span.updated_at > unchanged_since for entry in touched.entries.values()
        ):
            return 0
        self._deleted.add(trace_id)
        gone = [entry.row for entry in touched.entries.values() if entry.row is not None]
        gone_row = touched.row if touched.row is not None else touched.gone_row
        self._touched[trace_id] = Touched(gone=touched.gone + gone, gone_row=gone_row)
        return count

    def clear(self) -> Deleted:
        """Delete everything there is; nothing else goes into such a transaction."""
        (trace_count,) = self._cursor.execute("SELECT count(*) FROM traces").fetchall()[0]
        (span_count,) = self._cursor.execute("SELECT count(*) FROM spans").fetchall()[0]
        self._cursor.execute("DELETE FROM traces")
        self._cursor.execute("DELETE FROM spans")
        self._cursor.execute("DELETE FROM deletions")
        self._deleted.add(EVERYTHING)
        return Deleted(trace_count, span_count)

    def write(self) -> None:
        """Write every difference to the tables."""
        for touched in self._touched.values():
            place(touched)
        write_spans(self._cursor, list(self._touched.values()))
        write_traces(self._cursor, list(self._touched.values()), self.now)
        write_fresh(self._cursor, self._fresh, self.now)
        write_deletions(self._cursor, self._deleted, self.now)

"""One write transaction: batches change the state of their traces, and the differences are written as rows.

The cost of a batch depends on its own spans only: new ones are inserted unchanged, stored ones are merged one by one,
and only the changed columns of their traces are written.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeVar

from spanwell.observability.conventions.prices import PUBLIC, Prices
from spanwell.observability.derivation.batches import Created, Deleted, Updated
from spanwell.observability.derivation.merge import SpanUpdate, created, updated
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span, SpanKey
from spanwell.observability.questions.queries import ALL_SPAN_COLUMNS, Columns
from spanwell.observability.questions.removals import EVERYTHING
from spanwell.storage.duckdb.reading.discovering.known_keys import forget_kept
from spanwell.storage.duckdb.reading.readers import Cursor

from .assessments import delete_all, delete_of_traces
from .changed_spans import ChangedSpans
from .known_traces import KnownTrace, KnownTraces
from .new_spans import NewSpans
from .placing import place
from .rows.span_rows import SpanRows
from .trace_rows import write_traces
from .write_deletions import write_deletions

T = TypeVar("T")


class Transaction:
    """Applies a group of batches, whose trace ids are `trace_ids`, each batch's once.

    `columns` are the columns of stored spans that they read or change.
    """

    def __init__(
        self,
        cursor: Cursor,
        now: Nanos,
        traces: KnownTraces,
        trace_ids: Iterable[str],
        columns: Columns = ALL_SPAN_COLUMNS,
    ) -> None:
        self._cursor = cursor
        self._now = now
        self._traces = traces
        touched = Counter(trace_ids)
        self.known: dict[str, KnownTrace] = traces.get(touched)
        self._shared = frozenset(trace_id for trace_id, batches in touched.items() if batches > 1)
        self._new = NewSpans(self.known)
        self._changed = ChangedSpans(cursor, self.known, columns)
        self._deleted: set[str] = set()

    def create(self, batch: SpanRows, prices: Prices = PUBLIC) -> Created:
        """Merge each span of a batch by `merge.created`. A span counts once, as created or as changed."""
        trace_ids = set(batch.given.trace_ids)
        if batch.traces is not None and self._shared.isdisjoint(trace_ids) and self._are_new(trace_ids):
            self._new.add_whole(batch, self._now)
            return Created(len(batch.given), 0)
        light, rows = batch.remembered.light, range(len(batch.given))
        made = sorted(
            row for trace_id, each in batch.remembered.rows.items() for row in self.known[trace_id].accept(each, light)
        )
        self._new.add(batch, made)
        if len(made) == len(rows):
            return Created(len(made), 0)
        changed = self._merge(batch, sorted({*rows}.difference(made)), prices)
        own = {(batch.given.trace_ids[row], light[row].span_id) for row in made} if changed else set[SpanKey]()
        return Created(len(made), len(changed - own))

    def _are_new(self, trace_ids: Iterable[str]) -> bool:
        return all(self.known[trace_id].is_new for trace_id in trace_ids)

    def _merge(self, batch: SpanRows, rows: Sequence[int], prices: Prices) -> set[SpanKey]:
        """Merge spans into stored ones; return the keys of those that changed."""
        self._insert()
        spans = batch.given.at(rows)
        self._changed.load([span.key for span in spans])
        merged = ((span.key, created(self._changed.find(span.key), span, prices)) for span in spans)
        return {key for key, span in merged if self._put(key, span)}

    def update(self, updates: Sequence[SpanUpdate], prices: Prices = PUBLIC) -> Updated:
        """Change each span by `merge.updated`."""
        self._insert()
        present = [self.known[each.trace_id].state.rows.get(each.span_id) is not None for each in updates]
        self._changed.load([each.key for each, is_present in zip(updates, present, strict=True) if is_present])
        for each, is_present in zip(updates, present, strict=True):
            if is_present:
                self._put(each.key, updated(self._changed.find(each.key), each, prices))
        missing = tuple(index for index, is_present in enumerate(present) if not is_present)
        return Updated(len(updates) - len(missing), missing)

    def _put(self, key: SpanKey, merged: Span) -> bool:
        return self._changed.put(key, merged, self._now)

    def delete(self, trace_ids: Collection[str], unchanged_since: Nanos | None = None) -> Deleted:
        """Delete traces with all their spans, except traces with a span that changed after `unchanged_since`."""
        self._insert()
        self._changed.write()
        here = [trace_id for trace_id in trace_ids if len(self.known[trace_id].state)]
        gone = here if unchanged_since is None else self._unchanged(here, unchanged_since)
        count = sum(len(self.known[trace_id].state) for trace_id in gone)
        for table in ("spans", "traces") if gone else ():
            self._cursor.execute(f"DELETE FROM {table} WHERE trace_id IN (SELECT unnest(?::VARCHAR[]))", (gone,))
        delete_of_traces(self._cursor, trace_ids if unchanged_since is None else gone, self._now)
        self._deleted.update(gone)
        self._traces.forget(gone)
        self.known.update(self._traces.get(gone))
        return Deleted(len(gone), count)

    def _unchanged(self, trace_ids: Sequence[str], since: Nanos) -> list[str]:
        changed = self._cursor.execute(
            "SELECT DISTINCT trace_id FROM spans WHERE trace_id IN (SELECT unnest(?::VARCHAR[]))"
            " AND updated_at > make_timestamp_ns(?)",
            (list(trace_ids), since),
        ).fetchall()
        return [trace_id for trace_id in trace_ids if (trace_id,) not in changed]

    def clear(self) -> Deleted:
        """Delete everything; such a transaction does nothing else."""
        (trace_count,) = self._cursor.execute("SELECT count(*) FROM traces").fetchall()[0]
        (span_count,) = self._cursor.execute("SELECT count(*) FROM spans").fetchall()[0]
        self._cursor.execute("DELETE FROM traces")
        self._cursor.execute("DELETE FROM spans")
        self._cursor.execute("DELETE FROM deletions")
        delete_all(self._cursor, self._now)
        forget_kept(self._cursor)
        self._deleted.add(EVERYTHING)
        self._traces.forget_all()
        return Deleted(trace_count, span_count)

    def write_beside(self, write: Callable[[Cursor, Nanos], T]) -> T:
        """Write to tables other than `spans` and `traces`."""
        return write(self._cursor, self._now)

    def place(self, trace_ids: Collection[str]) -> None:
        """Bring the places of all spans of the traces up to date."""
        self._changed.settle()
        place(self._cursor, [self.known[trace_id] for trace_id in trace_ids])

    def _insert(self) -> None:
        self._new.write(self._cursor, self._now)

    def write(self) -> None:
        """Write all differences to the tables."""
        self._insert()
        changed = self._changed.write()
        write_traces(self._cursor, [known for known in self.known.values() if known.is_grown], changed, self._now)
        write_deletions(self._cursor, self._deleted, self._now)

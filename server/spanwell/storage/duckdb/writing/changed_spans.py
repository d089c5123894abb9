"""Stored spans that a transaction changes: read by their keys, merged, and written where they differ."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import itemgetter, ne
from typing import Any

from spanwell.observability.derivation.light_spans import LightSpan, changed_light_spans, columns_with_light
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import IDENTITY, Span, SpanKey
from spanwell.observability.questions.queries import Columns
from spanwell.storage.duckdb.conditions.sql import Sql
from spanwell.storage.duckdb.reading.readers import Cursor, fetch
from spanwell.storage.duckdb.reading.records import to_spans
from spanwell.storage.duckdb.reading.statements import chosen, select_list, spans_of
from spanwell.storage.duckdb.tables.columns import SPANS

from .known_traces import KnownTrace
from .staging import update, update_by_key


@dataclass
class _Entry:
    row: int
    stored: Span
    span: Span


class ChangedSpans:
    """The stored spans that the batches of a transaction touch."""

    def __init__(self, cursor: Cursor, known: Mapping[str, KnownTrace], columns: Columns) -> None:
        self._cursor = cursor
        self._known = known
        self._read = columns_with_light(columns | IDENTITY | {"updated_at"})
        self._columns = chosen(SPANS, self._read)
        self._names = ("updated_at", *sorted(self._read - IDENTITY - {"updated_at"}))
        self._values = itemgetter(*self._names)
        self._entries: dict[SpanKey, _Entry] = {}
        self._unsettled: dict[SpanKey, None] = {}
        self._written: dict[SpanKey, frozenset[str]] = {}

    def load(self, keys: Iterable[SpanKey]) -> None:
        """Read stored spans by a scan of the time range in which they started."""
        missing = {key for key in keys if key not in self._entries}
        if not missing:
            return
        starts = [self._light(key).started_at for key in missing]
        where = spans_of(list({trace_id for trace_id, _ in missing}), (min(starts), max(starts)))
        where += Sql(" AND span_id IN (SELECT unnest(?::VARCHAR[]))", ([span_id for _, span_id in missing],))
        rows = fetch(self._cursor, f"SELECT rowid, {select_list(self._columns)} FROM spans WHERE " + where)
        for row, span in zip(rows, to_spans((row[1:] for row in rows), self._columns), strict=True):
            if (key := span.key) in missing:
                self._entries[key] = _Entry(row[0], span, span)

    def _light(self, key: SpanKey) -> LightSpan:
        trace_id, span_id = key
        state = self._known[trace_id].state
        return state.spans[state.rows[span_id]]

    def find(self, key: SpanKey) -> Span:
        """Return the current state of a loaded span; do not modify it."""
        return self._entries[key].span

    def put(self, key: SpanKey, merged: Span, now: Nanos) -> bool:
        """Take the new state of a span; return whether it differs."""
        entry = self._entries[key]
        if merged is entry.span or vars(merged) == vars(
            entry.span
        ):  # which is what `==` compares, at a tenth of its cost
            return False
        merged.updated_at = now
        entry.span = merged
        self._unsettled[key] = None
        return True

    def settle(self) -> None:
        """Pass the changed spans on to their traces."""
        keys, self._unsettled = self._unsettled, {}
        before = list(map(self._light, keys))
        now = changed_light_spans(before, [self._entries[key].span for key in keys], self._read)
        for (trace_id, _), old, new in zip(keys, before, now, strict=True):
            known = self._known[trace_id]
            known.is_placed = known.is_placed and _standing(old) == _standing(new)
            known.state.change(new)

    def write(self) -> dict[SpanKey, frozenset[str]]:
        """Write the differences; return the columns of each span that have changed in the whole transaction."""
        self.settle()
        changed = {key: self._differing(entry) for key, entry in self._entries.items()}
        self._update([(self._entries[key], columns) for key, columns in changed.items() if columns])
        for key, columns in changed.items():
            self._written[key] = self._written.get(key, frozenset()) | columns
        self._entries.clear()
        self._write_errors_below()
        return self._written

    def _differing(self, entry: _Entry) -> frozenset[str]:
        before, now = vars(entry.stored), vars(entry.span)
        if before is now:
            return frozenset()
        return frozenset(compress(self._names, map(ne, self._values(before), self._values(now))))

    def _update(self, changed: Sequence[tuple[_Entry, frozenset[str]]]) -> None:
        """Set every column in which any of the spans differs, in one statement."""
        if not changed:
            return
        names = frozenset[str]().union(*(columns for _, columns in changed))
        records = [vars(entry.span) for entry, _ in changed]
        values: dict[Any, list[Any]] = {SPANS[n]: list(map(itemgetter(n), records)) for n in SPANS if n in names}
        update(self._cursor, "spans", [entry.row for entry, _ in changed], values)

    def _write_errors_below(self) -> None:
        """Write `has_child_error` of the spans that gained their first error below, or lost their last one."""
        rows: list[tuple[str, str, int, bool]] = []
        for trace_id, known in self._known.items():
            if not known.is_grown or not (changed := known.state.errors_below_changed):
                continue
            state = known.state
            for row in changed:
                span = state.spans[row]
                rows.append((trace_id, span.span_id, span.started_at, state.has_child_error(row)))
            changed.clear()
        if rows:
            trace_ids, span_ids, starts, flags = (list(column) for column in zip(*rows, strict=True))
            update_by_key(self._cursor, (trace_ids, span_ids, starts), {SPANS["has_child_error"]: flags})


def _standing(span: LightSpan) -> tuple[object, ...]:
    """Return the values that the places of a trace's spans depend on."""
    return span.parent_span_id, span.started_at, span.role, span.usage

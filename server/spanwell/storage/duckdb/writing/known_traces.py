"""The writer's cache of recently written traces. Only the writer changes them, so it is never stale."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from spanwell.observability.derivation.light_spans import COLUMNS, LightSpan, light_spans
from spanwell.observability.derivation.trace_state import ROLLED_UP, TraceState
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import SpanStatus
from spanwell.storage.duckdb.conditions.sql import Sql
from spanwell.storage.duckdb.reading.readers import Cursor, fetch
from spanwell.storage.duckdb.reading.records import to_records
from spanwell.storage.duckdb.reading.statements import chosen, in_traces, select_list, spans_of, stored_among
from spanwell.storage.duckdb.tables.columns import HEADS, IS_PLACED, ROLLUPS, SPANS, Stored

from .retention import Retention
from .rows.remembered import Remembered

_PLACED_AT_ONCE = 2_000
"""Spans that get places in one transaction while nothing else is written; those of larger traces wait for a query."""
_TRACES_AT_ONCE = 1_000

ROW: Sequence[Stored] = (HEADS["has_child_error"], *(ROLLUPS[name] for name in ROLLED_UP), IS_PLACED)
"""The columns of a trace's row that the writer compares with their stored values."""

Row: TypeAlias = tuple[Any, ...]
"""The values of `ROW`."""

SEEN = len(ROW) - 3
"""How many of them clients see; the last ones are internal to the store."""

_STARTED_AT = ROW.index(ROLLUPS["started_at"])
_OTHERS: Sequence[Stored] = (ROLLUPS["trace_id"], ROLLUPS["changed_at"], HEADS["span_id"])
_STATUS = {status.value: status for status in SpanStatus}
_LIGHT = chosen(SPANS, frozenset(COLUMNS))


class KnownTrace:
    """The current state of a trace, and its row in `traces`: None while it has none.

    The state of a trace that arrived whole in one batch is built only when the trace grows.
    """

    def __init__(self, trace_id: str) -> None:
        self.trace_id = trace_id
        self.row: Row | None = None
        """The values of `ROW` as they are stored."""
        self.changed_at = Nanos(0)
        self.head_id = ""
        """The id of its head, according to its row."""
        self.is_placed = False
        self.is_begun = False
        """Whether `spans` has rows of the trace."""
        self.coming: dict[str, LightSpan] = {}
        """New spans by id that are not in its state yet."""
        self.counted = 0
        """How many of its spans are counted as remembered."""
        self._state: TraceState | None = None
        self._whole: Remembered | None = None
        self._weight = 0

    def come_whole(self, batch: Remembered, now: Nanos, spans: int) -> None:
        """Take the trace from a batch that holds all of it, about `spans` spans, and is stored unchanged."""
        self._whole, self.changed_at, self._weight = batch, now, spans
        self._state = None  # an empty one, if there is any
        self.is_placed = self.is_begun = True

    def take(self, spans: Iterable[LightSpan], row: Row, head_id: str, changed_at: Nanos) -> None:
        """Take all stored spans of the trace, and its row."""
        self._state = TraceState(spans)
        self._state.errors_below_changed.clear()
        self.is_placed, self.is_begun = row[-1], True
        self.remember(row, head_id, changed_at)

    @property
    def is_new(self) -> bool:
        """Whether nothing is known of the trace."""
        return not (self.is_begun or self.is_grown or self.coming)

    @property
    def state(self) -> TraceState:
        """The state that follows from all its spans."""
        if self._state is None:
            self._state = TraceState() if self._whole is None else self._whole.state(self.trace_id)
            if self._whole is not None:
                self._whole = None
                self.remember(self.current(), self._state.spans[self._state.head].span_id, self.changed_at)
        return self._state

    def accept(self, rows: Iterable[int], spans: Sequence[LightSpan]) -> list[int]:
        """Take the spans in some rows that the trace does not have yet, for `add_coming`; return their rows."""
        stored, coming = self.state.rows, self.coming
        accepted: list[int] = []
        for row in rows:
            span_id = spans[row].span_id
            if span_id not in stored and span_id not in coming:
                coming[span_id] = spans[row]
                accepted.append(row)
        return accepted

    def add_coming(self) -> None:
        """Add the spans that were accepted since the last time: all at once, which costs less than one by one."""
        self.state.add(list(self.coming.values()))
        self.coming.clear()

    def current(self) -> Row:
        """Return the values of `ROW` that follow from its spans."""
        state = self.state
        return (state.has_child_error(state.head), *state.rollups(), self.is_placed)

    @property
    def is_grown(self) -> bool:
        """Whether some of its spans did not arrive in one whole batch."""
        return self._state is not None and len(self._state) > 0

    @property
    def started_at(self) -> int:
        """When it started, according to its row."""
        return 0 if self.row is None else self.row[_STARTED_AT]

    def remember(self, row: Row, head_id: str, changed_at: Nanos) -> None:
        """Remember its row as it is now stored."""
        self.row, self.head_id, self.changed_at = row, head_id, changed_at

    def size(self) -> int:
        """Return about how many of its spans are remembered."""
        return self._weight if self._state is None else len(self._state.spans)


class Unplaced:
    """The traces that have grown since their spans got places, the least recently grown first.

    Under a load without a pause they are many, and most of them are not remembered.
    """

    def __init__(self, sizes: Iterable[tuple[str, int]]) -> None:
        self.ids: dict[str, None] = {}
        self._small: dict[str, int] = {}
        for trace_id, spans in sizes:
            self.add(trace_id, spans)

    def add(self, trace_id: str, spans: int) -> None:
        """Take a trace that has grown to so many spans."""
        self.discard(trace_id)
        self.ids[trace_id] = None
        if spans <= _PLACED_AT_ONCE:
            self._small[trace_id] = spans

    def discard(self, trace_id: str) -> None:
        """Take a trace out, if it is in here."""
        self.ids.pop(trace_id, None)
        self._small.pop(trace_id, None)

    def clear(self) -> None:
        """Take out all."""
        self.ids.clear()
        self._small.clear()

    def next(self) -> list[str]:
        """Return the traces to place in the next transaction."""
        found: list[str] = []
        room = _PLACED_AT_ONCE
        for trace_id, spans in self._small.items():
            room -= spans
            if room < 0 or len(found) == _TRACES_AT_ONCE:
                break
            found.append(trace_id)
        return found


class _Record:
    """A record of `traces`."""


class KnownTraces:
    """Traces by id, the most recently written last; others are read from the store."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._known: OrderedDict[str, KnownTrace] = OrderedDict()
        self._retention = Retention()
        asked = Sql("SELECT trace_id, span_count FROM traces WHERE NOT is_placed ORDER BY changed_at")
        self.unplaced = Unplaced((trace_id, spans) for trace_id, spans in fetch(cursor, asked))

    def get(self, trace_ids: Collection[str]) -> dict[str, KnownTrace]:
        """Return traces by id; unknown ones come back without spans."""
        missing = [trace_id for trace_id in trace_ids if trace_id not in self._known]
        if missing:
            self._known |= self._read(missing)
        found: dict[str, KnownTrace] = {}
        for trace_id in trace_ids:
            found[trace_id] = self._known.get(trace_id) or self._known.setdefault(trace_id, KnownTrace(trace_id))
            self._known.move_to_end(trace_id)
        return found

    def forget(self, trace_ids: Iterable[str]) -> None:
        """Forget traces whose remembered state is out of date."""
        for trace_id in trace_ids:
            known = self._known.pop(trace_id, None)
            if known is not None:
                self._retention.drop(trace_id, known.counted)

    def forget_all(self) -> None:
        """Forget every trace."""
        self.forget(list(self._known))
        self.unplaced.clear()

    def committed(self, traces: Iterable[KnownTrace]) -> None:
        """Remember the traces of a committed transaction, and forget others that are not worth their memory."""
        latest = set[str]()
        for known in traces:
            size = known.size()
            if not size:  # deleted, or never there: a client may ask for any number of these
                self.forget([known.trace_id])
                self.unplaced.discard(known.trace_id)
                continue
            latest.add(known.trace_id)
            self._retention.keep(known.trace_id, known.counted, size)
            known.counted = size
            if known.is_placed or known.row is None:
                self.unplaced.discard(known.trace_id)
            else:
                self.unplaced.add(known.trace_id, size)
        self.forget(self._retention.large_to_forget(latest))
        while self._retention.is_full and (trace_id := next(iter(self._known))) not in latest:
            if self._retention.is_large(trace_id):
                self._known.move_to_end(trace_id)
            else:
                self.forget([trace_id])

    def _read(self, trace_ids: Sequence[str]) -> dict[str, KnownTrace]:
        if not fetch(self._cursor, stored_among(trace_ids)):
            return {}  # true of most batches, and cheaper to find out than by reading the store
        columns = (*_OTHERS, *ROW)
        rows = fetch(self._cursor, f"SELECT {select_list(columns)} FROM traces WHERE " + in_traces(trace_ids))
        records = [tuple(vars(record).values()) for record in to_records(_Record, rows, columns)]
        first, last = zip(*(record[-3:-1] for record in records), strict=True)
        spans = self._read_spans(spans_of([record[0] for record in records], (min(first), max(last))))
        found: dict[str, KnownTrace] = {}
        for trace_id, changed_at, head_id, *row in records:
            found[trace_id] = known = KnownTrace(trace_id)
            known.take(spans[trace_id], tuple(row), head_id, changed_at)
        return found

    def _read_spans(self, where: Sql) -> Mapping[str, list[LightSpan]]:
        rows = fetch(self._cursor, f"SELECT {select_list(_LIGHT)} FROM spans WHERE " + where)
        columns: dict[str, Sequence[Any]] = {
            stored.column.name: values for stored, values in zip(_LIGHT, zip(*rows, strict=True), strict=True)
        }
        columns["status"] = list(map(_STATUS.__getitem__, columns["status"]))
        spans: dict[str, list[LightSpan]] = {}
        for trace_id, light in zip(columns["trace_id"], light_spans(columns, len(rows)), strict=True):
            spans.setdefault(trace_id, []).append(light)
        return spans

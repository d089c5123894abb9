"""The rules by which creates and updates change stored spans, for every backend.

A create is an idempotent merge: sending a batch again changes nothing, and a span that is created when it starts and
again when it ends is one span, in whatever order the two arrive. An update replaces exactly the columns that it names.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from spanwell.observability.conventions.filling import fills_of
from spanwell.observability.conventions.prices import Prices
from spanwell.observability.model.columns import Json
from spanwell.observability.model.span import GIVEN_COLUMNS, SPAN_COLUMN, Span, SpanKey

from .derived import OF_TIMES, READ, RESTATING, STATING, USAGE, derived, derived_of_times


@dataclass(frozen=True)
class SpanUpdate:
    """A change to one stored span: columns named in `changes` are replaced, None clears.

    Columns in `fills` are set only if they are empty; `events`, each a JSON object, are appended to the stored ones.
    """

    trace_id: str
    span_id: str
    changes: Mapping[str, object]
    fills: Mapping[str, object] = field(default_factory=dict[str, object])
    events: Sequence[Json] = ()

    @property
    def key(self) -> SpanKey:
        """The key of the span to change."""
        return self.trace_id, self.span_id

    @property
    def is_restating(self) -> bool:
        """Whether usage may follow from what it changes."""
        return bool(self.events) or not (RESTATING.isdisjoint(self.changes) and RESTATING.isdisjoint(self.fills))


def filled_update(trace_id: str, span_id: str, changes: Mapping[str, object]) -> SpanUpdate:
    """Return an update that also fills fields from the attributes and events among its changes."""
    return SpanUpdate(trace_id, span_id, changes, fills_of(changes))


_MERGED = tuple((column.name, column.default) for column in GIVEN_COLUMNS)


def created(stored: Span | None, given: Span, prices: Prices) -> Span:
    """Return the span that a create leaves in the store.

    Values that are present replace stored ones; absent ones (None, or the column's default) keep them. Once a span has
    ended, a create without `ended_at` only fills gaps: it is a late report of the start. If nothing changes, the stored
    span itself is returned.
    """
    if stored is None:
        return derived(given, prices)
    only_gaps = stored.ended_at is not None and given.ended_at is None
    said = vars(given)
    sent = [(name, value) for name, default in _MERGED if (value := said[name]) != default]
    changes = {name: value for name, value in sent if value != getattr(stored, name)}
    if only_gaps:
        changes = {name: value for name, value in changes.items() if getattr(stored, name) == SPAN_COLUMN[name].default}
    if not changes:
        return stored
    merged = stored.copy()
    merged.__dict__.update(changes)
    return derived(merged, prices)


def updated(stored: Span, update: SpanUpdate, prices: Prices) -> Span:
    """Return the span that an update leaves in the store."""
    merged = stored.copy()
    values = vars(merged)
    for name, value in update.changes.items():
        values[name] = SPAN_COLUMN[name].default if value is None else value
    for name, value in update.fills.items():
        if values[name] == SPAN_COLUMN[name].default:
            values[name] = value
    if update.events:
        merged.events = joined_events(merged.events, update.events)
    return derived(merged, prices) if update.is_restating else derived_of_times(merged)


_LIST = msgspec.json.Decoder(list[msgspec.Raw])


def joined_events(stored: Json | None, others: Sequence[Json]) -> Json:
    """Append events to a JSON list of events, without those that it already has."""
    try:
        listed = [bytes(each).decode() for each in _LIST.decode(stored or "[]")]
    except msgspec.DecodeError:  # clients send what they like as events
        return stored or Json("[]")
    known = frozenset(listed)
    return Json(f"[{','.join([*listed, *(each for each in others if each not in known)])}]")


_ALWAYS_READ = READ | OF_TIMES
"""The columns that `derived_of_times` reads and fills in."""


def columns_of_updates(updates: Sequence[SpanUpdate]) -> frozenset[str]:
    """Return the columns of stored spans that a store must read to apply the updates."""
    named = set[str]().union(*(each.changes for each in updates), *(each.fills for each in updates))
    return columns_to_change(named | {"events"} if any(each.events for each in updates) else named)


def columns_to_change(names: Iterable[str]) -> frozenset[str]:
    """Return the columns of stored spans that a store must read to change the named columns."""
    changed = frozenset(names)
    read = _ALWAYS_READ | changed
    return read if changed.isdisjoint(RESTATING) else read.union(USAGE, STATING)

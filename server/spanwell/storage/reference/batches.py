"""Applies a batch to a set of spans, span by span and in order."""

from collections.abc import Sequence
from typing import Protocol

from spanwell.observability.conventions.prices import Prices
from spanwell.observability.derivation.batches import Created, Updated
from spanwell.observability.derivation.merge import SpanUpdate, created, updated
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span, SpanKey


class Spans(Protocol):
    """A set of stored spans."""

    def find(self, key: SpanKey) -> Span | None:
        """Return the span with a key, which must not be changed, or None."""

    def put(self, span: Span) -> None:
        """Store a new or changed span."""


def apply_creates(spans: Spans, batch: Sequence[Span], now: Nanos, prices: Prices) -> Created:
    """Merge each span of a batch by `merge.created`. A span counts once, as created or as changed."""
    known: dict[SpanKey, bool] = {}
    changed: set[SpanKey] = set()
    for given in batch:
        key = given.key
        stored = spans.find(key)
        known.setdefault(key, stored is not None)
        merged = created(stored, given.copy(), prices)
        if stored is None:
            merged.created_at = merged.updated_at = now
            spans.put(merged)
        elif _put_if_changed(spans, stored, merged, now) and known[key]:
            changed.add(key)
    return Created(list(known.values()).count(False), len(changed))


def apply_updates(spans: Spans, batch: Sequence[SpanUpdate], now: Nanos, prices: Prices) -> Updated:
    """Change each span of a batch by `merge.updated`."""
    missing: list[int] = []
    for index, update in enumerate(batch):
        stored = spans.find(update.key)
        if stored is None:
            missing.append(index)
        else:
            _put_if_changed(spans, stored, updated(stored, update, prices), now)
    return Updated(len(batch) - len(missing), tuple(missing))


def _put_if_changed(spans: Spans, stored: Span, merged: Span, now: Nanos) -> bool:
    if vars(merged) == vars(stored):  # the same as `==`, at a tenth of its cost
        return False
    merged.updated_at = now
    spans.put(merged)
    return True

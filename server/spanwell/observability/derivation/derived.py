"""Derives columns from a span's own fields: for one span, and for many as columns."""

from collections.abc import Mapping, Sequence
from typing import Any

from spanwell.observability.conventions.event_usage import read_usage
from spanwell.observability.conventions.prices import PUBLIC, Prices
from spanwell.observability.conventions.usage import KEYS
from spanwell.observability.model.columns import Json, Nanos
from spanwell.observability.model.span import Span, SpanStatus, StatusCode
from spanwell.observability.model.span_batch import SpanColumns
from spanwell.observability.model.times import EARLIEST_TRACED

_NS_PER_MS = 1_000_000

USAGE = frozenset(KEYS)
"""The columns derived from `STATING`."""

STATING = ("attributes", "started_at", "ended_at", "events")
RESTATING = frozenset(STATING) - {"ended_at"}
"""The columns whose change makes usage be read again. The end of a span is not among them: it only settles a unit."""

OF_TIMES = frozenset({"is_root", "duration_ms", "status"})
"""The columns that `derived_of_times` fills in, from `READ`."""

READ = frozenset({"parent_span_id", "started_at", "ended_at", "error_info", "status_code", "is_event"})

_NO_USAGE: Mapping[str, None] = dict.fromkeys(KEYS)


def milliseconds(started_at: Nanos | int, ended_at: Nanos | int | None) -> float | None:
    """Return the milliseconds between two timestamps, negative if they are reversed; None if that is unknown.

    It is unknown between a timestamp too early to have been traced and one that is not.
    """
    if ended_at is None or started_at < EARLIEST_TRACED <= ended_at or ended_at < EARLIEST_TRACED <= started_at:
        return None
    return (ended_at - started_at) / _NS_PER_MS


def derived(span: Span, prices: Prices = PUBLIC) -> Span:
    """Fill in the columns derived from the span's own fields, with costs by `prices`, and return the span."""
    span.__dict__.update(_NO_USAGE)
    stated = read_usage(span.attributes, span.started_at, span.ended_at, span.events)
    span.__dict__.update(_with_cost(stated, prices))
    return derived_of_times(span)


def derived_of_times(span: Span) -> Span:
    """Fill in the derived columns that do not depend on `STATING`, and return the span."""
    span.is_root = span.parent_span_id is None
    span.duration_ms = milliseconds(span.started_at, span.ended_at)
    span.status = _status(span.error_info, span.status_code, span.ended_at, span.is_event)
    return span


def derived_columns(spans: SpanColumns, prices: Prices) -> dict[str, Sequence[Any]]:
    """Return what `derived` fills in for every span, as columns; usage columns without any value are left out."""
    started_at, ended_at = spans.column("started_at"), spans.column("ended_at")
    return {
        "is_root": [parent is None for parent in spans.column("parent_span_id")],
        "duration_ms": list(map(milliseconds, started_at, ended_at)),
        "status": list(
            map(_status, spans.column("error_info"), spans.column("status_code"), ended_at, spans.column("is_event"))
        ),
        **_usage_columns(spans, prices),
    }


def _usage_columns(spans: SpanColumns, prices: Prices) -> dict[str, Sequence[Any]]:
    given = map(read_usage, *map(spans.column, STATING)) if spans.usage is None else spans.usage
    stated = [_with_cost(each, prices) for each in given]
    names = set[str]().union(*stated)
    return {name: [usage.get(name) for usage in stated] for name in KEYS if name in names}


def _status(
    error_info: Json | None,
    status_code: StatusCode | None,
    ended_at: Nanos | None,
    is_event: bool,  # noqa: FBT001 - mapped over columns
) -> SpanStatus:
    if error_info is not None or status_code is StatusCode.ERROR:
        return SpanStatus.ERROR
    return SpanStatus.RUNNING if ended_at is None and not is_event else SpanStatus.SUCCESS


def _with_cost(stated: Mapping[str, Any], prices: Prices) -> Mapping[str, Any]:
    """Return usage with its cost, if a price is known."""
    if "model" not in stated:
        return stated
    usage = dict(stated)
    prices.add_cost(usage)
    return usage

"""Makes spans for tests, with only what a test cares about said."""

from typing import Any

from spanwell.observability.derivation.light_spans import COLUMNS, LightSpan, light_spans
from spanwell.observability.derivation.trace_state import ROLLED_UP, TraceState
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span
from spanwell.observability.model.times import SECOND

START = Nanos(1_767_225_600 * SECOND)
"""2026-01-01T00:00:00Z, when tests begin."""


def at(seconds: float) -> Nanos:
    """Return a moment some seconds after `START`."""
    return Nanos(START + round(seconds * SECOND))


def span(trace_id: str, span_id: str, parent: str | None = None, **given: Any) -> Span:
    """Return a span that began at `START`."""
    given.setdefault("name", f"span {span_id}")
    given.setdefault("started_at", START)
    return Span(trace_id=trace_id, span_id=span_id, parent_span_id=parent, **given)


def ended(trace_id: str, span_id: str, parent: str | None = None, **given: Any) -> Span:
    """Return a span that began at `START` and took a second."""
    given.setdefault("ended_at", at(1))
    return span(trace_id, span_id, parent, **given)


def light_span(span: Span) -> LightSpan:
    """Return a span as its trace sees it."""
    return next(light_spans({name: [getattr(span, name)] for name in COLUMNS}, 1))


def rollups(state: TraceState) -> dict[str, Any]:
    """Return the rollups of a trace by name."""
    return dict(zip(ROLLED_UP, state.rollups(), strict=True))

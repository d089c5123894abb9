"""Scores from telemetry: OpenTelemetry's `gen_ai.evaluation.result` events, on spans or as log records.

The event is kept, and a score is created from it. The score's id is derived from the event's content, so that an event
gives the same score however often it is sent.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import msgspec

from spanwell.observability.model.assessments import Score
from spanwell.observability.model.columns import Json, Nanos
from spanwell.observability.model.span import Span, SpanKey
from spanwell.observability.model.span_batch import SpanColumns

from .event_moments import moment_of_event
from .values import as_json, number_in

EVALUATION = "gen_ai.evaluation.result"
"""The name of the events (OpenTelemetry's conventions for generative AI)."""

_NAME, _VALUE, _LABEL, _WHY = (
    f"gen_ai.evaluation.{name}" for name in ("name", "score.value", "score.label", "explanation")
)
_READ = frozenset({_NAME, _VALUE, _LABEL, _WHY, "event.name"})
CONTEXT = (
    *("user_id", "organization_id", "resource_id", "run_id", "session_id", "thread_id", "environment", "service_name"),
    *("entity_type", "entity_name", "entity_id", "experiment_id"),
)
"""The fields that a score takes over from its span."""


def evaluations_of(spans: Sequence[Span]) -> list[Score]:
    """Return the scores in the events of spans; a batch that another process prepared has none."""
    if not isinstance(spans, SpanColumns):
        return [score for span in spans for score in evaluations_in(span.key, vars(span))]
    if spans.rows is not None or "events" not in spans.values:
        return []
    found = [place for place, events in enumerate(spans.values["events"]) if events and EVALUATION in events]
    return [score for place in found for score in evaluations_in(spans[place].key, vars(spans[place]))]


def evaluations_in(key: SpanKey, fields: Mapping[str, Any]) -> Iterator[Score]:
    """Yield the scores in the events of a span; `fields` are fields of the span by column name."""
    events = fields.get("events")
    if events is None or EVALUATION not in events:
        return
    listed = msgspec.json.decode(events)
    context = {name: fields.get(name) for name in CONTEXT}
    yield from scores_of_events(key, listed if isinstance(listed, list) else (), context)


def scores_of_events(
    about: tuple[str, str | None], events: Iterable[Any], context: Mapping[str, Any]
) -> Iterator[Score]:
    """Yield the scores in events on a span or a trace; `context` are further fields of the scores."""
    seen = Counter[bytes]()
    for event in events:
        attributes = event.get("attributes") if isinstance(event, dict) else None
        if not isinstance(attributes, dict) or event.get("name") != EVALUATION:
            continue
        name = attributes.get(_NAME)
        moment = moment_of_event(event)
        told = [*about, name, moment]
        same = msgspec.json.encode(told)
        seen[same] += 1
        yield Score(
            score_id=blake2b(msgspec.json.encode([*told, seen[same]]), digest_size=16).hexdigest(),
            trace_id=about[0],
            span_id=about[1],
            name=name if isinstance(name, str) and name else "evaluation",
            timestamp=moment or Nanos(0),
            value=number_in(attributes.get(_VALUE)),
            text_value=_text(attributes.get(_LABEL)),
            comment=_text(attributes.get(_WHY)),
            metadata=_rest(attributes),
            **context,
        )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _rest(attributes: Mapping[str, Any]) -> Json | None:
    rest = {key: value for key, value in attributes.items() if key not in _READ}
    return as_json(rest) if rest else None

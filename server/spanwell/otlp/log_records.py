"""Reads span data from log records: instrumentations may log the contents of a call instead of tracing them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from spanwell.observability.conventions.attributes import of_resource, of_span
from spanwell.observability.conventions.evaluations import CONTEXT, EVALUATION, scores_of_events
from spanwell.observability.conventions.event_contents import are_contents, contents_of_events
from spanwell.observability.conventions.event_usage import call_in
from spanwell.observability.conventions.values import as_json, decoded
from spanwell.observability.derivation.merge import SpanUpdate, joined_events
from spanwell.observability.model.assessments import AssessmentKind, Score
from spanwell.observability.model.columns import Json, Nanos
from spanwell.observability.model.fast_spans import make_span
from spanwell.observability.model.span import Span, SpanKey
from spanwell.observability.service import Observability

from .values import plain_attributes, plain_value


@dataclass
class _Told:
    """The data in the records of one span, in order."""

    started_at: Nanos
    origin: Mapping[str, Any]
    """The fields from the resource, for a span that has not arrived yet."""
    context: dict[str, Any] = field(default_factory=dict[str, Any])
    """The user, session, and so on, from the attributes of the records."""
    events: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    calls: list[Json] = field(default_factory=list[Json])
    """Events that state the tokens of a model call."""


@dataclass
class LogContents:
    """The span contents and scores in log records, and the number of records without any."""

    spans: dict[SpanKey, _Told] = field(default_factory=dict[SpanKey, _Told])
    scores: list[Score] = field(default_factory=list[Score])
    others: int = 0

    async def store(self, service: Observability) -> None:
        """Fill existing spans, and store the scores.

        A span that has not arrived yet is created from what is known of it.
        """
        keys = list(self.spans)
        found = [told.context | contents_of_events(told.events) for told in self.spans.values()]
        most = service.limits.batch_spans
        for first in range(0, len(keys), most):
            part = keys[first : first + most]
            fills = [
                SpanUpdate(*key, {}, each, self.spans[key].calls)
                for key, each in zip(part, found[first:], strict=False)
            ]
            done = await service.fill_spans(fills)
            missing = [self._span(part[index], found[first + index]) for index in done.not_found]
            if missing:
                await service.create_spans(missing)
        for first in range(0, len(self.scores), most):
            await service.assessing.create(AssessmentKind.SCORE, self.scores[first : first + most])

    def _span(self, key: SpanKey, found: Mapping[str, Any]) -> Span:
        told = self.spans[key]
        trace_id, span_id = key
        given = {"trace_id": trace_id, "span_id": span_id, "name": told.events[0]["name"], **told.origin, **found}
        if told.calls:
            given["events"] = joined_events(None, told.calls)
        return make_span({**given, "started_at": told.started_at}.items())


def contents_of_logs(request: ExportLogsServiceRequest) -> LogContents:
    """Return the span data in the records of a request."""
    found = LogContents()
    for resource_logs in request.resource_logs:
        fields = of_resource(plain_attributes(resource_logs.resource.attributes))
        context = {name: value for name, value in fields.items() if name in CONTEXT}
        for scope_logs in resource_logs.scope_logs:
            for record in scope_logs.log_records:
                event = _event(record, scope_logs.scope.name)
                if event["name"] == EVALUATION and len(record.trace_id) == 16:
                    span_id = record.span_id.hex() if any(record.span_id) else None
                    found.scores += scores_of_events((record.trace_id.hex(), span_id), [event], context)
                    continue
                call = call_in(event["attributes"])
                if len(record.trace_id) != 16 or len(record.span_id) != 8 or not (call or are_contents([event])):
                    found.others += 1
                    continue
                key = record.trace_id.hex(), record.span_id.hex()
                at = Nanos(record.time_unix_nano or record.observed_time_unix_nano)
                told = found.spans.setdefault(key, _Told(at, fields))
                told.events.append(event)
                stated = of_span(event["attributes"])
                told.context |= {name: stated[name] for name in CONTEXT if name in stated}
                if call:
                    told.calls.append(as_json({**event, "attributes": call}))
    return found


def _event(record: LogRecord, logger: str) -> dict[str, Any]:
    """Return a record as a span event; its body is an object, maybe as JSON text, or the message itself."""
    attributes = plain_attributes(record.attributes)
    body = plain_value(record.body)
    whole = decoded(body)
    inner = whole if isinstance(whole, dict) else {} if body is None else {"content": body}
    moment = str(record.time_unix_nano or record.observed_time_unix_nano)
    name = record.event_name or next((str(attributes[key]) for key in _NAMES if key in attributes), "")
    name = name or (f"{logger}.{inner['type']}" if "type" in inner else "")
    return {"name": name, "timeUnixNano": moment, "attributes": {**attributes, **inner}}


_NAMES = ("event.name", "event_name")
"""Attributes in which loggers put the event name."""


def count_points(request: ExportMetricsServiceRequest) -> int:
    """Return the number of data points in a metrics request."""
    metrics = (
        metric
        for resource_metrics in request.resource_metrics
        for scope_metrics in resource_metrics.scope_metrics
        for metric in scope_metrics.metrics
    )
    kinds = ((metric, metric.WhichOneof("data")) for metric in metrics)
    return sum(len(getattr(metric, kind).data_points) for metric, kind in kinds if kind)

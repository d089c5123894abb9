"""Langfuse's JSON of traces, from its UI (`trace` beside `observations`) or its API (`observations` in the trace).

An observation becomes the span that Langfuse's SDK would have sent: with the original attributes, which Langfuse stores
in `metadata`, and with Langfuse's own columns as further attributes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from spanwell.importing.elements import Document, described_span, names_any, read_element
from spanwell.observability.model.assessments import Score
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.span import Span, StatusCode
from spanwell.observability.model.text import json_of
from spanwell.observability.model.times import parse_moment

from .langfuse_attributes import Counted, attributes_of
from .langfuse_scores import SCORE, score_of
from .langfuse_values import Metadata, content


class _Observation(Counted, rename="camel"):
    id: str
    start_time: str
    trace_id: str | None = None
    parent_observation_id: str | None = None
    name: str | None = None
    end_time: str | None = None
    environment: str | None = None
    status_message: str | None = None
    input: Any = None
    output: Any = None
    metadata: Any = None


class _Trace(msgspec.Struct, rename="camel"):
    id: str
    name: str | None = None
    user_id: str | None = None
    session_id: str | None = None
    environment: str | None = None
    release: str | None = None
    version: str | None = None
    tags: list[str] | None = None
    public: bool | None = None
    input: Any = None
    output: Any = None
    metadata: Any = None
    scores: list[msgspec.Raw] | None = None
    observations: list[msgspec.Raw] | None = None


_TOP = msgspec.json.Decoder(dict[str, msgspec.Raw] | list[msgspec.Raw])
_TRACE, _OBSERVATION = msgspec.json.Decoder(_Trace), msgspec.json.Decoder(_Observation)
_OBSERVATIONS = msgspec.json.Decoder(list[msgspec.Raw])
_LIST = msgspec.json.Decoder(list[msgspec.Raw] | None)


class Langfuse(Document):
    """Files with a trace, or a list of traces."""

    def can_read(self, beginning: bytes) -> bool:
        """Return whether a file begins with a document that has members of Langfuse."""
        return names_any(beginning, "observations", "bookmarked", "parentObservationId", "htmlPath")

    def spans(self, content: bytes) -> Iterator[tuple[str, Span]]:
        """Yield the spans of a document. Raises `InvalidInput`."""
        for place, within, document, trace in _traces(content):
            if "observations" in document:
                raw = read_element(_OBSERVATIONS, document["observations"], f"{place}observations")
                yield from _spans(trace, raw, f"{place}observations")
            else:
                yield from _spans(trace, trace.observations or [], f"{within}.observations".lstrip("."))

    def scores(self, content: bytes) -> Iterator[tuple[str, Score]]:
        """Yield the scores of a document. Raises `InvalidInput`."""
        for place, within, document, trace in _traces(content):
            listed = document.get("scores") if trace.scores is None else None
            beside = read_element(_LIST, listed, f"{place}scores") or [] if listed is not None else []
            for index, raw in enumerate(trace.scores or beside):
                at = f"{place if beside else within + '.'}scores[{index}]".lstrip(".")
                yield at, score_of(read_element(SCORE, raw, at), trace.id, at)


def _traces(content: bytes) -> Iterator[tuple[str, str, dict[str, msgspec.Raw], _Trace]]:
    """Yield the position of each trace of a document, the trace, and the object around it."""
    top = read_element(_TOP, content, "")
    for place, document in [("", top)] if isinstance(top, dict) else _members(top):
        inner = document.get("trace")
        within = f"{place}trace" if inner is not None else place.rstrip(".")
        trace = read_element(_TRACE, inner if inner is not None else msgspec.json.encode(document), within)
        yield place, within, document, trace


def _members(traces: list[msgspec.Raw]) -> Iterator[tuple[str, dict[str, msgspec.Raw]]]:
    for index, raw in enumerate(traces):
        document = read_element(_TOP, raw, f"[{index}]")
        if not isinstance(document, dict):
            raise InvalidInput("is not an object", f"[{index}]")
        yield f"[{index}].", document


def _spans(trace: _Trace, observations: list[msgspec.Raw], place: str) -> Iterator[tuple[str, Span]]:
    places = [f"{place}[{index}]" for index in range(len(observations))]
    read = [read_element(_OBSERVATION, raw, at) for raw, at in zip(observations, places, strict=True)]
    spans = [_span(trace, each, at) for each, at in zip(read, places, strict=True)]
    if spans:
        roots = [span for span in spans if span.parent_span_id is None]
        head = min(roots or spans, key=lambda span: (span.started_at, span.span_id))
        _tell_of_trace(head, trace)
    yield from zip(places, spans, strict=True)


def _span(trace: _Trace, observation: _Observation, place: str) -> Span:
    metadata = Metadata.of(observation.metadata)
    started_at = _moment(observation.start_time, f"{place}.startTime")
    ended_at = None if observation.end_time is None else _moment(observation.end_time, f"{place}.endTime")
    is_event, failed = observation.type == "EVENT", observation.level == "ERROR"
    return described_span(
        attributes_of(observation, metadata),
        metadata.resource,
        trace_id=observation.trace_id or trace.id,
        span_id=observation.id,
        parent_span_id=observation.parent_observation_id or None,
        name=observation.name or "",
        is_event=is_event or None,
        started_at=started_at,
        ended_at=started_at if is_event and ended_at is None else ended_at,
        status_code=StatusCode.ERROR if failed else None,
        status_message=observation.status_message or None,
        error_info=json_of({"message": observation.status_message}) if failed and observation.status_message else None,
        input=content(observation.input),
        output=content(observation.output),
        environment=observation.environment or trace.environment,
        user_id=trace.user_id or None,
        session_id=trace.session_id or None,
        tags=trace.tags or None,
        scope_name=metadata.scope_name,
        scope_version=metadata.scope_version,
        scope=json_of(metadata.scope) if metadata.scope else None,
        metadata=json_of(metadata.others) if metadata.others else None,
    )


def _tell_of_trace(head: Span, trace: _Trace) -> None:
    """Add the fields of the trace to the span that represents it."""
    head.input = head.input if head.input is not None else content(trace.input)
    head.output = head.output if head.output is not None else content(trace.output)
    metadata = Metadata.of(trace.metadata)
    about = {
        "name": trace.name,
        "release": trace.release,
        "version": trace.version,
        "public": trace.public,
        "metadata": metadata.others,
    }
    fields = {name: value for name, value in about.items() if value}
    own: Mapping[str, Any] = msgspec.json.decode(head.metadata) if head.metadata is not None else {}
    if fields:
        head.metadata = json_of({**own, "langfuseTrace": fields})


def _moment(text: str, place: str) -> Nanos:
    try:
        return parse_moment(text)
    except InvalidInput as error:
        raise error.within(place) from None

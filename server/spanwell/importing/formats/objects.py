"""JSON with an object for each span, with the member names of the program that wrote it.

The file may be one document, a list, lines, or several documents in a row as console exporters print them. Spans nested
in other objects are recognized by their shape.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from spanwell.importing.dialects import braintrust, langsmith, opentelemetry, phoenix_scores
from spanwell.importing.dialects.javascript import as_json_text
from spanwell.importing.dialects.values import object_in
from spanwell.importing.elements import Document
from spanwell.observability.conventions.values import decoded
from spanwell.observability.model.assessments import Score
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.span import Span

_DIALECTS: Sequence[tuple[Callable[[dict[str, Any]], bool], Callable[[dict[str, Any], str], Span]]] = (
    (opentelemetry.fits, opentelemetry.span_of),
    (langsmith.fits, langsmith.span_of),
    (braintrust.fits, braintrust.span_of),
)
_WRAPPERS = (
    "spans",
    "traces",
    "runs",
    "events",
    "rows",
    "data",
    "results",
    "trace",
    "objects",
    "child_runs",
    "@message",
)
"""Members that contain objects with spans."""
_TEXTS = ("message", "@message", "value", "trace_data", "spans_json", "spans")
"""Members that contain a span as JSON text, of CloudWatch and of tables."""
_DEEPEST = 12
_MARKS = re.compile(
    rb"""(?:context(?:\.trace_id)?|run_type|root_span_id|trace_metadata|startTimeUnixNano|start_time_unix_nano"""
    rb"""|@message|traceId)\\?["']?\s*:"""
)
_WITHIN_TEXT = re.compile(rb'\\"(?:startTimeUnixNano|traceId)\\"\s*:')
"""How a span begins that is JSON text."""
_TOLD = re.compile(rb'"(?:run_type|root_span_id|trace_metadata)"|"context"\s*:\s*\{')
_SHOWN = re.compile(rb"^\s*(?:\{|\[)\s*(?:\{\s*)?[A-Za-z_$][\w$]*\s*:")
"""How an object begins that JavaScript printed: its member names are not quoted."""


class Objects(Document):
    """Files of console exporters, CloudWatch, Phoenix, MLflow, LangSmith and Braintrust."""

    def can_read(self, beginning: bytes) -> bool:
        """Return whether a file begins with an object that has members of one of these programs."""
        if beginning.lstrip()[:1] not in (b"{", b"[") or not _MARKS.search(beginning):
            return False
        if _SHOWN.search(beginning):
            return True
        first = _first_object(beginning)
        if first is not None:
            return any(_nested_spans(first, "", 0))
        return _TOLD.search(beginning) is not None or _WITHIN_TEXT.search(beginning) is not None

    def spans(self, content: bytes) -> Iterator[tuple[str, Span]]:
        """Yield the spans of a document. Raises `InvalidInput`."""
        for place, fields in _spans_in(content):
            for fits, span_of in _DIALECTS:
                if fits(fields):
                    yield place, span_of(fields, place)
                    break

    def scores(self, content: bytes) -> Iterator[tuple[str, Score]]:
        """Yield the annotations of spans, as Phoenix exports them. Raises `InvalidInput`."""
        if b'"annotations"' not in content:
            return
        for place, fields in _spans_in(content):
            if opentelemetry.fits(fields):
                span = opentelemetry.span_of(fields, place)
                yield from phoenix_scores.scores_of((span.trace_id, span.span_id), fields.get("annotations"), place)


def _spans_in(content: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the spans of a document, each after its position."""
    text = content.decode("utf-8", "replace")
    if _SHOWN.search(content[:4096]):
        text = as_json_text(text)
    for number, document in enumerate(_documents(text)):
        yield from _nested_spans(document, f"[{number}]", 0)


def _first_object(beginning: bytes) -> Any:
    try:
        return json.JSONDecoder().raw_decode(beginning.decode("utf-8", "ignore").lstrip().lstrip("[").lstrip())[0]
    except (ValueError, RecursionError):
        return None


def _documents(text: str) -> Iterator[Any]:
    """Yield the JSON values of a text, separated by whitespace or commas only."""
    decoder = json.JSONDecoder()
    at = 0
    while (at := _next(text, at)) < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            line = text.count("\n", 0, at) + 1
            raise InvalidInput(f"does not start with a readable JSON value (line {line})", "object") from None
        yield from value if isinstance(value, list) else [value]


def _next(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,":
        at += 1
    return at


def _nested_spans(value: Any, place: str, depth: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the span objects nested in a value, the first together with the fields of their trace."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from _nested_spans(each, f"{place}[{index}]", depth + 1)
    elif isinstance(value, dict):
        if any(fits(value) for fits, _ in _DIALECTS):
            yield place, value
            inner = [name for name in ("child_runs",) if name in value]
        else:
            inner = [name for name in _WRAPPERS if name in value]
        info = object_in(value.get("info"))
        metadata = info.get("trace_metadata") or info.get("request_metadata") or value.get("trace_metadata")
        trace = object_in(decoded(metadata))
        for name in inner:
            yield from _with_trace(_nested_spans(value[name], f"{place}.{name}", depth + 1), trace)
        for name in _TEXTS:
            if isinstance(value.get(name), str) and value[name].lstrip()[:1] in ("{", "["):
                yield from _with_trace(_nested_spans(decoded(value[name]), f"{place}.{name}", depth + 1), trace)


def _with_trace(
    spans: Iterator[tuple[str, dict[str, Any]]], trace: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Add the fields of a trace to the attributes of its root span."""
    for place, span in spans:
        is_root = not (span.get("parent_id") or span.get("parent_span_id"))
        if trace and is_root:
            yield place, {**span, "attributes": {**trace, **object_in(span.get("attributes"))}}
        else:
            yield place, span

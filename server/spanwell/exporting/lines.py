"""Spans as lines: one JSON object each by the API's names, or many in one request of OTLP/JSON."""

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.span import GIVEN_COLUMNS, Span
from spanwell.observability.model.times import format_moment
from spanwell.observability.questions.ordering import OLDEST_SPANS, position
from spanwell.observability.questions.queries import SpanQuery, Window
from spanwell.observability.storage import ObservabilityStorage
from spanwell.otlp.documents import write_document
from spanwell.otlp.encoding import encode

_AT_ONCE = 5_000


def json_line(span: Span) -> bytes:
    """Return a span by the API's names, without what is absent and what the store works out itself."""
    shown: dict[str, Any] = {"traceId": span.trace_id, "spanId": span.span_id}
    for column in GIVEN_COLUMNS:
        value = getattr(span, column.name)
        if value == column.default and not column.required:
            continue
        if column.kind is Kind.TIME:
            value = format_moment(value)
        shown[column.label] = msgspec.Raw(value.encode()) if column.kind is Kind.JSON else value
    return _one_line(shown)


def _one_line(value: Any) -> bytes:
    """Return JSON on a line of its own: what the store holds may have line breaks, though never inside of strings."""
    return msgspec.json.encode(value).replace(b"\r", b" ").replace(b"\n", b" ") + b"\n"


def _json_lines(spans: Sequence[Span]) -> Iterator[bytes]:
    return map(json_line, spans)


def _otlp_lines(spans: Sequence[Span]) -> Iterator[bytes]:
    yield _one_line(write_document(encode(spans)))


FORMATS: Mapping[str, Callable[[Sequence[Span]], Iterator[bytes]]] = {"jsonl": _json_lines, "otlp-json": _otlp_lines}
"""For each format what makes lines of some spans."""


async def written_lines(storage: ObservabilityStorage, name: str) -> AsyncGenerator[tuple[int, list[bytes]]]:
    """Yield all spans of a store in a format, the oldest first: how many at a time, and the lines of those."""
    after = None
    more = True
    while more:
        page = await storage.list_spans(SpanQuery(Window(_AT_ONCE, after=after), order=OLDEST_SPANS))
        if page.nodes:
            yield len(page.nodes), list(FORMATS[name](page.nodes))
            after = position(page.nodes[-1], OLDEST_SPANS)
        more = page.has_next

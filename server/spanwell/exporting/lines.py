"""Spans as lines of JSON by the API's names."""

from typing import Any

import msgspec

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.span import GIVEN_COLUMNS, Span
from spanwell.observability.model.times import format_moment


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
    return one_line(shown)


def one_line(value: Any) -> bytes:
    """Return JSON on a line of its own: what the store holds may have line breaks, though never inside of strings."""
    return msgspec.json.encode(value).replace(b"\r", b" ").replace(b"\n", b" ") + b"\n"

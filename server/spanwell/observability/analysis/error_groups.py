"""Groups failures by message, ignoring numbers, ids, times and quoted texts."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import re2

from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span, SpanKey
from spanwell.observability.questions.conditions import Condition

LONGEST_MESSAGE = 1_000
"""Characters of a message that are compared."""

PATTERNS: tuple[tuple[str, str], ...] = (
    (r"https?://[^\s\"'<>]+", "<url>"),
    (r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", "<id>"),
    (r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?", "<time>"),
    (r"\b(0x[0-9a-fA-F]+|[0-9a-fA-F]{16,})\b", "<id>"),
    (r'"[^"]*"', "<text>"),
    (r"(^|[\s(=:\[,])'[^']*'", r"\1<text>"),
    (r"\d+([.,:]\d+)*", "<number>"),
    (r"\s+", " "),
)
"""Patterns of the variable parts of messages, and their placeholders; RE2, applied in this order."""

_COMPILED = tuple((re2.compile(pattern), placeholder) for pattern, placeholder in PATTERNS)


@dataclass(frozen=True)
class ErrorsQuery:
    """The failed spans that meet a condition, as at most `size` groups, with a trend of so many buckets."""

    where: Condition
    size: int
    buckets: int


@dataclass(frozen=True)
class ErrorBucket:
    """Number of failed spans of an error group in one time bucket."""

    bucket_start: Nanos
    count: int


@dataclass(frozen=True)
class ErrorGroup:
    """Failures with the same normalised message; `sample` is the newest of them."""

    message: str
    count: int
    trace_count: int
    services: list[str]
    first_seen_at: Nanos
    last_seen_at: Nanos
    sample: SpanKey
    trend: list[ErrorBucket]


def error_text(span: Span) -> str:
    """Return the message of a failed span: its status message, else the message of its error."""
    if span.status_message:
        return span.status_message
    error = msgspec.json.decode(span.error_info) if span.error_info else None
    message = error.get("message") if isinstance(error, dict) else error
    return message if isinstance(message, str) else ""


def normalized(message: str) -> str:
    """Return a message with placeholders for its variable parts."""
    found = message[:LONGEST_MESSAGE]
    for pattern, placeholder in _COMPILED:
        found = str(pattern.sub(placeholder, found))
    return found.strip(" ")


def step_of(first: int, last: int, buckets: int) -> int:
    """Return the length in nanoseconds of each of `buckets` equal buckets that cover a time range."""
    return (last - first) // buckets + 1


def trend_of(counts: Mapping[int, int], first: int, last: int, buckets: int) -> list[ErrorBucket]:
    """Return a trend from the counts of non-empty buckets."""
    step = step_of(first, last, buckets)
    return [ErrorBucket(Nanos(first + number * step), counts.get(number, 0)) for number in range(buckets)]

"""Groups failures by message, ignoring numbers, ids, times and quoted texts."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import re2

from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span, SpanKey, SpanStatus
from spanwell.observability.questions.conditions import Condition

LONGEST_MESSAGE = 1_000
"""Characters of a message that are compared."""

_QUOTES = (
    (r'"[^"]*"', "<text>"),
    (r"(^|[\s(=:\[,])'[^']*'", r"\1<text>"),
)
PATTERNS: tuple[tuple[str, str], ...] = (
    (r"https?://[^\s\"'<>]+", "<url>"),
    (r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", "<id>"),
    (r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?", "<time>"),
    (r"\b(0x[0-9a-fA-F]+|[0-9a-fA-F]{16,})\b", "<id>"),
    *_QUOTES,
    (r"\d+([.,:]\d+)*", "<number>"),
    (r"\s+", " "),
)
"""Patterns of the variable parts of messages, and their placeholders; RE2, applied in this order."""

PATTERNS_OF_JSON = tuple(each for each in PATTERNS if each not in _QUOTES)
"""The same for JSON, in which quotes do not set off what varies."""
IS_JSON = r'^\s*(\{\s*"|\[\s*[\[{"])'
"""A pattern of messages that are JSON, or the beginning of it."""

_COMPILED = {pattern: re2.compile(pattern) for pattern in (IS_JSON, *dict(PATTERNS))}


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
    """Return why a span failed; empty if it does not say so, or did not fail.

    It is the `message` of `errorInfo`, or `errorInfo` if that is text, else the status message, else `errorInfo` as
    JSON unless that is null or has nothing in it.
    """
    if span.status is not SpanStatus.ERROR:
        return ""
    error = None if span.error_info is None else msgspec.json.decode(span.error_info)
    message = error.get("message") if isinstance(error, dict) else error
    whole = None if error in (None, {}, [], "") else span.error_info
    return (message if isinstance(message, str) else "") or span.status_message or whole or ""


def normalized(message: str) -> str:
    """Return a message with placeholders for its variable parts."""
    found = message[:LONGEST_MESSAGE]
    is_json = _COMPILED[IS_JSON].search(found) is not None
    for pattern, placeholder in PATTERNS_OF_JSON if is_json else PATTERNS:
        found = str(_COMPILED[pattern].sub(placeholder, found))
    return found.strip(" ")


def step_of(first: int, last: int, buckets: int) -> int:
    """Return the length in nanoseconds of each of `buckets` equal buckets that cover a time range."""
    return (last - first) // buckets + 1


def trend_of(counts: Mapping[int, int], first: int, last: int, buckets: int) -> list[ErrorBucket]:
    """Return a trend from the counts of non-empty buckets."""
    step = step_of(first, last, buckets)
    return [ErrorBucket(Nanos(first + number * step), counts.get(number, 0)) for number in range(buckets)]

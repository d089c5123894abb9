"""Events and links of spans as records, read from their JSON, and the beginnings of long texts."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, TypeAlias

import msgspec
import strawberry

from spanwell.observability.conventions.event_moments import moment_of_event
from spanwell.observability.model.columns import Json, Nanos
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.identifiers import span_identifier, trace_identifier
from spanwell.observability.model.span import Span, SpanKey
from spanwell.observability.model.text import json_of
from spanwell.observability.questions.queries import Preview, Previewed
from spanwell.observability.storage import ObservabilityStorage

from .selection import Info

_USUAL = 500
_LONGEST = 10_000

MaxChars: TypeAlias = Annotated[
    int, strawberry.argument(description=f"Maximum number of characters. Default {_USUAL}, at most {_LONGEST:,}.")
]


@dataclass(frozen=True)
class SpanEvent:
    """Something that happened during a span."""

    name: str | None
    time: Nanos | None
    attributes: Json | None


@dataclass(frozen=True)
class SpanLink:
    """What a span says of another one."""

    trace_id: str | None
    span_id: str | None
    trace_state: str | None
    attributes: Json | None


def events_of(events: Json | None) -> list[SpanEvent]:
    """Return the events that a JSON value holds."""
    return [
        SpanEvent(_text(each, "name"), moment_of_event(each), _json(each.get("attributes")))
        for each in _objects(events)
    ]


def links_of(links: Json | None) -> list[SpanLink]:
    """Return the links that a JSON value holds, ids as they are stored."""
    return [
        SpanLink(
            None if (trace_id := _text(each, "traceId")) is None else trace_identifier(trace_id),
            None if (span_id := _text(each, "spanId")) is None else span_identifier(span_id),
            _text(each, "traceState"),
            _json(each.get("attributes")),
        )
        for each in _objects(links)
    ]


def _objects(document: Json | None) -> Iterator[dict[str, Any]]:
    found = None if document is None else msgspec.json.decode(document)
    yield from (each for each in (found if isinstance(found, list) else ()) if isinstance(each, dict))


def _text(found: dict[str, Any], name: str) -> str | None:
    value = found.get(name)
    return value if isinstance(value, str) and value else None


def _json(value: Any) -> Json | None:
    return None if value is None else json_of(value)


def span_events(span: strawberry.Parent[Span]) -> list[SpanEvent]:
    return events_of(span.events)


def span_links(span: strawberry.Parent[Span]) -> list[SpanLink]:
    return links_of(span.links)


async def input_preview(info: Info, span: strawberry.Parent[Span], max_chars: MaxChars = _USUAL) -> str | None:
    return await _preview(info, span, Previewed.INPUT, max_chars)


async def output_preview(info: Info, span: strawberry.Parent[Span], max_chars: MaxChars = _USUAL) -> str | None:
    return await _preview(info, span, Previewed.OUTPUT, max_chars)


async def error_message(info: Info, span: strawberry.Parent[Span], max_chars: MaxChars = _USUAL) -> str | None:
    return await _preview(info, span, Previewed.ERROR, max_chars)


async def _preview(info: Info, span: Span, what: Previewed, size: int) -> str | None:
    if not 1 <= size <= _LONGEST:
        raise InvalidInput(f"must be between 1 and {_LONGEST:,}", "maxChars")
    preview = Preview(what, size)
    load = partial(_previews, info.context.storage, preview)
    return await asyncio.shield(info.context.loader(preview, load).load(span.key))


async def _previews(storage: ObservabilityStorage, preview: Preview, keys: Sequence[SpanKey]) -> list[str | None]:
    return await storage.get_previews(keys, preview)

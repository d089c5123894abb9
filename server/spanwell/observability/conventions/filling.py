"""Fills fields that a client leaves out from attributes, events and resource.

Fields that the client sets itself win; in an update, stored ones do too.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from spanwell.observability.model.columns import Json
from spanwell.observability.model.span import SPAN_COLUMN, Span

from .attributes import described
from .event_usage import usage_of

_ANY = msgspec.json.Decoder()
SPEAKING = ("attributes", "resource", "events")
"""The columns from which others are filled."""


def fill_span(span: Span) -> Span:
    """Fill the empty fields of a span, and return it."""
    for name, value in fills_of({name: getattr(span, name) for name in (*SPEAKING, "name")}).items():
        if getattr(span, name) == SPAN_COLUMN[name].default:
            setattr(span, name, value)
    return span


def fills_of(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of missing columns that follow from the `SPEAKING` columns, which are JSON."""
    attributes, resource, events = (_decoded(columns.get(name)) for name in SPEAKING)
    says = any(each is not None for each in (attributes, resource, events))
    found = _described(attributes, resource, events, columns.get("name")) if says else {}
    return {name: value for name, value in found.items() if name not in columns}


def fill_columns(values: dict[str, Sequence[Any]], speaking: Mapping[str, Sequence[Any]], count: int) -> None:
    """Fill the empty fields of spans as columns; `speaking` are the columns of `SPEAKING` as plain data."""
    if not speaking:
        return
    nothing = [None] * count
    names = values.get("name", nothing)
    rows = list(map(_described, *(speaking.get(name, nothing) for name in SPEAKING), names))
    for name in set[str]().union(*rows):
        default = SPAN_COLUMN[name].default
        stated = values.get(name)
        if stated is None:
            values[name] = [row.get(name, default) for row in rows]
        elif default in stated:
            pairs = zip(stated, rows, strict=True)
            values[name] = [row.get(name, default) if value == default else value for value, row in pairs]


def usage_columns(
    values: Mapping[str, Sequence[Any]], speaking: Mapping[str, Sequence[Any]], count: int
) -> list[dict[str, Any]]:
    """Return the usage of each span, for spans as columns; equivalent to `read_usage`."""
    nothing = [None] * count
    attributes, events = (speaking.get(name, nothing) for name in ("attributes", "events"))
    ended_at = values.get("ended_at", nothing)
    return list(map(usage_of, map(_object, attributes), values["started_at"], ended_at, map(_list, events)))


def _described(attributes: Any, resource: Any, events: Any, name: str | None) -> dict[str, Any]:
    return described(_object(attributes), _object(resource), _events(events) if events else (), name or "")


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _events(value: Any) -> list[dict[str, Any]]:
    """Return the valid events in a value; clients may send anything as events."""
    listed = [each for each in _list(value) if isinstance(each, dict)]
    return [{"name": str(each.get("name", "")), "attributes": _object(each.get("attributes"))} for each in listed]


def _decoded(text: Json | None) -> Any:
    try:
        return _ANY.decode(text) if text is not None else None
    except (msgspec.DecodeError, RecursionError):
        return None

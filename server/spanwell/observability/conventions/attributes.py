"""Fills the fields of a span from attributes and events, by the tables in `rows`.

For each field, the first attribute that is present and not empty wins. Model, provider, tokens, cost and speed are read
by `usage`. The attributes themselves stay unchanged, and a field that the client sets itself wins.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from spanwell.observability.model.columns import Json
from spanwell.observability.model.span import StatusCode
from spanwell.observability.model.text import json_of

from .contents import Place, contents_of, places_among
from .event_contents import are_contents, contents_of_events, events_in
from .rows.contents import IN_EVENTS
from .rows.context import ENTITY_TYPES, ERRORS, METADATA, OF_RESOURCE, OPERATIONS, OUTCOMES, TAGS, TEXTS, TYPES
from .rows.row import Way, ways_of
from .values import decoded, follow, is_empty, nested

EXCEPTION = "exception"
"""The name of an exception event."""

_ERROR_INFO: Mapping[str, str] = {
    "name": "exception.type",
    "message": "exception.message",
    "stack": "exception.stacktrace",
}
_FAILED = frozenset({"ERROR", "FATAL", "CRITICAL", "FAIL", "FAILED", "FAILURE"})
_NOT_FAILED = frozenset({"", "0", "FALSE", "NONE", "NULL", "OK", "UNSET"})
_SEVERE = 17
"""OpenTelemetry's lowest severity number for errors."""

_KIND = re.compile("tool|agent|workflow", re.IGNORECASE)
"""The entity types that a span's type implies if no key does."""
_AGENT = "agent"
_MOST_KEYS = 128
"""The most keys of a span for which the meaning is cached."""

_TEXT_WAYS, _RESOURCE_WAYS = ways_of(TEXTS), ways_of(OF_RESOURCE)
_ENTITY_KEYS = [way.key for way in _TEXT_WAYS["entity_name"] if way.key in ENTITY_TYPES]
"""The fields that name an entity and imply its type, in order of precedence."""
_TAG_WAYS, _OUTCOME_WAYS = ways_of(TAGS)["tags"], ways_of(OUTCOMES)["status_code"]
_METADATA_KEYS = [way.key for way in ways_of(METADATA)["metadata"]]
_PREFIXES = tuple(key.removesuffix("*") for key in _METADATA_KEYS if key.endswith("*"))
_OF_PREFIX = re.compile("|".join(rf"^{re.escape(prefix)}" for prefix in _PREFIXES), re.MULTILINE)

Fields = Sequence[tuple[str, Sequence[Way]]]


def error_info_of(events: Sequence[Mapping[str, Any]], attributes: Mapping[str, Any] | None = None) -> Json | None:
    """Return the last exception in a failed span's events, or the one in its attributes.

    It has `name`, `message` and `stack`.
    """
    for event in reversed(events):
        if event["name"] == EXCEPTION:
            return _exception(event["attributes"])
    return _exception(attributes) if attributes and "exception.message" in attributes else None


def _exception(stated: Mapping[str, Any]) -> Json:
    found = {name: stated[key] for name, key in _ERROR_INFO.items() if key in stated}
    return json_of(found)


@dataclass(frozen=True)
class _Meaning:
    """The meaning of a set of keys: for each field, the ways to fill it, the best first."""

    texts: Fields
    tags: Sequence[Way]
    outcomes: Sequence[Way]
    metadata: Sequence[tuple[str, str]]
    entities: Sequence[str]
    types: Sequence[str]
    contents: Sequence[Place]
    has_events: bool


def of_resource(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a `Span`, by column name, that a resource sets for all its spans."""
    return _texts(resource, _among(tuple(resource), _RESOURCE_WAYS))


def of_span(attributes: Mapping[str, Any], events: Sequence[Mapping[str, Any]] = (), name: str = "") -> dict[str, Any]:
    """Return the fields of a `Span` that follow from its attributes, its events and possibly its name.

    An event has `name` and `attributes`.
    """
    keys = tuple(attributes)
    meaning = _known_meaning(keys) if len(keys) <= _MOST_KEYS else _meaning(keys)
    found = _texts(attributes, meaning.texts)
    if meaning.types and "type" not in found:
        _put_kind(found, "type", TYPES, meaning.types, attributes)
    _put_entity(found, meaning.entities, attributes, name)
    if meaning.tags and (tags := _tags(attributes, meaning.tags)):
        found["tags"] = tags
    if meaning.outcomes and any(_has_failed(way.key, attributes[way.key]) for way in meaning.outcomes):
        found["status_code"] = StatusCode.ERROR
    if meaning.metadata and (metadata := _metadata(attributes, meaning.metadata)):
        found["metadata"] = json_of(metadata)
    if meaning.contents:
        found |= contents_of(attributes, meaning.contents)
    if meaning.has_events:
        found = contents_of_events(events_in(attributes[IN_EVENTS])) | found
    if events and are_contents(events):
        found = contents_of_events(events) | found
    return found


def _put_kind(
    found: dict[str, Any], field: str, kinds: Mapping[str, str], keys: Sequence[str], attributes: Mapping[str, Any]
) -> None:
    """Add the type of a span or of its entity, from the first attribute that determines it."""
    kind = next((kinds[key] for key in keys if not is_empty(attributes[key])), None)
    if kind is not None:
        found[field] = kind


def _put_entity(found: dict[str, Any], keys: Sequence[str], attributes: Mapping[str, Any], name: str) -> None:
    """Add an entity's type, and its name if only the span's name has it, as in `execute_tool search`.

    A span of an agent that nothing else names is named after it, as OpenInference does.
    """
    if "entity_name" in found:
        if "entity_type" not in found:
            _put_kind(found, "entity_type", ENTITY_TYPES, keys, attributes)
        if "entity_type" not in found and (kind := _KIND.search(found.get("type", ""))):
            found["entity_type"] = kind[0].lower()
        return
    operation, _, entity = name.partition(" ")
    if operation in OPERATIONS and entity.strip():
        found["entity_name"] = entity.strip()
        found.setdefault("entity_type", OPERATIONS[operation])
    elif found.get("type", "").lower() == _AGENT and name.strip():
        found["entity_name"] = name.strip()
        found.setdefault("entity_type", _AGENT)


def described(
    attributes: Mapping[str, Any],
    resource: Mapping[str, Any],
    events: Sequence[Mapping[str, Any]] = (),
    name: str = "",
) -> dict[str, Any]:
    """Return the fields of a `Span` that follow from its attributes, events, name and resource."""
    own = of_span(attributes, events, name)
    return of_resource(resource) | own if resource else own


def _meaning(keys: tuple[str, ...]) -> _Meaning:
    """Return the meaning of a set of keys."""
    there = frozenset(keys)
    return _Meaning(
        _among(keys, _TEXT_WAYS),
        [way for way in _TAG_WAYS if way.key in there],
        [way for way in _OUTCOME_WAYS if way.key in there],
        _metadata_among(keys),
        [key for key in _ENTITY_KEYS if key in there],
        [key for key in TYPES if key in there],
        places_among(keys),
        IN_EVENTS in there,
    )


_known_meaning = lru_cache(4_096)(_meaning)
"""The same, cached: most spans have the same keys as others."""


def _among(keys: tuple[str, ...], table: Mapping[str, Sequence[Way]]) -> Fields:
    there = frozenset(keys)
    found = ((field, [way for way in ways if way.key in there]) for field, ways in table.items())
    return [(field, ways) for field, ways in found if ways]


def _texts(values: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field, ways in fields:
        for way in ways:
            value = values[way.key] if way.path is None else follow(values[way.key], way.path)
            text = value if type(value) is str else _text(value)  # most are texts, so this saves a call
            if text:
                found[field] = text
                break
    return found


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _tags(attributes: Mapping[str, Any], ways: Sequence[Way]) -> list[str]:
    """Return the first tags present: a list, a list as JSON text, or comma-separated text."""
    for way in ways:
        value = decoded(attributes[way.key])
        listed = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
        if tags := [tag.strip() for tag in listed if isinstance(tag, str) and tag.strip()]:
            return tags
    return []


def _has_failed(key: str, value: Any) -> bool:
    """Return whether a value indicates an error: as a word, a number or a boolean."""
    word = str(value).strip().upper()
    if key in ERRORS:
        return word not in _NOT_FAILED and not is_empty(value)
    if key.endswith("success"):
        return word == "FALSE"
    if key.endswith("is_error"):
        return word == "TRUE"
    if key.endswith("level_num") and isinstance(value, int | float):
        return value >= _SEVERE
    return word in _FAILED


def _metadata_among(keys: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the keys that hold metadata, each with its member name; the name is empty for whole objects."""
    found = [(key, "") for key in _METADATA_KEYS if key in keys]
    if _OF_PREFIX.search("\n".join(keys)):
        members = ((key, _OF_PREFIX.match(key)) for key in keys)
        found += [(key, key[match.end() :]) for key, match in members if match is not None and match.end() < len(key)]
    return found


def _metadata(attributes: Mapping[str, Any], keys: Sequence[tuple[str, str]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, member in keys:
        value = attributes[key]
        if member:
            if value != "":
                inner = nested(value)
                found[member] = value if inner is None else inner
        elif isinstance(inner := nested(value), dict):
            found |= inner
    return found

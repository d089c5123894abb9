"""Traces as Grafana Tempo's API answers them: OTLP under other names, with ids in base64."""

from typing import Any

from .values import identifier, object_in, objects_in

_RENAMED = {
    "batches": "resourceSpans",
    "instrumentationLibrarySpans": "scopeSpans",
    "instrumentationLibrary": "scope",
}
_IDS = ("traceId", "spanId", "parentSpanId")
_IN_BASE64 = {24: 24, 22: 24, 12: 12, 11: 12}
"""Letters of an id in base64, with and without what fills it up, and those that fill it."""


def as_otlp(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document as OTLP/JSON has it; one that is so already stays as it is."""
    inner = object_in(document.get("trace"))
    found = _renamed({**document, **inner} if inner else document)
    for resource in objects_in(found.get("resourceSpans")):
        scopes = [_renamed(scope) for scope in objects_in(_renamed(resource).get("scopeSpans"))]
        for scope in scopes:
            for span in objects_in(scope.get("spans")):
                _write_ids(span)
                for link in objects_in(span.get("links")):
                    _write_ids(link)
        if "instrumentationLibrarySpans" in resource:
            resource["scopeSpans"] = scopes
    return found


def _renamed(given: dict[str, Any]) -> dict[str, Any]:
    if given.keys().isdisjoint(_RENAMED):
        return given
    return {_RENAMED.get(key, key): value for key, value in given.items()}


def _write_ids(fields: dict[str, Any]) -> None:
    """Write ids that are in base64 as hexadecimal digits."""
    for name in _IDS:
        value = fields.get(name)
        if isinstance(value, str) and len(value) in _IN_BASE64:
            fields[name] = identifier(value.ljust(_IN_BASE64[len(value)], "="))

"""Traces from Grafana Tempo's API: OTLP under other names, with ids in base64."""

from typing import Any

from .values import identifier, object_in, objects_in

_RENAMED = {
    "batches": "resourceSpans",
    "instrumentationLibrarySpans": "scopeSpans",
    "instrumentationLibrary": "scope",
}
_IDS = ("traceId", "spanId", "parentSpanId")
_IN_BASE64 = {24: 24, 22: 24, 12: 12, 11: 12}
"""The lengths of an id in base64, with and without padding, and of the padding."""


def as_otlp(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document as OTLP/JSON; one that is OTLP/JSON already is unchanged."""
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


def _renamed(fields: dict[str, Any]) -> dict[str, Any]:
    if fields.keys().isdisjoint(_RENAMED):
        return fields
    return {_RENAMED.get(key, key): value for key, value in fields.items()}


def _write_ids(fields: dict[str, Any]) -> None:
    """Convert ids from base64 to hexadecimal digits, in place."""
    for name in _IDS:
        value = fields.get(name)
        if isinstance(value, str) and len(value) in _IN_BASE64:
            fields[name] = identifier(value.ljust(_IN_BASE64[len(value)], "="))

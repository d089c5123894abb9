"""Langfuse's untyped values: JSON stored as text, sometimes twice, and metadata with parts of OpenTelemetry."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from spanwell.observability.model.columns import Json
from spanwell.observability.model.text import json_of

_MOST_WRAPPINGS = 3


def unwrapped(value: Any) -> Any:
    """Decode a value that is JSON text, or JSON text within JSON text."""
    for _ in range(_MOST_WRAPPINGS):
        if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "[", '"'):
            break
        try:
            value = msgspec.json.decode(value)
        except (msgspec.DecodeError, RecursionError, ValueError):
            break
    return value


def content(value: Any) -> Json | None:
    """Return an input or output as JSON; None if it is missing."""
    found = unwrapped(value)
    return None if found is None else json_of(found)


@dataclass(frozen=True)
class Metadata:
    """The parts of the `metadata` of an observation or a trace."""

    attributes: dict[str, Any] = field(default_factory=dict[str, Any])
    resource: dict[str, Any] = field(default_factory=dict[str, Any])
    scope: dict[str, Any] = field(default_factory=dict[str, Any])
    scope_name: str | None = None
    scope_version: str | None = None
    others: dict[str, Any] = field(default_factory=dict[str, Any])

    @classmethod
    def of(cls, metadata: Any) -> "Metadata":
        """Return the parts of metadata that is an object, or JSON text of an object; anything else is in `others`."""
        found = unwrapped(metadata)
        if not isinstance(found, dict):
            return cls(others={} if found in (None, "") else {"metadata": found})
        scope = _object(found.pop("scope", None))
        return cls(
            attributes=_object(found.pop("attributes", None)),
            resource=_object(found.pop("resourceAttributes", None)),
            scope=_object(scope.get("attributes")),
            scope_name=_text(scope.get("name")),
            scope_version=_text(scope.get("version")),
            others=found,
        )


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None

"""Langfuse's untyped values: JSON that it keeps as text, sometimes as text of text, and metadata with OTel's parts."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from spanwell.observability.model.columns import Json
from spanwell.observability.model.text import json_of

_MOST_WRAPPINGS = 3


def unwrapped(value: Any) -> Any:
    """Return a value that is JSON in a text, or in a text in a text, as what it means."""
    for _ in range(_MOST_WRAPPINGS):
        if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "[", '"'):
            break
        try:
            value = msgspec.json.decode(value)
        except (msgspec.DecodeError, RecursionError, ValueError):
            break
    return value


def content(value: Any) -> Json | None:
    """Return an input or an output as JSON; None if there is none."""
    found = unwrapped(value)
    return None if found is None else json_of(found)


@dataclass(frozen=True)
class Metadata:
    """What the `metadata` of an observation or a trace holds."""

    attributes: dict[str, Any] = field(default_factory=dict[str, Any])
    resource: dict[str, Any] = field(default_factory=dict[str, Any])
    scope: dict[str, Any] = field(default_factory=dict[str, Any])
    scope_name: str | None = None
    scope_version: str | None = None
    others: dict[str, Any] = field(default_factory=dict[str, Any])

    @classmethod
    def of(cls, given: Any) -> "Metadata":
        """Return metadata, which is an object or the text of one; of anything else, all of it is `others`."""
        found = unwrapped(given)
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

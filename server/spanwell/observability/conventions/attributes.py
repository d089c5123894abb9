"""What attributes mean: the keys of semantic conventions, and the fields of a span that they fill.

The table is the whole rule for plain values: for each field the keys that may hold it, the first one that is there
wins. Sources: OpenTelemetry's `gen_ai`, `session`, `user` and `deployment` conventions (new and old names),
OpenInference, Mastra's exporter, the Vercel AI SDK, Traceloop's OpenLLMetry, and Langfuse's SDKs. Model, provider,
tokens and cost have a table of their own, `usage`, which holds for spans of any origin. The attributes themselves stay
as they were.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from spanwell.observability.model.columns import Json

from .contents import Place, contents_of, places_among

TEXTS: Mapping[str, tuple[str, ...]] = {
    "type": (
        "mastra.span.type",
        "openinference.span.kind",
        "gen_ai.operation.name",
        "langfuse.observation.type",
        "traceloop.span.kind",
        "ai.operationId",
    ),
    "user_id": (
        "user.id",
        "enduser.id",
        "mastra.metadata.userId",
        "langfuse.user.id",
        "ai.telemetry.metadata.userId",
        "traceloop.association.properties.user_id",
    ),
    "session_id": (
        "session.id",
        "mastra.metadata.sessionId",
        "langfuse.session.id",
        "ai.telemetry.metadata.sessionId",
        "traceloop.association.properties.session_id",
    ),
    "thread_id": (
        "gen_ai.conversation.id",
        "mastra.metadata.threadId",
        "ai.telemetry.metadata.threadId",
        "langgraph.thread_id",
    ),
    "run_id": ("mastra.metadata.runId", "mastra.run.id", "gen_ai.run.id"),
    "request_id": ("mastra.metadata.requestId", "http.request.id", "request.id"),
    "resource_id": ("mastra.metadata.resourceId",),
    "organization_id": ("mastra.metadata.organizationId", "organization.id", "tenant.id"),
    "experiment_id": ("mastra.metadata.experimentId", "langfuse.experiment.id"),
    "entity_type": ("mastra.entity.type",),
    "entity_name": (
        "mastra.entity.name",
        "gen_ai.tool.name",
        "gen_ai.agent.name",
        "gen_ai.workflow.name",
        "tool.name",
        "agent.name",
        "ai.toolCall.name",
        "traceloop.entity.name",
    ),
    "entity_id": ("mastra.entity.id", "gen_ai.agent.id"),
    "entity_version_id": ("mastra.entity.version_id", "gen_ai.agent.version"),
    "environment": ("deployment.environment.name", "deployment.environment", "langfuse.environment"),
    "source": ("mastra.source",),
}
"""Fields that are text."""

OF_RESOURCE: Mapping[str, tuple[str, ...]] = {
    "service_name": ("service.name",),
    "environment": ("deployment.environment.name", "deployment.environment", "langfuse.environment"),
}
"""Fields that the resource tells, where the span itself does not."""

TAGS = ("mastra.tags", "tag.tags", "langfuse.trace.tags")

_ENTITY_TYPES: Mapping[str, str] = {
    "gen_ai.tool.name": "tool",
    "tool.name": "tool",
    "ai.toolCall.name": "tool",
    "gen_ai.agent.name": "agent",
    "agent.name": "agent",
    "gen_ai.workflow.name": "workflow",
}
"""What it is that a key names."""


EXCEPTION = "exception"
"""What an event is called that tells of an exception."""

_ERROR_INFO: Mapping[str, str] = {
    "name": "exception.type",
    "message": "exception.message",
    "stack": "exception.stacktrace",
}


def error_info_of(events: Sequence[Mapping[str, Any]]) -> Json | None:
    """Return the last exception among the events of a failed span: its `name`, `message` and `stack`."""
    for event in reversed(events):
        if event["name"] == EXCEPTION:
            said = event["attributes"]
            found = {name: said[key] for name, key in _ERROR_INFO.items() if key in said}
            return Json(msgspec.json.encode(found).decode())
    return None


@dataclass(frozen=True)
class _Meaning:
    """What attributes with some keys mean: for each field the keys that may fill it, the best first."""

    texts: Sequence[tuple[str, Sequence[str]]]
    tags: Sequence[str]
    contents: Sequence[Place]


class Conventions:
    """Tells what the attributes of some spans state; what keys mean is worked out once for spans that have the same."""

    def __init__(self) -> None:
        self._meanings: dict[tuple[str, ...], _Meaning] = {}

    def of_resource(self, resource: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of a `Span`, by the names of its columns, that a resource states for all its spans."""
        return _texts(resource, _among(tuple(resource), OF_RESOURCE))

    def of_attributes(self, attributes: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of a `Span` that its own attributes state."""
        keys = tuple(attributes)
        meaning = self._meanings.get(keys)
        if meaning is None:
            meaning = self._meanings[keys] = _meaning(keys)
        found = _texts(attributes, meaning.texts)
        if "entity_name" in found and "entity_type" not in found and (kind := _entity_type(attributes)):
            found["entity_type"] = kind
        if meaning.tags and (tags := _tags(attributes, meaning.tags)):
            found["tags"] = tags
        if meaning.contents:
            found |= contents_of(attributes, meaning.contents)
        return found


def described(attributes: Mapping[str, Any], resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of one `Span` that its attributes and its resource state."""
    conventions = Conventions()
    return conventions.of_resource(resource) | conventions.of_attributes(attributes)


def _meaning(keys: tuple[str, ...]) -> _Meaning:
    return _Meaning(_among(keys, TEXTS), [key for key in TAGS if key in keys], places_among(keys))


def _among(keys: tuple[str, ...], table: Mapping[str, tuple[str, ...]]) -> Sequence[tuple[str, Sequence[str]]]:
    there = set(keys)
    found = ((field, [key for key in known if key in there]) for field, known in table.items())
    return [(field, known) for field, known in found if known]


def _texts(values: Mapping[str, Any], fields: Sequence[tuple[str, Sequence[str]]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field, keys in fields:
        for key in keys:
            value = values[key]
            text = value if type(value) is str else _text(value)  # most are texts, which are not worth a call
            if text:
                found[field] = text
                break
    return found


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _entity_type(attributes: Mapping[str, Any]) -> str | None:
    return next((kind for key, kind in _ENTITY_TYPES.items() if attributes.get(key)), None)


def _tags(attributes: Mapping[str, Any], keys: Sequence[str]) -> list[str]:
    lists = (value for key in keys if isinstance(value := attributes[key], list))
    return [tag for tag in next(lists, []) if isinstance(tag, str)]

"""What attributes mean: the keys of semantic conventions, and the fields of a span that they fill.

The table is the whole rule for plain values: for each field the keys that may hold it, the first one that is there
wins. Sources: OpenTelemetry's `gen_ai`, `session`, `user` and `deployment` conventions (new and old names),
OpenInference, Mastra's exporter, the Vercel AI SDK, Traceloop's OpenLLMetry, and Langfuse's SDKs. Model, provider,
tokens and cost have a table of their own, `server.observability.usage`, which holds for spans of any origin. The
attributes themselves stay as they were.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from server.observability.columns import Json

from .contents import contents_of

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
_TAGS = frozenset(TAGS)

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


def described(attributes: Mapping[str, Any], resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a `Span` that its attributes and its resource state, by the names of its columns."""
    return of_resource(resource) | of_attributes(attributes)


def of_resource(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that a resource states, the same for all its spans."""
    return _texts(resource, _RESOURCE_KEYS)


def of_attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that a span's own attributes state."""
    found = _texts(attributes, _TEXT_KEYS)
    if "entity_name" in found and "entity_type" not in found and (kind := _entity_type(attributes)):
        found["entity_type"] = kind
    if tags := _tags(attributes):
        found["tags"] = tags
    return found | contents_of(attributes)


def _texts(values: Mapping[str, Any], places: Mapping[str, tuple[str, int]]) -> dict[str, Any]:
    """Return the fields that some values fill; each key is looked up once, since most of them mean nothing here."""
    found: dict[str, Any] = {}
    ranks: dict[str, int] = {}
    for key in values.keys() & places.keys():
        field, rank = places[key]
        text = _text(values[key])
        if text is not None and rank < ranks.get(field, rank + 1):
            found[field], ranks[field] = text, rank
    return found


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _entity_type(attributes: Mapping[str, Any]) -> str | None:
    return next((kind for key, kind in _ENTITY_TYPES.items() if attributes.get(key)), None)


def _tags(attributes: Mapping[str, Any]) -> list[str]:
    if _TAGS.isdisjoint(attributes):
        return []
    lists = (value for key in TAGS if isinstance(value := attributes.get(key), list))
    return [tag for tag in next(lists, []) if isinstance(tag, str)]


def _places(table: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, int]]:
    """Return for each key the field it may fill, and its rank among the keys of that field."""
    return {key: (field, rank) for field, keys in table.items() for rank, key in enumerate(keys)}


_TEXT_KEYS, _RESOURCE_KEYS = _places(TEXTS), _places(OF_RESOURCE)

"""What attributes mean: the keys of semantic conventions, and the fields of a span that they fill.

The table is the whole rule for plain values: for each field the keys that may hold it, the first one that is there
wins. Sources: OpenTelemetry's `gen_ai`, `session`, `user` and `deployment` conventions (new and old names),
OpenInference, Mastra's exporter, the Vercel AI SDK, Traceloop's OpenLLMetry, and Langfuse's SDKs. Model, provider,
tokens and cost have a table of their own, `server.observability.usage`, which holds for spans of any origin. The
attributes themselves stay as they were.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .contents import input_of, output_of

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


def described(attributes: Mapping[str, Any], resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a `Span` that its attributes and its resource state, by the names of its columns."""
    found: dict[str, Any] = {
        field: text for field, keys in OF_RESOURCE.items() if (text := _first_text(resource, keys))
    }
    if not _KNOWN.isdisjoint(attributes):
        found |= {field: text for field, keys in TEXTS.items() if (text := _first_text(attributes, keys))}
        if "entity_type" not in found and (kind := _entity_type(attributes)):
            found["entity_type"] = kind
        if tags := _tags(attributes):
            found["tags"] = tags
    for field, read in _CONTENTS.items():
        if (value := read(attributes)) is not None:
            found[field] = value
    return found


def _first_text(values: Mapping[str, Any], keys: Sequence[str]) -> str | None:
    for key in keys:
        value = values.get(key)
        if isinstance(value, str) and value:
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return None


def _entity_type(attributes: Mapping[str, Any]) -> str | None:
    return next((kind for key, kind in _ENTITY_TYPES.items() if attributes.get(key)), None)


def _tags(attributes: Mapping[str, Any]) -> list[str]:
    for key in TAGS:
        value = attributes.get(key)
        if isinstance(value, list):
            return [tag for tag in value if isinstance(tag, str)]
    return []


_CONTENTS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {"input": input_of, "output": output_of}
_KNOWN = frozenset(key for keys in (*TEXTS.values(), TAGS, tuple(_ENTITY_TYPES)) for key in keys)

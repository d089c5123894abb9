"""Attributes that say what a span is, what ran, for whom and where, and how it went."""

from collections.abc import Mapping

from .row import Row, row

TEXTS: tuple[Row, ...] = (
    row("type", "Mastra", "mastra.span.type"),
    row("type", "OpenInference", "openinference.span.kind"),
    row("type", "MLflow", "mlflow.spanType", path=""),
    row("type", "OpenTelemetry", "gen_ai.operation.name"),
    row("type", "Langfuse", "langfuse.observation.type"),
    row("type", "OpenLLMetry", "traceloop.span.kind", "llm.request.type"),
    row("type", "LangSmith", "langsmith.span.kind"),
    row("type", "Braintrust", "braintrust.span_attributes", path="/type"),
    row("type", "Vercel AI SDK", "ai.operationId"),
    row("type", "Spring AI", "spring.ai.kind"),
    row("type", "Claude Code", "span.type"),
    row("user_id", "OpenTelemetry", "user.id", "enduser.id"),
    row("user_id", "Mastra", "mastra.metadata.userId"),
    row("user_id", "Langfuse", "langfuse.user.id"),
    row("user_id", "Vercel AI SDK", "ai.telemetry.metadata.userId", "ai.telemetry.metadata.user_id"),
    row("user_id", "OpenLLMetry", "traceloop.association.properties.user_id"),
    row("user_id", "MLflow", "mlflow.trace.user", path=""),
    row("user_id", "LangSmith", "langsmith.metadata.user_id"),
    row("user_id", "LiteLLM", "metadata.user_api_key_user_id", "llm.user"),
    row("user_id", "OpenInference", "metadata", path="/user_id"),
    row("user_id", "LiveKit", "lk.participant_identity"),
    row("session_id", "OpenTelemetry", "session.id"),
    row("session_id", "Mastra", "mastra.metadata.sessionId"),
    row("session_id", "Langfuse", "langfuse.session.id"),
    row("session_id", "Vercel AI SDK", "ai.telemetry.metadata.sessionId", "ai.telemetry.metadata.session_id"),
    row("session_id", "OpenLLMetry", "traceloop.association.properties.session_id"),
    row("session_id", "MLflow", "mlflow.trace.session", path=""),
    row("session_id", "LangSmith", "langsmith.metadata.session_id", "langsmith.trace.session_id"),
    row("session_id", "Google ADK", "gcp.vertex.agent.session_id"),
    row("session_id", "OpenInference", "metadata", path="/session_id"),
    row("session_id", "LiveKit", "lk.room_name"),
    row("thread_id", "OpenTelemetry", "gen_ai.conversation.id"),
    row("thread_id", "Mastra", "mastra.metadata.threadId"),
    row("thread_id", "Vercel AI SDK", "ai.telemetry.metadata.threadId", "ai.telemetry.metadata.thread_id"),
    row("thread_id", "LangGraph", "langgraph.thread_id"),
    row("thread_id", "OpenLLMetry", "traceloop.association.properties.thread_id"),
    row("thread_id", "LangSmith", "langsmith.metadata.thread_id", "langsmith.metadata.conversation_id"),
    row("thread_id", "Opik", "opik.thread_id"),
    row("thread_id", "OpenInference", "metadata", path="/thread_id"),
    row("run_id", "Mastra", "mastra.metadata.runId", "mastra.run.id"),
    row("run_id", "OpenTelemetry", "gen_ai.run.id"),
    row("run_id", "Google ADK", "gcp.vertex.agent.invocation_id"),
    row("run_id", "Pydantic AI", "gen_ai.agent.call.id"),
    row("request_id", "Mastra", "mastra.metadata.requestId"),
    row("request_id", "OpenTelemetry", "http.request.id", "request.id"),
    row("request_id", "Claude Code", "request_id"),
    row("request_id", "LiteLLM", "litellm_call_id"),
    row("resource_id", "Mastra", "mastra.metadata.resourceId"),
    row("organization_id", "Mastra", "mastra.metadata.organizationId"),
    row("organization_id", "OpenTelemetry", "organization.id", "tenant.id"),
    row("organization_id", "OpenLLMetry", "traceloop.association.properties.organization_id"),
    row("organization_id", "Vercel AI SDK", "ai.telemetry.metadata.organizationId"),
    row("experiment_id", "Mastra", "mastra.metadata.experimentId"),
    row("experiment_id", "Langfuse", "langfuse.experiment.id"),
    row("experiment_id", "MLflow", "mlflow.experimentId", path=""),
    row("entity_type", "Mastra", "mastra.entity.type"),
    row("entity_name", "Mastra", "mastra.entity.name"),
    row("entity_name", "OpenTelemetry", "gen_ai.tool.name", "gen_ai.agent.name", "gen_ai.workflow.name"),
    row("entity_name", "OpenInference", "tool.name", "agent.name"),
    row("entity_name", "Vercel AI SDK", "ai.toolCall.name"),
    row("entity_name", "OpenLLMetry", "traceloop.entity.name"),
    row("entity_name", "Pydantic AI", "agent_name"),
    row("entity_name", "Claude Code", "tool_name"),
    row("entity_name", "LiveKit", "lk.function_tool.name", "lk.agent_name", "lk.agent_label"),
    row("entity_name", "Spring AI", "spring.ai.tool.definition.name", "spring.ai.advisor.name"),
    row("entity_name", "Haystack", "haystack.component.name"),
    row("entity_name", "MLflow", "mlflow.spanFunctionName", path=""),
    row("entity_id", "Mastra", "mastra.entity.id"),
    row("entity_id", "OpenTelemetry", "gen_ai.agent.id"),
    row("entity_version_id", "Mastra", "mastra.entity.version_id"),
    row("entity_version_id", "OpenTelemetry", "gen_ai.agent.version"),
    row("environment", "OpenTelemetry", "deployment.environment.name", "deployment.environment"),
    row("environment", "Langfuse", "langfuse.environment"),
    row("environment", "Mastra", "mastra.environment", "mastra.metadata.environment"),
    row("environment", "Vercel AI SDK", "ai.telemetry.metadata.environment"),
    row("environment", "OpenLIT", "gen_ai.environment"),
    row("source", "Mastra", "mastra.source", "mastra.metadata.source"),
    row("status_message", "Langfuse", "langfuse.observation.status_message"),
    row("status_message", "OpenTelemetry", "error.message"),
)
"""Fields that are text."""

OF_RESOURCE: tuple[Row, ...] = (
    row("service_name", "OpenTelemetry", "service.name"),
    row("environment", "OpenTelemetry", "deployment.environment.name", "deployment.environment"),
    row("environment", "Langfuse", "langfuse.environment"),
)
"""Fields that the resource tells, where the span itself does not."""

TAGS: tuple[Row, ...] = (
    row("tags", "Mastra", "mastra.tags"),
    row("tags", "OpenInference", "tag.tags"),
    row("tags", "Langfuse", "langfuse.trace.tags"),
    row("tags", "Vercel AI SDK", "ai.telemetry.metadata.tags"),
    row("tags", "OpenLLMetry", "traceloop.association.properties.tags"),
    row("tags", "LangSmith", "langsmith.span.tags"),
    row("tags", "Braintrust", "braintrust.tags"),
    row("tags", "Logfire", "logfire.tags"),
    row("tags", "Opik", "opik.tags"),
)
"""Lists of texts, as they are, as JSON in a text, or with commas between them."""

METADATA: tuple[Row, ...] = (
    row("metadata", "OpenInference", "metadata"),
    row("metadata", "Mastra", "mastra.metadata.*"),
    row("metadata", "Langfuse", "langfuse.trace.metadata", "langfuse.trace.metadata.*"),
    row("metadata", "Langfuse", "langfuse.observation.metadata", "langfuse.observation.metadata.*"),
    row("metadata", "Vercel AI SDK", "ai.telemetry.metadata.*"),
    row("metadata", "OpenLLMetry", "traceloop.association.properties.*"),
    row("metadata", "LangSmith", "langsmith.metadata.*"),
    row("metadata", "Braintrust", "braintrust.metadata"),
    row("metadata", "Opik", "opik.metadata", "opik.metadata.*"),
)
"""Objects, or the members of one; all that is there is put together."""

OUTCOMES: tuple[Row, ...] = (
    row("status_code", "Langfuse", "langfuse.observation.level", "level"),
    row("status_code", "Strands", "tool.status", "gen_ai.tool.status"),
    row("status_code", "Claude Code", "success"),
    row("status_code", "LiveKit", "lk.function_tool.is_error"),
    row("status_code", "Logfire", "logfire.level_num"),
)
"""Words that say whether something went wrong, where the status of the span says nothing."""

ENTITY_TYPES: Mapping[str, str] = {
    "gen_ai.tool.name": "tool",
    "tool.name": "tool",
    "ai.toolCall.name": "tool",
    "lk.function_tool.name": "tool",
    "spring.ai.tool.definition.name": "tool",
    "tool_name": "tool",
    "gen_ai.agent.name": "agent",
    "agent.name": "agent",
    "agent_name": "agent",
    "lk.agent_name": "agent",
    "lk.agent_label": "agent",
    "gen_ai.workflow.name": "workflow",
    "haystack.component.name": "component",
}
"""What it is that a key names."""

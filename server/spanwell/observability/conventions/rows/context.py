"""Attributes that say what a span is, what ran, for whom and where, and how it went."""

from collections.abc import Iterator, Mapping

from .row import Row, row

_NAMES: Mapping[str, tuple[str, ...]] = {
    "user_id": ("userId", "user_id"),
    "session_id": ("sessionId", "session_id"),
    "thread_id": ("threadId", "thread_id", "conversationId", "conversation_id"),
    "organization_id": ("organizationId", "organization_id"),
    "resource_id": ("resourceId", "resource_id"),
    "run_id": ("runId", "run_id"),
    "request_id": ("requestId", "request_id"),
    "experiment_id": ("experimentId", "experiment_id"),
    "environment": ("environment",),
}
"""What applications call these in the metadata that they give to a framework."""

_ENVIRONMENT: tuple[Row, ...] = (
    row("environment", "OpenTelemetry", "deployment.environment.name", "deployment.environment"),
    row("environment", "Langfuse", "langfuse.environment"),
)
"""Attributes of spans and of resources."""

_PREFIXES: Mapping[str, str] = {
    "mastra.metadata.": "Mastra",
    "ai.telemetry.metadata.": "Vercel AI SDK",
    "ai.settings.context.": "Vercel AI SDK",
    "traceloop.association.properties.": "OpenLLMetry",
    "langsmith.metadata.": "LangSmith",
    "langfuse.trace.metadata.": "Langfuse",
    "opik.metadata.": "Opik",
    "mlflow.traceTag.": "MLflow",
    "metadata.": "LiteLLM",
    "litellm.metadata.": "LiteLLM",
}
"""Prefixes under which frameworks put the members of metadata, and whose they are."""

_OBJECTS: Mapping[str, str] = {
    "OpenInference": "metadata",
    "Langfuse": "langfuse.trace.metadata",
    "Braintrust": "braintrust.metadata",
}
_PLAIN = ("user_id", "session_id", "thread_id")
"""The fields that applications state as attributes of their own, too."""


def _in_metadata() -> Iterator[Row]:
    """Yield where metadata states the fields of `_NAMES`: under a prefix, in an object, or as plain attributes."""
    for field, names in _NAMES.items():
        yield from (row(field, source, *(f"{each}{n}" for n in names)) for each, source in _PREFIXES.items())
        paths = [f"/{name}" for name in names]
        yield from (row(field, source, key, path=paths) for source, key in _OBJECTS.items())
        if field in _PLAIN:
            yield row(field, "Logfire", *names)


TEXTS: tuple[Row, ...] = (
    row("type", "Mastra", "mastra.span.type"),
    row("type", "OpenInference", "openinference.span.kind"),
    row("type", "MLflow", "mlflow.spanType", path=""),
    row("type", "Spring AI", "spring.ai.kind"),  # all of these are operations called `framework`
    row("type", "OpenTelemetry", "gen_ai.operation.name"),
    row("type", "Langfuse", "langfuse.observation.type"),
    row("type", "OpenLLMetry", "traceloop.span.kind", "llm.request.type"),
    row("type", "LangSmith", "langsmith.span.kind"),
    row("type", "Braintrust", "braintrust.span_attributes", path="/type"),
    row("type", "Vercel AI SDK", "ai.operationId"),
    row("type", "Claude Code", "span.type"),
    row("type", "Genkit", "genkit:metadata:subtype", "genkit:type"),
    row("type", "AgentOps", "agentops.span.kind"),
    row("type", "Prompt flow", "span_type"),
    row("user_id", "OpenTelemetry", "user.id", "enduser.id"),
    row("user_id", "Langfuse", "langfuse.user.id"),
    row("user_id", "MLflow", "mlflow.trace.user", path=""),
    row("user_id", "LiteLLM", "litellm.end_user.id", "metadata.user_api_key_end_user_id"),
    row("user_id", "LiteLLM", "metadata.user_api_key_user_id", "llm.user"),
    row("user_id", "LiveKit", "lk.participant_identity", "lk.pii.participant_identity"),
    row("user_id", "OpenLIT", "gen_ai.user.id", "gen_ai.request.user", "gen_ai.memory.user_id"),
    row("user_id", "OpenLLMetry", "gen_ai.user"),
    row("session_id", "OpenTelemetry", "session.id"),
    row("session_id", "Langfuse", "langfuse.session.id"),
    row("session_id", "MLflow", "mlflow.trace.session", path=""),
    row("session_id", "LangSmith", "langsmith.trace.session_id"),
    row("session_id", "Google ADK", "gcp.vertex.agent.session_id"),
    row("session_id", "LiveKit", "lk.room_name", "lk.pii.room_name"),
    row("session_id", "OpenLIT", "gen_ai.session.id", "gen_ai.agent.session_id", "gen_ai.memory.session_id"),
    row("thread_id", "OpenTelemetry", "gen_ai.conversation.id"),
    row("thread_id", "LangGraph", "langgraph.thread_id"),
    row("thread_id", "Opik", "opik.thread_id"),
    row("thread_id", "OpenLIT", "langgraph.thread.id", "gen_ai.openai.thread.id"),
    row("thread_id", "Spring AI", "spring.ai.chat.client.conversation.id"),
    row("run_id", "Mastra", "mastra.run.id"),
    row("run_id", "OpenTelemetry", "gen_ai.run.id"),
    row("run_id", "Google ADK", "gcp.vertex.agent.invocation_id"),
    row("run_id", "Pydantic AI", "gen_ai.agent.call.id"),
    row("request_id", "OpenTelemetry", "http.request.id", "request.id"),
    row("request_id", "Claude Code", "request_id"),
    row("request_id", "LiteLLM", "litellm.call_id", "litellm_call_id"),
    row("organization_id", "OpenTelemetry", "organization.id", "tenant.id"),
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
    row("entity_name", "Haystack", "haystack.component.name", "haystack.tool.name"),
    row("entity_name", "CrewAI", "crewai.mcp.tool_name", "crewai.task.name", "crewai.crew.name", "crewai.flow.name"),
    row("entity_name", "OpenLIT", "mcp.tool.name", "gen_ai.task.name"),
    row("entity_name", "LangGraph", "langgraph.node.name", "graph.node.name"),
    row("entity_name", "MLflow", "mlflow.spanFunctionName", path=""),
    row("entity_name", "Genkit", "genkit:name"),
    row("entity_name", "Mastra", "mastra.workflow_step.step_id"),
    row("entity_name", "AgentOps", "agentops.entity.name"),
    row("entity_id", "Mastra", "mastra.entity.id", "mastra.workflow_step.step_id", "agent.id", "workflow.id"),
    row("entity_id", "OpenTelemetry", "gen_ai.agent.id"),
    row("entity_version_id", "Mastra", "mastra.entity.version_id"),
    row("entity_version_id", "OpenTelemetry", "gen_ai.agent.version"),
    *_ENVIRONMENT,
    row("environment", "Mastra", "mastra.environment"),
    row("environment", "OpenLIT", "gen_ai.environment"),
    row("source", "Mastra", "mastra.source", "mastra.metadata.source"),
    row("status_message", "Langfuse", "langfuse.observation.status_message"),
    row("status_message", "OpenTelemetry", "error.message", "otel.status_description"),
    *_in_metadata(),
)
"""Fields that are text."""

OF_RESOURCE: tuple[Row, ...] = (
    row("service_name", "OpenTelemetry", "service.name"),
    row("service_name", "Bedrock AgentCore", "aws.local.service"),
    row("session_id", "OpenTelemetry", "session.id"),
    row("user_id", "OpenTelemetry", "user.id", "enduser.id"),
    *_ENVIRONMENT,
    row("environment", "Bedrock AgentCore", "aws.local.environment"),
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
    row("tags", "OpenLIT", "gen_ai.framework.tags"),
)
"""Lists of texts, as they are, as JSON in a text, or with commas between them."""

METADATA: tuple[Row, ...] = (
    row("metadata", "OpenInference", "metadata"),
    row("metadata", "Mastra", "mastra.metadata.*"),
    row("metadata", "Langfuse", "langfuse.trace.metadata", "langfuse.trace.metadata.*"),
    row("metadata", "Langfuse", "langfuse.observation.metadata", "langfuse.observation.metadata.*"),
    row("metadata", "Vercel AI SDK", "ai.telemetry.metadata.*", "ai.settings.context.*"),
    row("metadata", "OpenLLMetry", "traceloop.association.properties.*"),
    row("metadata", "LangSmith", "langsmith.metadata.*"),
    row("metadata", "Braintrust", "braintrust.metadata"),
    row("metadata", "Opik", "opik.metadata", "opik.metadata.*"),
    row("metadata", "MLflow", "mlflow.traceTag.*"),
    row("metadata", "LiteLLM", "metadata.*", "litellm.metadata.*"),
)
"""Objects, or the members of one; all that is there is put together."""

OUTCOMES: tuple[Row, ...] = (
    row("status_code", "OpenTelemetry", "error.type", "error", "otel.status_code"),
    row("status_code", "Langfuse", "langfuse.observation.level", "level"),
    row("status_code", "Strands", "tool.status", "gen_ai.tool.status"),
    row("status_code", "Claude Code", "success"),
    row("status_code", "LiveKit", "lk.function_tool.is_error"),
    row("status_code", "Logfire", "logfire.level_num"),
    row("status_code", "Genkit", "genkit:state"),
    row("status_code", "Mastra", "mastra.workflow_run.status", "mastra.workflow_step.status", "workflow.status"),
    row("status_code", "Mastra", "gen_ai.tool.success"),
    row("status_code", "Haystack", "haystack.tool.error"),
    row("status_code", "OpenLIT", "gen_ai.execution.status", "db.operation.status"),
)
"""What says whether something went wrong, where the status of the span says nothing: words, numbers, true or false."""

ERRORS = frozenset({"error.type", "error", "haystack.tool.error"})
"""Those that are there only if something went wrong."""

TYPES: Mapping[str, str] = {
    "gen_ai.tool.name": "tool_call",
    "tool.name": "tool_call",
    "ai.toolCall.name": "tool_call",
    "lk.function_tool.name": "tool_call",
    "spring.ai.tool.definition.name": "tool_call",
    "haystack.tool.name": "tool_call",
    "mcp.tool.name": "tool_call",
    "embedding.model_name": "embedding",
    "reranker.model_name": "reranker",
    "gcp.vertex.agent.llm_request": "model_generation",
    "haystack.agent.step.llm.input": "model_generation",
    "gen_ai.response.model": "model_generation",
    "gen_ai.request.model": "model_generation",
    "llm.model_name": "model_generation",
    "gen_ai.agent.name": "agent_run",
    "agent.name": "agent_run",
    "lk.agent_name": "agent_run",
    "haystack.agent.input": "agent_run",
    "gen_ai.workflow.name": "workflow_run",
    "haystack.pipeline.input_data": "workflow_run",
}
"""The type of a span that states none, by the first of these attributes that says something."""

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
    "haystack.tool.name": "tool",
    "mcp.tool.name": "tool",
    "crewai.mcp.tool_name": "tool",
    "crewai.task.name": "task",
    "crewai.crew.name": "crew",
    "crewai.flow.name": "workflow",
    "gen_ai.task.name": "task",
    "mastra.workflow_step.step_id": "workflow_step",
    "langgraph.node.name": "node",
    "graph.node.name": "node",
}
"""What it is that a key names."""

OPERATIONS: Mapping[str, str] = {
    "invoke_agent": "agent",
    "create_agent": "agent",
    "execute_tool": "tool",
    "invoke_workflow": "workflow",
}
"""What OpenTelemetry begins the names of spans with that name an entity, and what that is: `execute_tool search`."""

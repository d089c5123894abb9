"""LangSmith's runs, from its SDK or API (https://docs.langchain.com/langsmith/run-data-format)."""

from typing import Any

from spanwell.importing.elements import described_span
from spanwell.observability.conventions.values import follow
from spanwell.observability.model.span import Span, StatusCode
from spanwell.observability.model.text import json_of

from .values import identifier, moment, object_in, objects_in, required_id, required_moment

_COUNTS = {
    "prompt_tokens": "gen_ai.usage.input_tokens",
    "completion_tokens": "gen_ai.usage.output_tokens",
    "total_tokens": "gen_ai.usage.total_tokens",
    "total_cost": "gen_ai.usage.cost",
}
_OF_METADATA = {
    "ls_model_name": "gen_ai.request.model",
    "ls_provider": "gen_ai.provider.name",
    "thread_id": "gen_ai.conversation.id",
    "conversation_id": "gen_ai.conversation.id",
    "session_id": "session.id",
    "user_id": "user.id",
}


_USAGE = (
    ("outputs", "usage_metadata"),
    ("extra", "metadata", "usage_metadata"),
    ("outputs", "generations", "0", "0", "message", "kwargs", "usage_metadata"),
    ("outputs", "llm_output", "token_usage"),
    ("outputs", "usage"),
)
"""Where the tokens of a run are one object, if it has no token fields."""


def fits(run: dict[str, Any]) -> bool:
    """Return whether an object is a run."""
    return {"id", "run_type", "start_time"} <= run.keys()


def span_of(run: dict[str, Any], place: str) -> Span:
    """Return the span of a run. Raises `InvalidInput`."""
    run_id = required_id(run.get("id"), f"{place}.id")
    metadata = object_in(object_in(run.get("extra")).get("metadata"))
    error, tags = run.get("error"), run.get("tags")
    return described_span(
        _attributes(run, metadata),
        object_in(object_in(run.get("extra")).get("runtime")),
        objects_in(None),
        trace_id=identifier(run.get("trace_id")) or run_id,
        span_id=run_id,
        parent_span_id=identifier(run.get("parent_run_id")),
        name=str(run.get("name") or ""),
        started_at=required_moment(run.get("start_time"), f"{place}.start_time"),
        ended_at=moment(run.get("end_time"), f"{place}.end_time"),
        input=json_of(run["inputs"]) if run.get("inputs") else None,
        output=json_of(run["outputs"]) if run.get("outputs") else None,
        status_code=StatusCode.ERROR if error or run.get("status") == "error" else None,
        error_info=json_of({"message": error}) if error else None,
        metadata=json_of(metadata) if metadata else None,
        tags=[str(tag) for tag in tags] if isinstance(tags, list) and tags else None,
    )


def _attributes(run: dict[str, Any], metadata: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"langsmith.span.kind": run["run_type"]}
    for name, key in _COUNTS.items():
        value = run.get(name)
        if value is not None and (run["run_type"] == "llm" or name == "total_cost"):
            found[key] = float(value) if name == "total_cost" else value
    for name, key in _OF_METADATA.items():
        if metadata.get(name) is not None:
            found.setdefault(key, metadata[name])
    stated = next((each for path in _USAGE if isinstance(each := follow(run, path), dict)), None)
    if stated and run["run_type"] == "llm" and "gen_ai.usage.input_tokens" not in found:
        found["usage"] = stated
    if run.get("first_token_time"):
        found["completionStartTime"] = f"{str(run['first_token_time']).rstrip('Z')}Z"
    return found

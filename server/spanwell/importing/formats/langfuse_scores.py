"""Langfuse's scores: numbers, categories, or booleans, of a trace, an observation or a session."""

from hashlib import blake2b
from typing import Any

import msgspec

from spanwell.observability.conventions.values import number_in
from spanwell.observability.model.assessments import Score
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.text import json_of
from spanwell.observability.model.times import parse_moment

from .langfuse_values import unwrapped


class LangfuseScore(msgspec.Struct, rename="camel"):
    """A score as Langfuse's API and its exports have it."""

    name: str
    id: str | None = None
    trace_id: str | None = None
    observation_id: str | None = None
    session_id: str | None = None
    dataset_run_id: str | None = None
    environment: str | None = None
    data_type: str | None = None
    value: float | str | bool | None = None
    string_value: str | None = None
    long_string_value: str | None = None
    comment: str | None = None
    source: str | None = None
    author_user_id: str | None = None
    execution_trace_id: str | None = None
    timestamp: str | None = None
    created_at: str | None = None
    config_id: str | None = None
    queue_id: str | None = None
    metadata: Any = None


SCORE = msgspec.json.Decoder(LangfuseScore)


def score_of(given: LangfuseScore, trace_id: str, place: str) -> Score:
    """Return a score of a trace's document. Raises `InvalidInput`."""
    about = given.trace_id or (None if given.session_id else trace_id)
    return Score(
        score_id=given.id or blake2b(msgspec.json.encode([trace_id, given]), digest_size=16).hexdigest(),
        trace_id=about,
        span_id=(given.observation_id or None) if about else None,
        session_id=given.session_id or None,
        name=given.name,
        comment=given.comment or None,
        source=given.source.lower() if given.source else None,
        timestamp=_moment(given.timestamp or given.created_at, place),
        metadata=_metadata(given),
        user_id=given.author_user_id or None,
        environment=given.environment or None,
        experiment_id=given.dataset_run_id or None,
        scorer=given.config_id or None,
        scorer_trace_id=given.execution_trace_id or None,
        **_value(given),
    )


def _value(given: LangfuseScore) -> dict[str, Any]:
    text = given.string_value or given.long_string_value or None
    if given.data_type == "BOOLEAN" or isinstance(given.value, bool):
        return {"boolean_value": bool(given.value) if given.value is not None else text == "True"}
    if isinstance(given.value, str):
        return {"text_value": given.value}
    return {"value": number_in(given.value), "text_value": text}


def _metadata(given: LangfuseScore) -> Any:
    found = unwrapped(given.metadata)
    own = found if isinstance(found, dict) else {} if found in (None, "") else {"metadata": found}
    rest = {**own, **({"queueId": given.queue_id} if given.queue_id else {})}
    return json_of(rest) if rest else None


def _moment(text: str | None, place: str) -> Nanos:
    try:
        return Nanos(0) if text is None else parse_moment(text)
    except InvalidInput as error:
        raise error.within(f"{place}.timestamp") from None

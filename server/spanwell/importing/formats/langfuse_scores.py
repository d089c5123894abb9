"""Langfuse's scores of traces, observations or sessions: numbers, categories, or booleans."""

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
    """A score in Langfuse's API and exports."""

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


def score_of(score: LangfuseScore, trace_id: str, place: str) -> Score:
    """Return a score from the document of a trace. Raises `InvalidInput`."""
    about = score.trace_id or (None if score.session_id else trace_id)
    return Score(
        score_id=score.id or blake2b(msgspec.json.encode([trace_id, score]), digest_size=16).hexdigest(),
        trace_id=about,
        span_id=(score.observation_id or None) if about else None,
        session_id=score.session_id or None,
        name=score.name,
        comment=score.comment or None,
        source=score.source.lower() if score.source else None,
        timestamp=_moment(score.timestamp or score.created_at, place),
        metadata=_metadata(score),
        user_id=score.author_user_id or None,
        environment=score.environment or None,
        experiment_id=score.dataset_run_id or None,
        scorer=score.config_id or None,
        scorer_trace_id=score.execution_trace_id or None,
        **_value(score),
    )


def _value(score: LangfuseScore) -> dict[str, Any]:
    text = score.string_value or score.long_string_value or None
    if score.data_type == "BOOLEAN" or isinstance(score.value, bool):
        return {"boolean_value": bool(score.value) if score.value is not None else text == "True"}
    if isinstance(score.value, str):
        return {"text_value": score.value}
    return {"value": number_in(score.value), "text_value": text}


def _metadata(score: LangfuseScore) -> Any:
    found = unwrapped(score.metadata)
    own = found if isinstance(found, dict) else {} if found in (None, "") else {"metadata": found}
    rest = {**own, **({"queueId": score.queue_id} if score.queue_id else {})}
    return json_of(rest) if rest else None


def _moment(text: str | None, place: str) -> Nanos:
    try:
        return Nanos(0) if text is None else parse_moment(text)
    except InvalidInput as error:
        raise error.within(f"{place}.timestamp") from None

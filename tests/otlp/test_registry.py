"""Every attribute of OpenTelemetry's registry of gen_ai fills a field, or there is a reason why it fills none."""

import pytest
from opentelemetry.semconv._incubating.attributes import gen_ai_attributes

from spanwell.observability.conventions.rows.contents import holds_contents
from spanwell.observability.conventions.rows.context import TEXTS
from spanwell.observability.conventions.usage import KEYS

REGISTRY = sorted(
    value for name, value in vars(gen_ai_attributes).items() if name.startswith("GEN_AI_") and isinstance(value, str)
)
NEWER = (
    "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.response.time_to_first_chunk",
    "gen_ai.retrieval.documents",
    "gen_ai.workflow.name",
)
"""Names of the conventions since they have a repository of their own, where the registry may lag behind."""

_SETTING = "a setting of the request: it is found, and filtered by, among the attributes"
_DETAIL = "a detail of what ran: it is found, and filtered by, among the attributes"
REASONS = {
    "gen_ai.agent.description": _DETAIL,
    "gen_ai.data_source.id": _DETAIL,
    "gen_ai.embeddings.dimension.count": _SETTING,
    "gen_ai.evaluation.explanation": "evaluations are scores",
    "gen_ai.evaluation.name": "evaluations are scores",
    "gen_ai.evaluation.score.label": "evaluations are scores",
    "gen_ai.evaluation.score.value": "evaluations are scores",
    "gen_ai.openai.request.response_format": _SETTING,
    "gen_ai.openai.request.seed": _SETTING,
    "gen_ai.openai.request.service_tier": _SETTING,
    "gen_ai.openai.response.service_tier": _DETAIL,
    "gen_ai.openai.response.system_fingerprint": _DETAIL,
    "gen_ai.output.type": _SETTING,
    "gen_ai.prompt.name": _DETAIL,
    "gen_ai.request.choice.count": _SETTING,
    "gen_ai.request.encoding_formats": _SETTING,
    "gen_ai.request.frequency_penalty": _SETTING,
    "gen_ai.request.max_tokens": _SETTING,
    "gen_ai.request.presence_penalty": _SETTING,
    "gen_ai.request.seed": _SETTING,
    "gen_ai.request.stop_sequences": _SETTING,
    "gen_ai.request.stream": _SETTING,
    "gen_ai.request.temperature": _SETTING,
    "gen_ai.request.top_k": _SETTING,
    "gen_ai.request.top_p": _SETTING,
    "gen_ai.response.finish_reasons": "a part of the messages that are the output",
    "gen_ai.response.id": _DETAIL,
    "gen_ai.system_instructions": "said apart from the messages that are the input; it stays among the attributes",
    "gen_ai.token.type": "an attribute of metrics",
    "gen_ai.tool.call.id": _DETAIL,
    "gen_ai.tool.definitions": _SETTING,
    "gen_ai.tool.description": _DETAIL,
    "gen_ai.tool.type": _DETAIL,
}


def fills_a_field(key: str) -> bool:
    ways = {way.key for each in KEYS.values() for way in each} | {key for row in TEXTS for key in row.keys}
    return key in ways or holds_contents(key)


@pytest.mark.parametrize("key", [*REGISTRY, *NEWER])
def test_an_attribute_fills_a_field_or_there_is_a_reason(key: str) -> None:
    assert fills_a_field(key) is not (key in REASONS)


def test_the_registry_is_not_empty() -> None:
    assert len(REGISTRY) >= 50

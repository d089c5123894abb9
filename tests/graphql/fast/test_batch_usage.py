"""What a batch states of its usage is read from plain data, and is what reading each span's JSON gives."""

import json

import msgspec

from spanwell.graphql.fast.batch_decoding import LIST_INPUTS
from spanwell.graphql.fast.batch_variables import list_of
from spanwell.observability.conventions.event_usage import read_usage
from spanwell.observability.model.span_batch import SpanColumns

ATTRIBUTES = (
    {"gen_ai.usage.input_tokens": 3, "gen_ai.usage.output_tokens": "4", "gen_ai.request.model": "gpt-4o"},
    {"usage": {"inputTokens": 3, "cacheReadInputTokens": 9}},
    {"http.route": "/"},
    ["not", "an", "object"],
    None,
)
EVENTS = [{"name": "First Token Stream Event", "timestamp": "2026-01-31T09:30:00.25Z"}]


def test_usage_of_a_batch_is_that_of_each_of_its_spans() -> None:
    spans = [
        {"traceId": "t", "spanId": f"{number}", "name": "chat", "startedAt": "2026-01-31T09:30:00Z"}
        | ({} if attributes is None else {"attributes": attributes})
        | ({"events": EVENTS} if number % 2 else {})
        for number, attributes in enumerate(ATTRIBUTES)
    ]
    given = LIST_INPUTS["CreateSpanInput"]
    batch = given.read(msgspec.json.Decoder(list_of(given.struct)).decode(json.dumps(spans)))
    assert isinstance(batch, SpanColumns)
    usage = batch.usage or []
    assert usage == [read_usage(span.attributes, span.started_at, span.ended_at, span.events) for span in batch]
    assert usage[0]["total_tokens"] == 7
    assert usage[1]["time_to_first_token_ms"] == 250.0

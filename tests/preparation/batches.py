"""Batches for the other process, as clients send them."""

import json
from typing import Any

from spanwell.otlp.documents import write_document
from tests.otlp.making import otlp_span, request_of


def inputs(count: int = 3, **given: Any) -> list[dict[str, Any]]:
    """Return inputs of a mutation, which make one trace."""
    return [
        {
            "traceId": "t",
            "spanId": f"s{n}",
            "parentSpanId": "s0" if n else None,
            "name": "ключ",
            "startedAt": f"2026-01-31T09:30:00.00000000{n % 10}Z",
            "endedAt": "2026-01-31T09:30:01Z",
            "attributes": {"a.b": [1, 2.5, None, "😀"], "gen_ai.usage.input_tokens": n},
            "tags": ["x", "y"],
            **given,
        }
        for n in range(count)
    ]


def as_json(value: object) -> bytes:
    """Return a value as JSON."""
    return json.dumps(value).encode()


EXPORT = request_of(otlp_span(1, attributes={"a": 1}), otlp_span(2, parent_span_id=(1).to_bytes(8, "big")))
FORMS = {
    "graphql": as_json(inputs()),
    "otlp-json": as_json(write_document(EXPORT)),
    "otlp-protobuf": EXPORT.SerializeToString(),
}
"""A good batch in each form."""

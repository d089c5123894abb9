"""Spans of any origin can be written as OTLP."""

from typing import Any

import pytest

from spanwell.otlp.decoding import decode
from spanwell.otlp.encoding import encode
from tests.making import span

from .making import otlp_span, request_of


@pytest.mark.parametrize(
    ("trace_id", "span_id", "expected"),
    [
        (
            "0af7651916cd43dd8448eb211c80319c",
            "00f067aa0ba902b7",
            ("0af7651916cd43dd8448eb211c80319c", "00f067aa0ba902b7"),
        ),
        ("a03ee8fff1dcd9b9", "a1", ("0000000000000000a03ee8fff1dcd9b9", "00000000000000a1")),
    ],
)
def test_ids_of_other_systems_are_padded(trace_id: str, span_id: str, expected: tuple[str, str]) -> None:
    (written,) = encode([span(trace_id, span_id)]).resource_spans[0].scope_spans[0].spans
    assert (written.trace_id.hex(), written.span_id.hex()) == expected


def test_other_ids_become_ids_that_keep_a_trace_together() -> None:
    written = (
        encode([span("my trace", "root"), span("my trace", "b1-2", "root")]).resource_spans[0].scope_spans[0].spans
    )
    assert len({each.trace_id for each in written}) == 1
    assert written[1].parent_span_id == written[0].span_id != written[1].span_id
    assert [len(each.trace_id) + len(each.span_id) for each in written] == [24, 24]


@pytest.mark.parametrize("fields", [{"kind": 9}, {"status": {"code": 7, "message": "odd"}}])
def test_enums_of_the_future_come_back(fields: dict[str, Any]) -> None:
    request = request_of(otlp_span(**fields))
    decoded = decode(request)
    assert decoded.spans[0].kind is None
    assert encode(decoded.spans) == request

"""What the other process makes of a batch is what the server itself would make of it."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwell.graphql.fast.batch_decoding import LIST_INPUTS
from spanwell.observability.model.span import Span
from spanwell.observability.model.span_batch import Form, SpanColumns
from spanwell.observability.service import Observability, WriteLimits
from spanwell.observability.storage import ObservabilityStorage
from spanwell.otlp.decoding import decode
from spanwell.preparation.job import prepare
from spanwell.storage.duckdb.storage import DuckDBStorage
from spanwell.storage.duckdb.writing.rows.row_bytes import batch_of_bytes, rows_as_bytes
from spanwell.storage.duckdb.writing.rows.row_values import GivenValues
from spanwell.storage.duckdb.writing.rows.span_rows import Arrays, PreparedRows, SpanRows, span_rows
from spanwell.storage.reference.storage import MemoryStorage
from tests.making import START
from tests.otlp.making import otlp_span, request_of
from tests.strategies import SPANS

from .batches import EXPORT, FORMS, as_json, inputs

LIMITS = WriteLimits(batch_spans=10, span_bytes=2_000)
INPUT = LIST_INPUTS["CreateSpanInput"]
EXPECTED: Mapping[Form, Sequence[Span]] = {
    "graphql": INPUT.read([msgspec.convert(each, INPUT.struct) for each in inputs()]),
    "otlp-json": decode(EXPORT).spans,
    "otlp-protobuf": decode(EXPORT).spans,
}


def lists(arrays: Arrays) -> dict[str, Any]:
    return {stored.name: (str(array.type), array.to_pylist()) for stored, array in arrays.items()}


BATCHES = st.lists(SPANS, min_size=1, max_size=12)


def columns(rows: SpanRows | PreparedRows) -> tuple[Any, ...]:
    return lists(rows.spans), lists(rows.traces or {}), rows.remembered.light


@given(BATCHES)
def test_rows_that_were_bytes_are_the_rows_they_were(batch: list[Span]) -> None:
    given_spans = SpanColumns.of(batch)
    made = batch_of_bytes(rows_as_bytes(given_spans))
    assert isinstance(made.rows, PreparedRows)
    assert columns(made.rows) == columns(span_rows(given_spans))


@given(BATCHES)
def test_what_clients_said_can_be_read_back_from_the_rows(batch: list[Span]) -> None:
    said = SpanColumns.of(batch)
    read = [repr(span) for span in SpanColumns(GivenValues(span_rows(said).spans))]
    assert read == [repr(span) for span in SpanColumns(said.values)]  # text would equal an enum's member


@pytest.mark.parametrize("form", FORMS)
def test_a_batch_is_read_checked_and_made_into_rows(form: Form) -> None:
    done = prepare(form, FORMS[form], LIMITS)
    assert done is not None
    spans, expected = batch_of_bytes(done), EXPECTED[form]
    assert len(spans) == len(expected)
    assert isinstance(spans.rows, PreparedRows)
    assert columns(spans.rows) == columns(span_rows(SpanColumns.of(expected)))
    assert list(spans) == list(expected)
    assert len(spans.values) == len(dict(spans.values)) >= len(SpanColumns.of(expected).values)


def test_a_span_that_comes_twice_is_left_to_the_store() -> None:
    done = prepare("graphql", as_json([*inputs(1), *inputs(1)]), LIMITS)
    assert done is not None
    spans = batch_of_bytes(done)
    assert isinstance(spans.rows, PreparedRows)
    assert spans.rows.traces is None
    assert [each.span_id for each in spans] == ["s0", "s0"]


TRACE_OF_ZEROS = request_of(otlp_span(1), otlp_span(2, trace_id=bytes(16)))


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ("graphql", b"[{"),
        ("graphql", b"[]"),
        ("graphql", b'[{"traceId": "t"}]'),
        ("graphql", as_json(inputs(1, name="\ud800"))),
        ("graphql", as_json(inputs(1, startedAt="yesterday"))),
        ("graphql", as_json(inputs(1, traceId=""))),
        ("graphql", as_json(inputs(1, traceId="A" * 32))),
        ("graphql", as_json(inputs(1, name="n" * 3_000))),
        ("graphql", as_json(inputs(11))),
        ("graphql", b"[" * 100_000),
        ("otlp-json", b"{"),
        ("otlp-json", b"{}"),
        ("otlp-protobuf", b"\xff"),
        ("otlp-protobuf", b""),
        ("otlp-protobuf", TRACE_OF_ZEROS.SerializeToString()),
    ],
)
def test_what_is_odd_is_left_to_the_server_which_says_what_is_wrong(form: Form, body: bytes) -> None:
    assert prepare(form, body, LIMITS) is None


@pytest.mark.parametrize("kind", [DuckDBStorage, MemoryStorage])
def test_prepared_spans_are_stored_as_the_spans_that_they_are(kind: type[ObservabilityStorage]) -> None:
    async def stored(spans: Sequence[Span]) -> tuple[Any, ...]:
        storage = DuckDBStorage(clock=lambda: START) if kind is DuckDBStorage else MemoryStorage(clock=lambda: START)
        await storage.init()
        try:
            service = Observability(storage)
            first = await service.create_spans(spans)
            again = await service.create_good_spans(spans), await service.create_spans(spans)
            kept = await storage.get_spans([span.key for span in spans])
        finally:
            await storage.close()
        return first, again, kept

    done = prepare("graphql", FORMS["graphql"], LIMITS)
    assert done is not None
    assert asyncio.run(stored(batch_of_bytes(done))) == asyncio.run(stored(EXPECTED["graphql"]))


def test_a_batch_with_an_evaluation_is_read_where_it_came_in() -> None:
    """There its event becomes a score besides, for which a prepared batch has no place."""
    event = {"name": "gen_ai.evaluation.result", "attributes": {}}
    plain, evaluated = (
        as_json([{**inputs()[0], "events": [{**event, "name": name}]}]) for name in ("x", event["name"])
    )
    assert prepare("graphql", plain, LIMITS) is not None
    assert prepare("graphql", evaluated, LIMITS) is None

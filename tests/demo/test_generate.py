"""A day of demo traces is repeatable, well formed, and looks like a company's day."""

import asyncio
import re
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice, pairwise

import msgspec
import pytest

from spanwell.demo import generate
from spanwell.demo.shop.consumers import Message
from spanwell.demo.traces import _Day
from spanwell.observability.model.columns import Kind, Nanos, Origin
from spanwell.observability.model.span import SPAN_COLUMNS, Span, SpanKind, SpanStatus
from spanwell.observability.model.times import SECOND
from spanwell.observability.service import Observability
from spanwell.storage.reference.rollups import summarize
from spanwell.storage.reference.storage import MemoryStorage

from .conftest import NOW, stored

_HOUR = 3600 * SECOND
_AGENT_TYPES = {"agent_run", "workflow_run", "AGENT", "CHAIN", "rag_ingestion"}


def _spans(traces: int, seed: int = 7) -> Iterator[Span]:
    return chain.from_iterable(generate(traces, seed, NOW))


def test_the_same_arguments_give_the_same_spans() -> None:
    assert list(_spans(120)) == list(_spans(120))


def test_another_seed_gives_other_ids_and_other_times() -> None:
    one, other = list(_spans(60, seed=1)), list(_spans(60, seed=2))
    assert {span.trace_id for span in one}.isdisjoint(span.trace_id for span in other)
    assert {span.started_at for span in one}.isdisjoint(span.started_at for span in other)


@pytest.mark.parametrize("count", [0, 1, 2, 7, 49, 50, 51, 333])
def test_as_many_traces_as_asked_for_each_with_its_own_id(count: int) -> None:
    traces = list(generate(count, 3, NOW))
    ids = [{span.trace_id for span in spans} for spans in traces]
    assert all(len(own) == 1 for own in ids)
    assert len(set[str]().union(*ids)) == len(traces) == count


def test_millions_begin_at_once_and_memory_does_not_grow_with_their_number() -> None:
    few, many = _peak(400, 300), _peak(3_000_000, 800)
    assert many < few + 12_000_000


def _peak(traces: int, made: int) -> int:
    tracemalloc.start()
    try:
        for _ in islice(generate(traces, 7, NOW), made):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_ids_are_those_of_opentelemetry_and_unique() -> None:
    spans = list(_spans(300))
    assert all(re.fullmatch("[0-9a-f]{32}", span.trace_id) for span in spans)
    assert all(re.fullmatch("[0-9a-f]{16}", span.span_id) for span in spans)
    assert len({span.key for span in spans}) == len(spans)


def test_everything_happens_in_the_24_hours_before_now() -> None:
    for span in _spans(500):
        assert NOW - 24 * _HOUR - SECOND <= span.started_at <= NOW
        assert span.ended_at is None or span.ended_at <= NOW


def test_afternoons_are_busier_than_nights(day: list[list[Span]]) -> None:
    hours = Counter(spans[0].started_at // _HOUR % 24 for spans in day)
    assert min(hours[hour] for hour in (12, 13, 15, 16)) > 3 * max(hours[hour] for hour in (1, 2, 3))


def test_json_columns_hold_json() -> None:
    names = [column.name for column in SPAN_COLUMNS if column.kind is Kind.JSON]
    for span in _spans(300):
        for name in names:
            if (text := getattr(span, name)) is not None:
                msgspec.json.decode(text)


def test_what_the_server_derives_is_left_to_it() -> None:
    derived_columns = [column for column in SPAN_COLUMNS if column.origin is Origin.DERIVED]
    for span in _spans(200):
        assert all(getattr(span, column.name) == column.default for column in derived_columns)


def test_children_lie_within_their_parents_unless_the_clocks_disagree(day: list[list[Span]]) -> None:
    for spans in day:
        known = {span.span_id: span for span in spans}
        if _has_tag(spans, "clock-skew"):
            continue
        for span in spans:
            parent = known.get(span.parent_span_id or "")
            if parent is not None:
                assert parent.started_at <= span.started_at
                assert parent.ended_at is None or (span.ended_at is not None and span.ended_at <= parent.ended_at)


def _has_tag(spans: list[Span], tag: str) -> bool:
    return any(tag in (span.tags or ()) for span in spans)


def test_only_the_odd_traces_miss_spans(day: list[list[Span]]) -> None:
    for spans in day:
        if summarize(spans).orphan_count:
            assert _has_tag(spans, "orphans") or _has_tag(spans, "root-missing")


def test_every_span_is_accepted_and_none_is_a_double() -> None:
    service = Observability(MemoryStorage())
    for spans in generate(200, 7, NOW):
        assert asyncio.run(service.create_spans(spans)).created_count == len(spans)


def test_totals_count_tokens_once_though_generations_and_their_steps_both_state_them(day: list[list[Span]]) -> None:
    checked = 0
    for spans in day:
        trace = summarize(spans)
        generations = [span for span in spans if span.type == "model_generation" and span.total_tokens]
        if not generations or trace.head.ended_at is None:
            continue
        assert trace.total_tokens == sum(span.total_tokens or 0 for span in generations)
        assert trace.cost_usd == pytest.approx(sum(span.cost_usd or 0 for span in generations))
        steps = [span for span in spans if span.type == "model_step"]
        if steps:
            checked += 1
            assert sum(span.total_tokens or 0 for span in steps) == trace.total_tokens
    assert checked > 300


def test_half_of_the_traces_are_of_agents_and_a_few_of_a_hundred_fail(day: list[list[Span]]) -> None:
    summaries = [summarize(spans) for spans in day]
    assert 0.44 < sum(trace.head.type in _AGENT_TYPES for trace in summaries) / len(day) < 0.56
    assert 0.02 < sum(trace.has_error for trace in summaries) / len(day) < 0.05
    assert any(trace.has_error and trace.status is SpanStatus.SUCCESS for trace in summaries)


def test_a_thread_is_one_persons_and_remembers_what_was_said(day: list[list[Span]]) -> None:
    threads: dict[str, list[Span]] = {}
    for head in (spans[0] for spans in day if spans[0].thread_id is not None):
        threads.setdefault(str(head.thread_id), []).append(head)
    assert sum(len(turns) > 1 for turns in threads.values()) > 100
    for turns in threads.values():
        assert len({(turn.user_id, turn.organization_id, turn.service_name) for turn in turns}) == 1
        for earlier, later in pairwise(turns):
            question = msgspec.json.decode(earlier.input or "")["messages"][-1]
            assert question in msgspec.json.decode(later.input or "")["messages"]


def test_sessions_are_shared_by_several_traces_of_a_few_dozen_people(day: list[list[Span]]) -> None:
    heads = [spans[0] for spans in day if spans[0].thread_id is not None]
    sessions = Counter(head.session_id for head in heads)
    assert 24 <= len({head.user_id for head in heads}) <= 60
    assert sum(count > 1 for count in sessions.values()) > len(sessions) / 3


def test_consumers_link_to_the_span_that_sent_their_message(day: list[list[Span]]) -> None:
    sent = {span.key: span for span in chain(*day) if span.kind is SpanKind.PRODUCER}
    received = [span for span in chain(*day) if span.kind is SpanKind.CONSUMER]
    assert len(received) > 20
    for span in received:
        (link,) = msgspec.json.decode(span.links or "")
        producer = sent[link["traceId"], link["spanId"]]
        assert (producer.ended_at or 0) <= span.started_at


def test_a_bad_release_of_the_payment_service_shows_in_its_version_and_errors() -> None:
    errors: Counter[str] = Counter()
    calls: Counter[str] = Counter()
    for span in chain(*stored(4_000, seed=5)):
        if span.service_name == "payment" and span.kind is SpanKind.SERVER:
            version = msgspec.json.decode(span.resource or "")["service.version"]
            calls[version] += 1
            errors[version] += span.status is SpanStatus.ERROR
    assert set(calls) == {"4.8.2", "4.9.0"}
    assert errors["4.9.0"] / calls["4.9.0"] > 0.5
    assert errors["4.8.2"] / calls["4.8.2"] < 0.1


def test_a_message_that_is_read_only_after_now_gives_way_to_another_trace() -> None:
    day = _Day(10, 1, NOW)
    day.message = Message("0" * 31 + "1", "0" * 15 + "1", NOW, "orders", "0")
    (root, *_) = day.trace(0, Nanos(NOW - _HOUR))
    assert root.kind is not SpanKind.CONSUMER


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("http.response.status_code", int),
        ("server.port", int),
        ("rpc.grpc.status_code", int),
        ("db.response.returned_rows", int),
        ("messaging.destination.partition.id", str),
        ("gen_ai.usage.input_tokens", int),
        ("llm.token_count.prompt", int),
        ("llm.cost.total", float),
        ("gen_ai.response.finish_reasons", list),
    ],
)
def test_attributes_have_the_types_of_their_conventions(day: list[list[Span]], key: str, kind: type) -> None:
    values = [
        attributes[key]
        for span in chain(*day)
        if span.attributes is not None and key in (attributes := msgspec.json.decode(span.attributes))
    ]
    assert len(values) > 20
    assert all(type(value) is kind for value in values)


def test_how_fast_traces_are_made() -> None:
    """Nothing is asserted of the time: machines differ. Run with `-s` to see it."""
    start = time.perf_counter()
    count = sum(map(len, generate(1_000, 7, NOW)))
    print(f"{count / (time.perf_counter() - start):,.0f} demo spans a second")  # noqa: T201 - it is what the test is for
    assert count > 10_000

"""A create is an idempotent merge: whatever is sent twice or in the wrong order, one span comes of it."""

from itertools import permutations

import pytest

from spanwell.observability.derivation.batches import Created, Deleted
from spanwell.observability.model.columns import Json
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.span import SpanStatus
from tests.making import START, at, ended, span

from .door import Door


def test_a_span_created_at_its_start_and_again_at_its_end_is_one_span(door: Door) -> None:
    assert door.create(span("t", "a", input=Json('{"q":1}'))) == Created(1, 0)
    assert door.stored("t", "a").status is SpanStatus.RUNNING
    assert door.create(span("t", "a", ended_at=at(2), output=Json('"done"'))) == Created(0, 1)
    found = door.stored("t", "a")
    assert (found.input, found.output, found.duration_ms) == ('{"q":1}', '"done"', 2000.0)
    assert found.status is SpanStatus.SUCCESS
    assert door.spans().total == door.traces().total == door.summary("t").span_count == 1


def test_the_same_batch_sent_twice_changes_nothing_and_says_so(door: Door) -> None:
    batch = [
        ended("t", "a", tags=["x"], metadata=Json('{"n":1}')),
        ended("t", "b", "a", error_info=Json('{"message":"no"}'), attributes=Json('{"gen_ai.usage.input_tokens":7}')),
    ]
    assert door.create(*batch) == Created(2, 0)
    before = (door.stored("t", "a"), door.stored("t", "b"), door.summary("t"))
    assert door.create(*batch) == Created(0, 0)
    assert (door.stored("t", "a"), door.stored("t", "b"), door.summary("t")) == before


def test_an_end_that_arrives_before_the_start_stays_the_end_and_its_gaps_are_filled(door: Door) -> None:
    door.create(span("t", "a", name="end", started_at=at(1), ended_at=at(3), output=Json("1")))
    door.create(span("t", "a", name="start", started_at=at(0), input=Json("2"), type="agent_run", user_id="u"))
    found = door.stored("t", "a")
    assert (found.name, found.started_at, found.ended_at) == ("end", at(1), at(3))
    assert (found.output, found.input, found.type, found.user_id) == ("1", "2", "agent_run", "u")
    assert found.status is SpanStatus.SUCCESS


def test_two_records_of_one_span_in_one_batch_merge_in_order(door: Door) -> None:
    batch = (span("t", "a", name="first", user_id="u"), ended("t", "a", name="second", run_id="r"))
    assert door.create(*batch) == Created(1, 0)
    found = door.stored("t", "a")
    assert (found.name, found.user_id, found.run_id, found.ended_at) == ("second", "u", "r", at(1))


def test_a_span_id_used_in_two_traces_names_two_spans(door: Door) -> None:
    door.create(span("t", "a", name="one"), span("u", "a", name="other"))
    assert (door.stored("t", "a").name, door.stored("u", "a").name) == ("one", "other")
    assert door.spans().total == door.traces().total == 2


def test_an_absent_field_of_a_later_create_keeps_what_is_stored(door: Door) -> None:
    door.create(span("t", "a", user_id="u", tags=["x"], is_event=True, type="tool_call"))
    door.create(span("t", "a", session_id="s"))
    found = door.stored("t", "a")
    assert (found.user_id, found.tags, found.is_event, found.type) == ("u", ["x"], True, "tool_call")
    assert found.session_id == "s"


def test_metadata_is_replaced_whole(door: Door) -> None:
    door.create(span("t", "a", metadata=Json('{"a":1,"b":2}')))
    door.create(span("t", "a", metadata=Json('{"c":3}')))
    assert door.stored("t", "a").metadata == '{"c":3}'


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_spans_of_a_trace_may_arrive_in_any_order(door: Door, order: tuple[int, ...]) -> None:
    family = [
        ended("t", "root", service_name="b"),
        ended("t", "child", "root", service_name="a"),
        ended("t", "leaf", "child", service_name="c", error_info=Json("{}")),
    ]
    for index in order:
        door.create(family[index])
    trace = door.summary("t")
    assert (trace.span_count, trace.error_count, trace.orphan_count, trace.has_root) == (3, 1, 0, True)
    assert trace.services == ["a", "b", "c"]
    assert [door.stored("t", i).has_child_error for i in ("root", "child", "leaf")] == [True, True, False]


def test_hex_ids_of_opentelemetry_are_one_in_either_case_and_others_are_taken_as_they_are(door: Door) -> None:
    upper, lower = "0AF7651916CD43DD8448EB211C80319C", "0af7651916cd43dd8448eb211c80319c"
    door.create(ended(upper, "B7AD6B7169203331"), ended(lower, "00F067AA0BA902B7", "B7AD6B7169203331"))
    assert door.summary(lower).span_count == 2
    assert door.stored(lower, "00f067aa0ba902b7").parent_span_id == "b7ad6b7169203331"
    door.create(span("Run/Ä 1'\"%", "Step #1"), span("t" * 128, "s" * 128))
    assert door.stored("Run/Ä 1'\"%", "Step #1").name == "span Step #1"
    assert door.stored("t" * 128, "s" * 128).span_id == "s" * 128


@pytest.mark.parametrize(
    ("trace_id", "span_id", "parent", "element"),
    [
        ("", "a", None, "spans[1].traceId"),
        ("t", "", None, "spans[1].spanId"),
        ("t", "a", "", "spans[1].parentSpanId"),
        ("t" * 129, "a", None, "spans[1].traceId"),
        ("t", "s" * 129, None, "spans[1].spanId"),
    ],
)
def test_an_empty_or_overlong_id_is_refused_by_name_and_nothing_of_the_batch_is_stored(
    door: Door, trace_id: str, span_id: str, parent: str | None, element: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        door.create(span("good", "a"), span(trace_id, span_id, parent))
    assert refused.value.element == element
    assert door.spans().total == 0


def test_a_batch_of_none_is_fine(door: Door) -> None:
    assert door.create() == Created(0, 0)
    assert door.delete() == Deleted(0, 0)


def test_a_batch_of_ten_thousand_is_stored_and_one_more_is_refused(door: Door) -> None:
    spans = [span(f"t{i % 100}", f"s{i}", started_at=at(i / 1000)) for i in range(10_001)]
    with pytest.raises(InvalidInput) as refused:
        door.create(*spans)
    assert refused.value.element == "spans"
    assert door.create(*spans[:10_000]) == Created(10_000, 0)
    assert (door.spans(first=1).total, door.traces(first=1).total) == (10_000, 100)


def test_a_status_code_of_error_is_an_error_while_the_span_runs(door: Door) -> None:
    door.create(span("t", "a", error_info=Json('{"message":"no"}')))
    assert door.stored("t", "a").status is SpanStatus.ERROR
    assert door.stored("t", "a").ended_at is None
    assert door.stored("t", "a").started_at == START

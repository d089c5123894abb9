"""A trace is every span that shares its id, whatever is missing, late or wrong about them."""

from collections.abc import Sequence

import pytest

from spanwell.observability.model.columns import Json, Nanos
from spanwell.observability.model.span import Span, SpanStatus
from tests.making import at, ended, span

from .door import Door

ERROR = Json('{"message":"no"}')


def test_an_error_of_the_root_alone_is_the_traces_error_but_not_a_childs(door: Door) -> None:
    door.create(ended("t", "root", error_info=ERROR), ended("t", "a", "root"))
    trace = door.summary("t")
    assert (trace.has_error, trace.error_count, trace.status) == (True, 1, SpanStatus.ERROR)
    assert not door.stored("t", "root").has_child_error


def test_a_deep_error_marks_every_ancestor_and_nobody_else(door: Door) -> None:
    chain = [ended("t", f"s{i}", f"s{i - 1}" if i else None) for i in range(60)]
    door.create(*chain, ended("t", "aside", "s3"))
    door.create(ended("t", "leaf", "s59", error_info=ERROR))
    assert all(door.stored("t", f"s{i}").has_child_error for i in range(60))
    assert not door.stored("t", "aside").has_child_error
    assert not door.stored("t", "leaf").has_child_error
    assert door.summary("t").status is SpanStatus.SUCCESS


def test_a_trace_is_listed_before_its_root_arrives_and_its_earliest_span_stands_in(door: Door) -> None:
    door.create(
        ended("t", "late", "root", started_at=at(5), ended_at=at(6), name="late"),
        ended("t", "early", "root", started_at=at(4), ended_at=at(5), name="early", tags=["x"], user_id="u"),
    )
    trace = door.summary("t")
    assert door.traces().ids == ["t"]
    assert (trace.has_root, trace.root, trace.orphan_count) == (False, None, 2)
    assert (trace.head.name, trace.head.user_id, trace.started_at) == ("early", "u", at(4))
    door.create(ended("t", "root", started_at=at(3), ended_at=at(9), name="root"))
    trace = door.summary("t")
    assert (trace.has_root, trace.head.name, trace.orphan_count, trace.duration_ms) == (True, "root", 0, 6000.0)


def test_a_span_that_began_before_anybody_traced_makes_no_trace_of_decades(door: Door) -> None:
    door.create(
        ended("t", "root", started_at=at(1), ended_at=at(4)),
        ended("t", "zero", "root", started_at=Nanos(0), ended_at=at(3)),
        ended("t", "uptime", "root", started_at=Nanos(5), ended_at=Nanos(9)),
        ended("t", "back", "root", started_at=at(3), ended_at=at(2)),
    )
    trace = door.summary("t")
    assert (trace.started_at, trace.duration_ms, trace.span_count) == (at(1), 3000.0, 4)
    assert [door.stored("t", span_id).duration_ms for span_id in ("zero", "uptime", "back")] == [None, 4e-06, -1000.0]
    door.create(ended("u", "alone", started_at=Nanos(0), ended_at=at(3)))
    assert (door.summary("u").started_at, door.summary("u").duration_ms) == (Nanos(0), None)


def test_of_several_roots_the_earliest_is_the_root(door: Door) -> None:
    door.create(ended("t", "second", started_at=at(2)), ended("t", "third", started_at=at(3)))
    door.create(ended("t", "first", started_at=at(1)))
    assert door.summary("t").head.span_id == "first"


@pytest.mark.parametrize(
    "spans",
    [
        pytest.param([ended("t", "a", "a")], id="own parent"),
        pytest.param([ended("t", "a", "b"), ended("t", "b", "a", started_at=at(0.5))], id="two that name each other"),
        pytest.param(
            [ended("t", f"s{i}", f"s{(i + 1) % 9}", started_at=at(i)) for i in range(9)], id="a cycle of nine"
        ),
        pytest.param([ended("t", "a", "nowhere")], id="a parent in no trace"),
    ],
)
def test_spans_that_hang_on_themselves_or_on_nothing_are_kept_and_counted(door: Door, spans: Sequence[Span]) -> None:
    door.create(*spans, ended("other", "nowhere"))
    trace = door.summary("t")
    assert (trace.span_count, trace.has_root) == (len(spans), False)
    assert trace.orphan_count == (1 if spans[0].parent_span_id == "nowhere" else 0)
    assert sorted(door.trace_spans("t")) == sorted(s.span_id for s in spans)


def test_an_error_in_a_cycle_marks_those_above_it_up_to_the_earliest(door: Door) -> None:
    door.create(ended("t", "a", "b"), ended("t", "b", "a", started_at=at(0.5), error_info=ERROR))
    assert door.stored("t", "a").has_child_error
    assert not door.stored("t", "b").has_child_error


def test_an_end_before_the_start_is_kept_and_gives_a_negative_duration(door: Door) -> None:
    door.create(span("t", "a", started_at=at(5), ended_at=at(3)))
    assert (door.stored("t", "a").duration_ms, door.summary("t").duration_ms) == (-2000.0, -2000.0)
    assert door.stored("t", "a").ended_at == at(3)


def test_a_trace_runs_until_its_root_has_ended(door: Door) -> None:
    door.create(span("t", "root"), ended("t", "a", "root"))
    trace = door.summary("t")
    assert (trace.status, trace.ended_at, trace.duration_ms) == (SpanStatus.RUNNING, None, None)
    door.create(ended("t", "root", ended_at=at(2)), ended("t", "after", "root", started_at=at(2), ended_at=at(7)))
    trace = door.summary("t")
    assert (trace.status, trace.ended_at, trace.duration_ms) == (SpanStatus.SUCCESS, at(7), 7000.0)


def _usage(read: int, written: int) -> Json:
    return Json(f'{{"model":"m","usage":{{"inputTokens":{read},"outputTokens":{written}}}}}')


def test_tokens_are_counted_once_on_each_path(door: Door) -> None:
    door.create(
        ended("t", "run", type="agent_run"),
        ended("t", "gen1", "run", attributes=_usage(100, 10)),
        ended("t", "step1", "gen1", attributes=_usage(60, 4)),
        ended("t", "step2", "gen1", attributes=_usage(40, 6)),
        ended("t", "tool", "step2"),
        ended("t", "gen2", "tool", attributes=_usage(7, 3)),
        ended("t", "gen3", "run", attributes=_usage(5, 5)),
    )
    trace = door.summary("t")
    assert (trace.input_tokens, trace.output_tokens, trace.total_tokens) == (105, 15, 120)
    assert door.stored("t", "step1").total_tokens == 64


def test_costs_are_counted_once_and_unknown_is_not_zero(door: Door) -> None:
    door.create(ended("t", "a"), ended("u", "a", attributes=Json('{"gen_ai.usage.cost":0.5}')))
    door.create(ended("u", "b", "a", attributes=Json('{"llm.cost.total":0.25}')))
    assert (door.summary("t").cost_usd, door.summary("t").total_tokens) == (None, None)
    assert door.summary("u").cost_usd == 0.5


def test_a_trace_that_arrives_span_by_span_has_the_rollups_of_one_that_came_at_once(door: Door) -> None:
    family = [
        ended("{}", str(i), str(i // 3) if i else None, started_at=at(i % 7), service_name=f"s{i % 4}",
              error_info=ERROR if i % 11 == 5 else None, attributes=_usage(i, 1) if i % 5 == 0 else None)
        for i in range(30)
    ]  # fmt: skip
    for each in family:
        each.trace_id = "slow"
    for each in reversed(family):
        door.create(each)
    for each in family:
        each.trace_id = "fast"
    door.create(*family)
    slow, fast = door.summary("slow"), door.summary("fast")
    slow.trace_id = "fast"
    slow.head, fast.head, slow.changed_at = family[0], family[0], fast.changed_at
    assert slow == fast

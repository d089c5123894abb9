"""The agent of a span is the nearest one from it upwards, in any tree: agents that call agents, cycles, orphans."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from spanwell.observability.model.span import Span
from spanwell.observability.questions.conditions import About, Compare, Op
from spanwell.observability.questions.fields import span_field
from spanwell.observability.questions.queries import SpanQuery, Window
from spanwell.observability.questions.statistics import Basic, StatsQuery
from tests.making import at, ended
from tests.storage.pair import Pair

AGENT = span_field("agent.name")
BY_AGENT = StatsQuery((Basic.COUNT,), group_by=(AGENT,), first=50)

PLACES = st.tuples(st.integers(-1, 13), st.sampled_from(["agent_run", "agent", "tool"]), st.integers(0, 3))


def traces(places: list[tuple[int, str, int]]) -> list[Span]:
    """Return a span for each place: the number of its parent, what it is, and when it began."""
    return [
        ended("t", str(number), None if parent < 0 else str(parent), started_at=at(second), **_kind(kind))
        for number, (parent, kind, second) in enumerate(places)
    ]


def _kind(kind: str) -> dict[str, Any]:
    return {"type": kind} if kind == "agent_run" else {"entity_type": kind}


@settings(max_examples=150, deadline=None)
@given(st.lists(PLACES, min_size=1, max_size=12))
def test_every_span_is_counted_for_its_nearest_agent(pair: Pair, places: list[tuple[int, str, int]]) -> None:
    pair.replay([("create", traces(places))])
    pair.both("span_stats", BY_AGENT)
    pair.both("list_spans", SpanQuery(Window(50), About("agent", Compare("span_id", Op.IN, ("0", "3", "5")))))


def test_a_call_counts_for_the_agent_that_another_agent_called(pair: Pair) -> None:
    planner, writer = ended("t", "planner", type="agent_run"), ended("t", "writer", "planner", type="agent_run")
    calls = [ended("t", "draft", "writer"), ended("t", "check", "planner", started_at=at(2)), ended("t", "apart")]
    pair.replay([("create", [planner, writer, *calls])])
    stats = pair.both("span_stats", BY_AGENT)
    assert {keys: stats.cells[place, 0] for place, keys in enumerate(stats.groups)} == {
        ("span planner",): (2,),
        ("span writer",): (2,),
        (None,): (1,),
    }

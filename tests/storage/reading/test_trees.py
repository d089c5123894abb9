"""The tree of a trace in DuckDB is the forest in plain Python."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spanwell.observability.model.span import SpanKey
from spanwell.observability.questions.tree_facts import BelowQuery, Surroundings
from tests import strategies
from tests.making import at, ended, span
from tests.storage.pair import Pair

KEYS = st.lists(st.tuples(strategies.TRACE_IDS, strategies.SPAN_IDS), min_size=1, max_size=6)
QUERIES = st.builds(BelowQuery, st.integers(0, 3), st.integers(1, 4), st.none() | strategies.SPAN_IDS)
SOME = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@SOME
@given(strategies.HISTORIES, KEYS, st.lists(QUERIES, min_size=5, max_size=5))
def test_surroundings_and_pages_below(
    pair: Pair, history: list[tuple[str, Any]], keys: list[SpanKey], queries: list[BelowQuery]
) -> None:
    pair.replay(history)
    pair.both("get_surroundings", keys)
    for query in queries:
        pair.both("list_below", keys, query)
        pair.both("count_below", keys, query.depth)


@SOME
@given(st.data())
def test_self_time_of_children_that_overlap_overrun_and_run(pair: Pair, data: st.DataObject) -> None:
    moments = st.integers(0, 12).map(at)
    children = [
        span("t", str(i), data.draw(st.sampled_from(["p", "0", "1"])), started_at=data.draw(moments))
        for i in range(data.draw(st.integers(0, 6)))
    ]
    for child in children:
        child.ended_at = data.draw(st.none() | moments)
    parent = span("t", "p", started_at=at(3), ended_at=data.draw(st.none() | moments))
    pair.replay([("create", [parent, *children])])
    pair.both("get_surroundings", [("t", "p"), *(child.key for child in children)])


def test_a_tree_is_opened_level_by_level_and_page_by_page(pair: Pair) -> None:
    pair.replay(
        [
            (
                "create",
                [
                    ended("t", "root"),
                    ended("t", "a", "root", started_at=at(0.1)),
                    ended("t", "a1", "a", started_at=at(0.2)),
                    ended("t", "a11", "a1", started_at=at(0.3)),
                    ended("t", "b", "root", started_at=at(0.15)),
                ],
            )
        ]
    )

    def page(query: BelowQuery) -> tuple[list[str], bool]:
        (found,) = pair.both("list_below", [("t", "root")], query)
        return [each.span_id for each in found.nodes], found.has_next

    assert page(BelowQuery(10)) == (["a", "b"], False)
    assert page(BelowQuery(10, depth=2)) == (["a", "a1", "b"], False)
    assert page(BelowQuery(2, depth=3)) == (["a", "a1"], True)
    assert page(BelowQuery(2, depth=3, after="a1")) == (["a11", "b"], False)
    assert page(BelowQuery(2, depth=3, after="gone")) == ([], False)
    assert pair.both("count_below", [("t", "root"), ("t", "b"), ("t", "none")], 2) == [3, 0, 0]
    assert pair.both("get_surroundings", [("t", "a11"), ("none", "x")])[1] == Surroundings()

"""Statistics mean in SQL what they mean in plain Python: every figure, for random spans, groups and buckets."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spanwell.observability.model.columns import Json
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.times import EARLIEST, LATEST, SECOND
from spanwell.observability.questions.conditions import ALWAYS, Compare, Condition, Level, Not, Op
from spanwell.observability.questions.fields import FieldRef, span_field, trace_field
from spanwell.observability.questions.statistics import (
    LARGEST_FIRST,
    LOG2,
    Basic,
    Distinct,
    Figure,
    Having,
    Histogram,
    Measure,
    Measured,
    Quantile,
    RankKey,
    Stats,
    StatsQuery,
)
from spanwell.observability.questions.time_ranges import within
from spanwell.storage.duckdb.reading import statistics, statistics_figures, statistics_source
from tests import strategies
from tests.making import START, at, ended
from tests.storage.pair import Pair

AT_ONCE = 5
SETTINGS = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

KEYED = st.builds(span_field, st.sampled_from(["a", "x", "/x/a.b", "/usage/inputTokens"]), st.sampled_from(Level))
FIGURES: st.SearchStrategy[Figure] = st.one_of(
    st.sampled_from(Basic),
    st.builds(Quantile, st.sampled_from([0.0, 0.1, 0.5, 0.95, 0.999, 1.0])),
    st.builds(Histogram, st.sampled_from([LOG2, (500.0,), (0.25, 1000.0, 1500.0)])),
    st.builds(
        Measured,
        st.sampled_from([span_field("durationMs"), span_field("totalTokens")]) | KEYED,
        st.sampled_from(Measure)
        | st.builds(Quantile, st.sampled_from([0.1, 0.5]))
        | st.builds(Histogram, st.sampled_from([(1.0,), (-1.0, 0.5, 1e6)])),
    ),
    st.builds(Distinct, st.sampled_from([span_field("name"), span_field("tags"), span_field("status")]) | KEYED),
)
RANKED = st.one_of(st.none(), st.sampled_from(Basic), st.builds(Quantile, st.sampled_from([0.5, 0.9])))
ORDERS = st.lists(st.builds(RankKey, RANKED, st.booleans()), max_size=2).map(tuple)
TESTED = st.sampled_from(
    [*set(Basic) - {Basic.DURATION_AVG, Basic.COST, Basic.ERROR_RATE, Basic.COVERAGE}, Quantile(0.0), Quantile(1.0)]
)
"""Figures without fractions of which only the last digits differ."""
HAVING = st.just(()) | st.lists(
    st.builds(
        Having,
        TESTED,
        st.sampled_from([Op.EQ, Op.GT, Op.GTE, Op.LT, Op.LTE]),
        st.sampled_from([0.0, 1.0, 2.0, 3.0, 1000.0]),
        st.booleans(),
    )
    | st.builds(Having, TESTED, st.just(Op.IN), st.just((1.0, 2.0)), st.booleans())
    | st.builds(Having, TESTED, st.just(Op.IS_NULL), st.booleans()),
    max_size=2,
).map(tuple)
TO = START + 3 * SECOND
EDGES = st.sampled_from(
    [
        (),
        (START - SECOND, START + SECOND, TO),  # even
        (START - 2 * SECOND, START, START + 1, START + SECOND, TO),  # too many steps for a table of cells
        (START - 2 * SECOND, START - SECOND, START + SECOND, START + 2 * SECOND, TO),  # of different lengths
        (-(2**64), 0, 2**64),  # more than 64 bits
    ]
)


def fields(known: Any, names: list[str]) -> st.SearchStrategy[tuple[FieldRef, ...]]:
    named = st.tuples(st.sampled_from(names), st.none())
    keyed = st.tuples(st.sampled_from(["a", "x", "/x/a.b", "usage"]), st.sampled_from(Level))
    return st.lists((named | keyed).map(lambda each: known(*each)), max_size=3).map(tuple)


def queries(groups: st.SearchStrategy[tuple[FieldRef, ...]], where: Any) -> st.SearchStrategy[StatsQuery]:
    figures = st.lists(FIGURES, min_size=1, max_size=5, unique=True).map(tuple)
    return st.builds(
        lambda figures, groups, order, first, edges, where, having: StatsQuery(
            figures,
            within(where, max(edges[0], EARLIEST), min(edges[-1], LATEST)) if edges else where,
            groups,
            edges,
            order,
            first,
            having=having if groups else (),
        ),
        figures,
        groups,
        ORDERS,
        st.integers(0, 3),
        EDGES,
        where,
        HAVING,
    )


SPAN_QUERIES = queries(
    fields(
        span_field,
        [
            *("name", "status", "userId", "tags", "startedAt", "durationMs", "isRoot", "totalTokens"),
            *("trace.userId", "trace.services", "trace.spanCount", "trace.name"),
            *("agent.name", "agent.tags", "agent.startedAt", "agent.totalTokens"),
        ],
    ),
    st.just(ALWAYS) | strategies.SPAN_CONDITIONS,
)
TRACE_QUERIES = queries(
    fields(trace_field, ["name", "status", "userId", "tags", "services", "spanCount", "hasError", "startedAt"]),
    st.just(ALWAYS) | strategies.TRACE_CONDITIONS,
)


def alike(real: Stats, plain: Stats) -> bool:
    """Whether two answers are the same, but for how sums of fractions are rounded."""
    assert real.groups == plain.groups
    assert real.cells.keys() == plain.cells.keys()
    return all(
        mine == theirs if theirs is None or isinstance(theirs, int) else mine == pytest.approx(theirs, 1e-9, 1e-3)
        for cell in plain.cells
        for mine, theirs in zip(real.cells[cell], plain.cells[cell], strict=True)
    )


def same(pair: Pair, method: str, query: StatsQuery) -> Stats:
    plain: Stats = pair.ask(pair.plain, method, query)
    assert alike(pair.ask(pair.real, method, query), plain), query
    return plain


@SETTINGS
@given(history=strategies.HISTORIES, asked=st.lists(SPAN_QUERIES, min_size=AT_ONCE, max_size=AT_ONCE))
def test_statistics_of_spans(pair: Pair, history: list[tuple[str, Any]], asked: list[StatsQuery]) -> None:
    pair.replay(history)
    for query in asked:
        same(pair, "span_stats", query)
        pair.both("span_stretch", query.where)


@SETTINGS
@given(history=strategies.HISTORIES, asked=st.lists(TRACE_QUERIES, min_size=AT_ONCE, max_size=AT_ONCE))
def test_statistics_of_traces(pair: Pair, history: list[tuple[str, Any]], asked: list[StatsQuery]) -> None:
    pair.replay(history)
    for query in asked:
        same(pair, "trace_stats", query)
        pair.both("trace_stretch", query.where)


def usage(**stated: float) -> Json:
    return Json(strategies.json_text({f"gen_ai.usage.{name}": value for name, value in stated.items()}))


def tree(pair: Pair) -> None:
    """Write an agent that states the tokens of two calls, of which one says its cost; and a third call beside them."""
    pair.replay(
        [
            (
                "create",
                [
                    ended("t", "agent", attributes=usage(input_tokens=30, output_tokens=4)),
                    ended("t", "one", "agent", user_id="u", attributes=usage(input_tokens=10, cost=0.5)),
                    ended("t", "two", "agent", attributes=usage(input_tokens=20), ended_at=at(3)),
                    ended("t", "three", attributes=usage(input_tokens=5), started_at=at(2), ended_at=at(9)),
                ],
            )
        ]
    )


def one_row(pair: Pair, *figures: Figure, where: Condition = ALWAYS) -> tuple[Any, ...]:
    return same(pair, "span_stats", StatsQuery(figures, where)).cells[0, 0]


def test_tokens_and_costs_count_once_among_those_that_match(pair: Pair) -> None:
    tree(pair)
    asked = (Basic.INPUT_TOKENS, Basic.TOTAL_TOKENS, Basic.COST, Basic.COVERAGE)
    assert one_row(pair, *asked) == (35, 39, None, 0.0)  # cost is of the spans whose tokens count
    below = Not(Compare("name", Op.EQ, "span agent"))
    assert one_row(pair, *asked, where=below) == (35, 35, 0.5, pytest.approx(1 / 3))
    assert one_row(pair, *asked, where=Compare("name", Op.EQ, "nothing")) == (None, None, None, None)


def test_quantiles_and_bins_are_exact(pair: Pair) -> None:
    tree(pair)
    shares = (Quantile(0.0), Quantile(0.25), Quantile(0.5), Quantile(0.9), Quantile(1.0))
    assert one_row(pair, *shares) == (1000.0, 1000.0, 2000.0, pytest.approx(5800.0), 7000.0)
    assert one_row(pair, Histogram((1000.0, 2999.0, 7000.0))) == ((2, 0, 2, 0),)


def test_named_groups_stand_alone_and_all_others_together(pair: Pair) -> None:
    tree(pair)
    by_user = (span_field("userId"),)
    query = StatsQuery((Basic.COUNT,), group_by=by_user, only=(("u",), ("nobody",)), edges=(START, TO))
    assert same(pair, "span_stats", query).cells == {(0, 0): (1,), (2, 0): (3,)}
    uncut = StatsQuery((Basic.COUNT,), group_by=by_user, first=0)
    assert same(pair, "span_stats", uncut) == Stats((), {(0, 0): (4,)})


def test_groups_with_more_buckets_than_an_answer_holds_are_refused(pair: Pair) -> None:
    tree(pair)
    edges = tuple(START + SECOND * i for i in range(5_002))
    for order in (LARGEST_FIRST, (RankKey(Basic.DURATION_AVG),)):
        query = StatsQuery((Basic.COUNT,), group_by=(span_field("userId"),), edges=edges, order=order)
        for store in (pair.plain, pair.real):
            with pytest.raises(InvalidInput, match="make 10,002 rows; at most 10,000 are allowed"):
                pair.ask(store, "span_stats", query)


def test_many_small_buckets_are_ranked_first_and_cut_then(pair: Pair) -> None:
    pair.replay([("create", [ended("t", str(i), name=f"{i % 3}", started_at=at(i)) for i in range(40)])])
    edges = tuple(START + SECOND * i for i in range(41))
    for order in (LARGEST_FIRST, (RankKey(None),), (RankKey(Basic.DURATION_MAX), RankKey(None, descending=False))):
        for first in (2, 3):
            query = StatsQuery((Basic.COUNT,), group_by=(span_field("name"),), edges=edges, order=order, first=first)
            assert len(same(pair, "span_stats", query).cells) == 40


def test_more_rows_than_are_read_at_once_are_ranked_first(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "MOST_ROWS", 10)
    test_many_small_buckets_are_ranked_first_and_cut_then(pair)


COUNTED_TWICE = dict(statistics_figures._BASIC) | {Basic.TOTAL_TOKENS: "sum(total_tokens)", Basic.COST: "sum(cost_usd)"}
NEAREST = "quantile_disc(duration_ms, ?::DOUBLE[])"
COUNTS_ONCE = test_tokens_and_costs_count_once_among_those_that_match
BROKEN = {
    "tokens that count twice": (
        statistics_figures,
        "_BASIC",
        COUNTED_TWICE,
        test_tokens_and_costs_count_once_among_those_that_match,
    ),
    "usage above that does not match": (
        statistics_source,
        "_BEFORE",
        statistics_source._BEFORE.replace("1 PRECEDING", "CURRENT ROW", 1),
        COUNTS_ONCE,
    ),
    "quantiles that are not interpolated": (
        statistics_figures,
        "_QUANTILES",
        NEAREST,
        test_quantiles_and_bins_are_exact,
    ),
    "groups beyond the named ones left out": (
        statistics,
        "_OUTER_JOIN",
        " JOIN ",
        test_named_groups_stand_alone_and_all_others_together,
    ),
}


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_broken_rule_is_caught(pair: Pair, monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    """The guarantees above are worth something: each of these mistakes breaks one of them."""
    module, name, broken, guarantee = BROKEN[mistake]
    guarantee(pair)
    monkeypatch.setattr(module, name, broken)
    with pytest.raises(AssertionError):
        guarantee(pair)

"""Statistics mean in SQL what they mean in plain Python: every figure, for random spans, groups and buckets."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from server.observability.conditions import ALWAYS, Level
from server.observability.fields import FieldRef, span_field, trace_field
from server.observability.stats import LOG2, Basic, Figure, Histogram, Quantile, RankKey, Stats, StatsQuery
from server.observability.stretches import within
from server.observability.times import EARLIEST, LATEST, SECOND
from tests import strategies
from tests.making import START

from .pair import Pair

NOSHRINK = [Phase.generate]
AT_ONCE = 5
SETTINGS = settings(
    max_examples=80,
    phases=NOSHRINK,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

FIGURES: st.SearchStrategy[Figure] = st.one_of(
    st.sampled_from(Basic),
    st.builds(Quantile, st.sampled_from([0.0, 0.1, 0.5, 0.95, 0.999, 1.0])),
    st.builds(Histogram, st.sampled_from([LOG2, (500.0,), (0.25, 1000.0, 1500.0)])),
)
RANKED = st.one_of(st.none(), st.sampled_from(Basic), st.builds(Quantile, st.sampled_from([0.5, 0.9])))
ORDERS = st.lists(st.builds(RankKey, RANKED, st.booleans()), max_size=2).map(tuple)
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
        lambda figures, groups, order, first, edges, where: StatsQuery(
            figures,
            within(where, max(edges[0], EARLIEST), min(edges[-1], LATEST)) if edges else where,
            groups,
            edges,
            order,
            first,
        ),
        figures,
        groups,
        ORDERS,
        st.integers(0, 3),
        EDGES,
        where,
    )


SPAN_QUERIES = queries(
    fields(span_field, ["name", "status", "userId", "tags", "startedAt", "durationMs", "isRoot", "totalTokens"]),
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

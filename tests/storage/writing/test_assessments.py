"""Scores and feedback in DuckDB are what they are in the plain store, and a file keeps them whatever becomes of it."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwell.observability.access import Access
from spanwell.observability.derivation.assessing import AssessmentUpdate
from spanwell.observability.model.assessments import (
    OF_SESSION,
    OF_SPAN,
    OF_TRACE,
    AssessmentKind,
    Score,
)
from spanwell.observability.model.columns import Json, Kind
from spanwell.observability.questions.conditions import (
    ALWAYS,
    Assessed,
    Attribute,
    Compare,
    Condition,
    HasSpan,
    Level,
    Not,
    Op,
)
from spanwell.observability.questions.fields import assessment_field
from spanwell.observability.questions.ordering import position
from spanwell.observability.questions.queries import AssessmentQuery, SpanQuery, Window, newest_assessments
from spanwell.observability.questions.statistics import (
    Basic,
    Distinct,
    Figure,
    Histogram,
    Measure,
    Measured,
    Quantile,
    StatsQuery,
)
from spanwell.observability.questions.time_ranges import within
from spanwell.observability.tenants.storage import TenantStorage
from spanwell.storage.duckdb import DuckDBStorage
from spanwell.storage.duckdb.conditions import where
from spanwell.storage.reference.storage import MemoryStorage
from tests import assessment_strategies as strategies
from tests.making import START, at, ended
from tests.storage.conditions.test_conditions import CHECKS
from tests.storage.pair import Pair

SCORE, FEEDBACK = AssessmentKind.SCORE, AssessmentKind.FEEDBACK
ALL = Window(1_000)
OWNERS = {
    OF_SPAN: [("t1", "a"), ("t9", "a"), ("t2", "b")],
    OF_TRACE: [("t1",), ("t2",), ("t9",)],
    OF_SESSION: [("a",), ("nobody",)],
}


def everything(kind: AssessmentKind) -> AssessmentQuery:
    return AssessmentQuery(kind, ALL, ALWAYS, newest_assessments(kind))


def score(score_id: str, trace_id: str | None = "t", span_id: str | None = None, **given: Any) -> Score:
    return Score(score_id=score_id, trace_id=trace_id, span_id=span_id, name=given.pop("name", "n"), **given)


@settings(max_examples=40)
@given(history=strategies.HISTORIES)
def test_any_history_leaves_the_same_scores_and_feedback(pair: Pair, history: list[Any]) -> None:
    pair.replay(history)
    for kind in AssessmentKind:
        pair.both("list_assessments", everything(kind))
        pair.both("get_assessments", kind, ["1", "t1", "9"])


@settings(max_examples=40)
@given(history=strategies.HISTORIES, query=strategies.QUERIES, at_place=st.integers(0, 4))
def test_any_question_about_them_has_one_answer(
    pair: Pair, history: list[Any], query: AssessmentQuery, at_place: int
) -> None:
    pair.replay(history)
    kind = query.kind
    pair.both("count_assessments", kind, query.where)
    pair.both("assessment_stretch", kind, query.where)
    found = pair.both("list_assessments", replace(query, window=ALL)).nodes
    if found:
        place = position(found[at_place % len(found)], query.order)
        window = replace(query.window, before=place) if query.window.backward else replace(query.window, after=place)
        pair.both("list_assessments", replace(query, window=window))
    pair.both("list_assessments", query)
    for by, owners in OWNERS.items():
        pair.both("list_assessments_of", by, owners, query)
        pair.both("count_assessments_of", by, owners, kind, query.where)


@settings(max_examples=max(1, CHECKS // 100))
@given(
    history=strategies.HISTORIES,
    of_spans=st.lists(strategies.OF_SPANS, min_size=5, max_size=5),
    of_traces=st.lists(strategies.OF_TRACES, min_size=5, max_size=5),
)
def test_conditions_on_what_is_said_of_spans_and_traces(
    pair: Pair, history: list[Any], of_spans: list[Condition], of_traces: list[Condition]
) -> None:
    pair.replay(history)
    for condition in of_spans:
        pair.both("count_spans", condition)
    for condition in of_traces:
        pair.both("count_traces", condition)


def test_a_score_of_a_span_is_one_of_its_trace_and_of_no_other_span(pair: Pair) -> None:
    spans = [ended("t", "a"), ended("t", "b"), ended("u", "a")]
    pair.replay([("create", spans), ("assess", SCORE, [score("1", "t", "a", value=0.4), score("2", "u", value=0.9)])])
    low, any_score = Assessed(SCORE, Compare("value", Op.LT, 0.5)), Assessed(SCORE, ALWAYS)

    def found(condition: Condition) -> list[tuple[str, str]]:
        return sorted(span.key for span in pair.both("list_spans", SpanQuery(ALL, condition)).nodes)

    assert found(low) == found(any_score) == [("t", "a")]
    assert found(Not(low)) == [("t", "b"), ("u", "a")]
    assert pair.both("count_traces", low) == pair.both("count_traces", HasSpan(any_score)) == 1
    assert pair.both("count_traces", any_score) == 2
    assert pair.both("count_traces", Assessed(FEEDBACK, ALWAYS)) == 0


def test_a_condition_that_forgets_whose_score_it_is_would_be_noticed(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, "OF_SPAN", ("trace_id",))
    with pytest.raises(AssertionError, match=r"list_spans\("):
        test_a_score_of_a_span_is_one_of_its_trace_and_of_no_other_span(pair)


VALUE, PASSED = assessment_field(SCORE)("value"), assessment_field(SCORE)("booleanValue")
FIGURES: list[Figure] = [
    *(Basic.COUNT, Basic.TRACE_COUNT),
    *(Measured(VALUE, measure) for measure in (*Measure, Quantile(0.5), Histogram((0.0, 0.5)))),
    Measured(PASSED, Measure.AVG),
    Measured(assessment_field(SCORE)("span.durationMs"), Measure.MAX),
    Distinct(assessment_field(SCORE)("trace.a", Level.SPAN)),
    *(Distinct(assessment_field(SCORE)(name)) for name in ("name", "tags")),
]
GROUPS: list[tuple[str, Level | None]] = [
    *((name, None) for name in ("name", "textValue", "booleanValue", "tags", "timestamp", "spanId")),
    *((name, None) for name in ("span.name", "span.tags", "trace.name", "trace.spanCount", "trace.services")),
    *(("a", Level.METADATA), ("span.a", Level.SPAN)),
]
EDGES = (START, at(1), at(2), at(3))


@settings(max_examples=40)
@given(
    history=strategies.HISTORIES,
    asked=strategies.ASKED,
    figures=st.lists(st.sampled_from(FIGURES), min_size=1, max_size=4, unique=True),
    groups=st.lists(st.sampled_from(GROUPS), max_size=2),
    edges=st.sampled_from([(), EDGES]),
    first=st.integers(0, 3),
)
def test_figures_of_them_are_those_of_the_plain_store(  # noqa: PLR0917 - each is drawn
    pair: Pair,
    history: list[Any],
    asked: tuple[AssessmentKind, Condition],
    figures: list[Figure],
    groups: list[tuple[str, Level | None]],
    edges: tuple[int, ...],
    first: int,
) -> None:
    pair.replay(history)
    kind, condition = asked
    inside = within(condition, edges[0], edges[-1]) if edges else condition
    named = tuple(assessment_field(kind)(*group) for group in groups)
    same_figures(pair, kind, StatsQuery(tuple(figures), inside, named, edges, first=first))


def same_figures(pair: Pair, kind: AssessmentKind, query: StatsQuery) -> None:
    """Compare figures; sums of doubles may differ in their last digit."""
    plain, real = (pair.ask(store, "assessment_stats", kind, query) for store in (pair.plain, pair.real))
    assert (real.groups, real.cells.keys()) == (plain.groups, plain.cells.keys())
    for place, cell in plain.cells.items():
        about = [pytest.approx(value, nan_ok=True) if isinstance(value, float) else value for value in cell]
        assert list(real.cells[place]) == about


@pytest.mark.parametrize("store", [MemoryStorage, DuckDBStorage])
def test_a_tenant_sees_and_changes_its_own_alone(store: type[MemoryStorage] | type[DuckDBStorage]) -> None:
    async def run() -> None:
        whole = store()
        await whole.init()
        one, other = (TenantStorage(whole, Access(organization=name)) for name in ("acme", "umbrella"))
        for tenant, value in ((one, 0.1), (other, 0.9)):
            await tenant.batch_create_spans([ended("t", "a")])
            about = [score("1", "t", "a", value=value, scorer_trace_id="t"), score("2", None, session_id="s")]
            await tenant.batch_create_assessments(SCORE, about)
        await one.batch_update_assessments(
            SCORE, [_named("2", "organization_id", "umbrella"), _named("1", "trace_id", "t")]
        )
        assert await other.count_assessments(SCORE, ALWAYS) == 2
        assert await one.count_assessments(SCORE, Compare("score_id", Op.EQ, "1")) == 1
        (first,) = await one.get_assessments(SCORE, ["1"])
        assert first is not None
        assert (first.trace_id, first.value, first.organization_id) == ("t", 0.1, "acme")
        assert await one.count_spans(Assessed(SCORE, Compare("scorer_trace_id", Op.EQ, "t"))) == 1
        (page,) = await one.list_assessments_of(OF_SPAN, [("t", "a")], everything(SCORE))
        assert page.nodes == [first]
        assert await one.count_assessments_of(OF_SESSION, [("s",)], SCORE, ALWAYS) == [1]
        stats = await other.assessment_stats(
            SCORE, StatsQuery((Basic.COUNT,), ALWAYS, (assessment_field(SCORE)("traceId"),))
        )
        assert stats.groups == (("t",), (None,))
        assert await one.assessment_stretch(SCORE, ALWAYS) is not None
        after = replace(everything(SCORE), window=Window(9, after=position(first, newest_assessments(SCORE))))
        assert [each.session_id for each in (await one.list_assessments(after)).nodes] == ["s"]
        assert await one.batch_delete_assessments(SCORE, ["1"]) == 1
        await one.dangerously_clear_all()
        assert await one.count_assessments(SCORE, ALWAYS) == 0
        assert await whole.count_assessments(SCORE, ALWAYS) == 2
        await whole.close()

    asyncio.run(run())


def _named(record_id: str, column: str, value: str) -> Any:
    return AssessmentUpdate(record_id, {column: value})


def test_metadata_is_asked_about_by_its_keys(pair: Pair) -> None:
    said = [score("1", metadata=Json('{"judge":{"model":"m"}}')), score("2", metadata=Json('{"judge":1}')), score("3")]
    pair.replay([("assess", SCORE, said)])
    judge = Compare(Attribute(Level.METADATA, "/judge/model", Kind.TEXT), Op.EQ, "m")
    page = pair.both("list_assessments", AssessmentQuery(SCORE, ALL, judge, newest_assessments(SCORE)))
    assert [each.score_id for each in page.nodes] == ["1"]

"""A list that is kept by its changes and removals is the list."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwell.observability.feed.live import CHANGED_SPANS, CHANGED_TRACES
from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.columns import Kind
from spanwell.observability.model.span import SPAN_COLUMN
from spanwell.observability.model.trace import TRACE_COLUMN
from spanwell.observability.questions.conditions import (
    ALWAYS,
    About,
    AllOf,
    AnyOf,
    Assessed,
    Attribute,
    Compare,
    Condition,
    CountSpans,
    HasSpan,
    Level,
    Not,
    Op,
    Related,
    Relation,
    Search,
    is_always,
)
from spanwell.observability.questions.queries import (
    AssessmentQuery,
    SpanQuery,
    TraceQuery,
    Window,
    changed_assessments,
    newest_assessments,
)
from spanwell.observability.questions.removals import AssessmentRemoval, Removal
from tests import assessment_strategies, strategies
from tests.storage.follower import Follower
from tests.storage.pair import Pair

_SPANS = SpanQuery(Window(3, after=(0, "", "")), order=CHANGED_SPANS)
_TRACES = TraceQuery(Window(2, after=(0, "")), order=CHANGED_TRACES)
_OWN = ("name", "user_id", "status", "tags", "ended_at", "input_tokens")
"""Columns that change only with the span itself."""
_OF_ASSESSMENTS = ("name", "value", "boolean_value", "tags", "comment", "span_id")
_OF_TRACES = ("span_count", "error_count", "ended_at", "services")


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    opened = Pair()
    yield opened
    opened.close()


class Kept:
    """A list that a client keeps: it adds what changed and drops what was removed."""

    def __init__(self, pair: Pair, method: str, query: SpanQuery | TraceQuery | AssessmentQuery) -> None:
        self.follower = Follower(pair, method, query)
        self.list: set[tuple[str, ...]] = set()

    def catch_up(self) -> None:
        for identity, record in self.follower.changes():
            self.take(record, identity)

    def take(self, record: Any, identity: tuple[str, ...]) -> None:
        if not isinstance(record, Removal | AssessmentRemoval):
            self.list.add(identity)
        elif record.unmatched:
            self.list.discard(identity)
        else:
            self.list = {one for one in self.list if identity[0] and one[0] != identity[0]}


def _conditions(columns: Any) -> st.SearchStrategy[Condition]:
    return st.sampled_from(columns).flatmap(strategies.comparisons)


@settings(max_examples=50)
@given(
    history=strategies.HISTORIES,
    where=_conditions([SPAN_COLUMN[name] for name in _OWN]),
    of_traces=_conditions([TRACE_COLUMN[name] for name in _OF_TRACES]),
    stops=st.lists(st.booleans(), min_size=20, max_size=20),
)
def test_a_list_that_is_kept_by_its_changes_is_the_list(
    pair: Pair, history: list[tuple[str, list[Any]]], where: Condition, of_traces: Condition, stops: list[bool]
) -> None:
    for store in (pair.plain, pair.real):
        pair.ask(store, "dangerously_clear_all")
    spans = Kept(pair, "list_span_changes", replace(_SPANS, where=where))
    traces = Kept(pair, "list_trace_changes", replace(_TRACES, where=of_traces))
    for (method, batch), stop in zip(history, stops, strict=False):
        pair.now += 1
        pair.write(method, batch)
        if not stop:
            spans.catch_up()
            traces.catch_up()
    spans.catch_up()
    traces.catch_up()
    assert spans.list == {one.key for one in pair.both("list_spans", SpanQuery(Window(1000), where)).nodes}
    listed = pair.both("list_traces", TraceQuery(Window(1000), of_traces)).nodes
    assert traces.list == {(one.trace_id,) for one in listed}


@settings(max_examples=40)
@given(
    history=assessment_strategies.HISTORIES,
    wheres=st.fixed_dictionaries(
        {
            kind: _conditions([column for column in kind.columns if column.name in _OF_ASSESSMENTS])
            for kind in AssessmentKind
        }
    ),
    stops=st.lists(st.booleans(), min_size=8, max_size=8),
    clear=st.booleans(),
)
def test_scores_and_feedback_that_are_kept_by_their_changes_are_the_lists(
    pair: Pair,
    history: list[tuple[Any, ...]],
    wheres: dict[AssessmentKind, Condition],
    stops: list[bool],
    *,
    clear: bool,
) -> None:
    kept = {kind: Kept(pair, "list_assessment_changes", _changes(kind, where)) for kind, where in wheres.items()}
    for (method, *arguments), stop in zip(history, stops, strict=False):
        pair.now += 1
        pair.write(method, *arguments)
        if not stop:
            for each in kept.values():
                each.catch_up()
    if clear:
        pair.both("dangerously_clear_all")
    for kind, each in kept.items():
        each.catch_up()
        listed = AssessmentQuery(kind, Window(1000), wheres[kind], newest_assessments(kind))
        assert each.list == {(kind.id_of(one),) for one in pair.both("list_assessments", listed).nodes}


def _changes(kind: AssessmentKind, where: Condition) -> AssessmentQuery:
    return AssessmentQuery(kind, Window(2, after=(0, "")), where, changed_assessments(kind))


@pytest.mark.parametrize(
    ("condition", "always"),
    [
        (ALWAYS, True),
        (AllOf((AnyOf((ALWAYS, Compare("name", Op.EQ, "a"))), ALWAYS)), True),
        (Not(AnyOf()), True),
        (HasSpan(ALWAYS), True),
        (HasSpan(About("trace", ALWAYS)), True),
        (Compare("started_at", Op.IS_NULL, value=False), True),
        (Not(Compare("trace_id", Op.IS_NULL, value=True)), True),
        (Compare("user_id", Op.IS_NULL, value=False), False),
        (Not(Compare("user_id", Op.IN, ())), True),
        (Not(Compare(Attribute(Level.SPAN, "/k", Kind.TEXT), Op.IN, ())), True),
        (Not(Compare("tags", Op.ANY, ())), True),
        (Compare("tags", Op.ALL, ()), False),
        (Compare("name", Op.I_CONTAINS, ""), True),
        (Compare("user_id", Op.CONTAINS, ""), False),
        (Search(""), True),
        (Not(Search("")), False),
        (Search("a"), False),
        (CountSpans(ALWAYS, Op.GTE, 0), True),
        (Not(CountSpans(ALWAYS, Op.LTE, -1)), True),
        (CountSpans(ALWAYS, Op.LT, 0), False),
        (CountSpans(ALWAYS, Op.GT, 0), False),
        (CountSpans(ALWAYS, Op.IN, (0, 1)), False),
        (Not(Assessed(AssessmentKind.SCORE, AnyOf())), True),
        (Assessed(AssessmentKind.SCORE, ALWAYS), False),
        (Not(Related(Relation.PARENT, AnyOf())), True),
        (AnyOf(), False),
        (Not(ALWAYS), False),
        (Not(HasSpan(Compare("name", Op.EQ, "a"))), False),
        (AllOf((ALWAYS, Compare("name", Op.EQ, "a"))), False),
    ],
)
def test_what_is_plainly_true_of_every_record_is_known(condition: Condition, *, always: bool) -> None:
    assert is_always(condition) is always

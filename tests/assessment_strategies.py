"""Random scores and feedback, histories of them beside spans, and questions about them."""

from functools import cache, partial
from typing import Any

from hypothesis import strategies as st

from spanwell.observability.derivation.assessing import AssessmentUpdate
from spanwell.observability.model.assessments import Assessment, AssessmentKind
from spanwell.observability.model.columns import Kind
from spanwell.observability.questions.conditions import About, Assessed, Condition, CountSpans, HasSpan, Level, Op
from spanwell.observability.questions.ordering import Order, OrderKey, total_order
from spanwell.observability.questions.queries import AssessmentQuery, assessment_identity

from . import strategies
from .strategies import KEYS, SPAN_CONDITIONS, SPAN_IDS, SPANS, TEXTS, TRACE_CONDITIONS, TRACE_IDS, comparisons, values

KINDS = st.sampled_from(AssessmentKind)
IDS = st.sampled_from(["1", "2", "3", "4", "t1"])
_FEW = ("name", "value", "boolean_value", "text_value", "tags", "comment", "metadata", "span_id", "timestamp")


@cache
def _given(kind: AssessmentKind) -> st.SearchStrategy[dict[str, Any]]:
    optional = {column.name: values(column) for column in kind.given_columns}
    return st.fixed_dictionaries({}, optional={**optional, "session_id": TEXTS, "metadata": strategies.OBJECTS})


@cache
def records(kind: AssessmentKind) -> st.SearchStrategy[Assessment]:
    """Return random records of a kind: of traces, of spans, or of neither."""
    return st.builds(
        partial(_record, kind),
        IDS,
        st.tuples(TRACE_IDS, SPAN_IDS | st.none()) | st.just((None, None)),
        _given(kind),
    )


def _record(
    kind: AssessmentKind, record_id: str, owner: tuple[str | None, str | None], given: dict[str, Any]
) -> Assessment:
    named: dict[str, Any] = {"name": "n", **given, kind.id_column: record_id}
    named["trace_id"], named["span_id"] = owner
    return kind.record(**named)


@cache
def updates(kind: AssessmentKind) -> st.SearchStrategy[AssessmentUpdate]:
    """Return random changes of records of a kind."""
    cleared = st.sets(st.sampled_from([column.name for column in kind.given_columns if column.nullable]), max_size=3)
    return st.builds(
        lambda record_id, given, clear: AssessmentUpdate(record_id, {**given, **dict.fromkeys(clear)}),
        IDS,
        _given(kind),
        cleared,
    )


_ASSESSING = KINDS.flatmap(
    lambda kind: (
        st.tuples(st.just("assess"), st.just(kind), st.lists(records(kind), max_size=5))
        | st.tuples(st.just("reassess"), st.just(kind), st.lists(updates(kind), max_size=3))
        | st.tuples(st.just("unassess"), st.just(kind), st.lists(IDS, max_size=2))
    )
)
HISTORIES = st.lists(
    st.tuples(st.just("create"), st.lists(SPANS, max_size=4))
    | st.tuples(st.just("delete"), st.lists(TRACE_IDS, max_size=1))
    | _ASSESSING
    | _ASSESSING
    | _ASSESSING,
    min_size=1,
    max_size=8,
)
"""Writes of spans and, more often, of what is said of them."""


@st.composite
def _about(draw: st.DrawFn) -> About:
    """Draw a condition on the span or the trace of a record: a function, which is short to tell of."""
    return About("span", draw(SPAN_CONDITIONS)) if draw(st.booleans()) else About("trace", draw(TRACE_CONDITIONS))


@cache
def conditions(kind: AssessmentKind) -> st.SearchStrategy[Condition]:
    """Return random conditions on records of a kind."""
    few = [column for column in kind.columns if column.name in _FEW]
    metadata = st.tuples(st.just(Level.METADATA), KEYS).flatmap(strategies.attribute)
    leaves = st.sampled_from(few).flatmap(comparisons) | st.sampled_from(kind.columns).flatmap(comparisons) | metadata
    return st.recursive(leaves | _about(), strategies.logic, max_leaves=4)


ASSESSED = KINDS.flatmap(lambda kind: st.builds(Assessed, st.just(kind), conditions(kind)))
OF_SPANS = st.recursive(ASSESSED | SPAN_CONDITIONS, strategies.logic, max_leaves=3)
OF_TRACES = st.recursive(
    ASSESSED
    | st.builds(HasSpan, ASSESSED)
    | st.builds(CountSpans, ASSESSED, st.sampled_from([Op.EQ, Op.GTE, Op.LT]), st.integers(0, 2))
    | TRACE_CONDITIONS,
    strategies.logic,
    max_leaves=3,
)


@cache
def orders(kind: AssessmentKind) -> st.SearchStrategy[Order]:
    """Return total orders of records of a kind."""
    names = [column.name for column in kind.columns if column.kind not in {Kind.JSON, Kind.TEXTS}]
    keys = st.lists(st.builds(OrderKey, st.sampled_from(names), st.booleans(), st.booleans()), max_size=2)
    return keys.map(lambda chosen: total_order(chosen, assessment_identity(kind)))


@cache
def queries(kind: AssessmentKind) -> st.SearchStrategy[AssessmentQuery]:
    """Return random lists of records of a kind."""
    return st.builds(AssessmentQuery, st.just(kind), strategies.WINDOWS, conditions(kind), orders(kind))


QUERIES = KINDS.flatmap(queries)
ASKED = KINDS.flatmap(lambda kind: st.tuples(st.just(kind), conditions(kind)))
"""A kind, and a condition on its records."""

"""Evaluates conditions, in plain Python."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal, assert_never

from spanwell.observability.model.assessments import Assessment, AssessmentKind
from spanwell.observability.model.columns import Kind
from spanwell.observability.model.record import Listed, column_value
from spanwell.observability.model.span import SPAN_COLUMN, Span
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.conditions import (
    IS_AGENT,
    About,
    AllOf,
    AnyOf,
    Assessed,
    Attribute,
    Compare,
    Condition,
    CountSpans,
    HasSpan,
    HasTrace,
    Not,
    Op,
    Related,
    Relation,
    Rewritten,
    Search,
)
from spanwell.observability.questions.operators import passes

from .forest import Forest
from .values.json_values import attribute_values, canonical, search_finds


def holds(condition: Condition, record: Listed, forest: Forest) -> bool:
    """Return whether a record meets a condition; `forest` has the spans of its trace."""
    match condition:
        case Compare():
            return _compare(condition, record)
        case Search(text):
            return search_finds(text, _span(record), record.tags)
        case AllOf(parts):
            return all(holds(part, record, forest) for part in parts)
        case AnyOf(parts):
            return any(holds(part, record, forest) for part in parts)
        case Not(part):
            return not holds(part, record, forest)
        case Related(relation, where):
            related = _RELATED[relation](forest, forest.spans[_span(record).span_id])
            return any(holds(where, span, forest) for span in related)
        case Rewritten():
            return _rewritten(record)
        case _:
            return _holds_of_others(condition, record, forest)


def _holds_of_others(
    condition: HasSpan | CountSpans | HasTrace | Assessed | About, record: Listed, forest: Forest
) -> bool:
    match condition:
        case HasTrace(where):
            return any(holds(where, trace, of_trace) for trace, of_trace in forest.traces)
        case HasSpan(where):
            return any(holds(where, span, forest) for span in forest.spans.values())
        case CountSpans(where, op, value):
            return passes(sum(holds(where, span, forest) for span in forest.spans.values()), op, value)
        case Assessed(kind, where):
            return any(holds(where, one, forest) for one in forest.assessments if _is_about(one, kind, record))
        case About(of, where):
            about = _about(of, record, forest)
            return about is not None and holds(where, about, forest)
        case _:
            assert_never(condition)


def _about(of: Literal["span", "trace", "agent"], record: Listed, forest: Forest) -> Listed | None:
    if of == "agent":
        return agent_of(_span(record), forest)
    return forest.trace if of == "trace" else forest.spans.get(getattr(record, "span_id", None) or "")


def agent_of(span: Span, forest: Forest) -> Span | None:
    """Return the nearest agent, from a span upwards."""
    return next((each for each in (span, *forest.ancestors(span)) if holds(IS_AGENT, each, forest)), None)


def _is_about(one: Assessment, kind: AssessmentKind, record: Listed) -> bool:
    return isinstance(one, kind.record) and (isinstance(record, Trace) or one.span_id == _span(record).span_id)


def _rewritten(record: Listed) -> bool:
    if isinstance(record, Trace):
        return record.changed_at > record.head.created_at or record.span_count > 1
    return record.updated_at > record.created_at


def _parent(forest: Forest, span: Span) -> Iterable[Span]:
    parent = forest.parent(span)
    return () if parent is None else (parent,)


_RELATED: Mapping[Relation, Callable[[Forest, Span], Iterable[Span]]] = MappingProxyType(
    {
        Relation.PARENT: _parent,
        Relation.ANCESTOR: Forest.ancestors,
        Relation.CHILD: Forest.children,
        Relation.DESCENDANT: Forest.descendants,
        Relation.SIBLING: Forest.siblings,
    }
)


def _span(record: Listed) -> Any:
    return record.head if isinstance(record, Trace) else record


def _compare(condition: Compare, record: Listed) -> bool:
    column, op, asked = condition.column, condition.op, condition.value
    if isinstance(column, Attribute):
        values = attribute_values(_span(record), column)
        return _any_meets(values, op, canonical(asked) if column.kind is Kind.JSON and op is Op.EQ else asked)
    have = column_value(record, column)
    if condition.skipped and have is not None:
        have = have[condition.skipped :]
    if op is Op.EQ and column in SPAN_COLUMN and SPAN_COLUMN[column].kind is Kind.JSON:
        return have is not None and canonical(have) == canonical(asked)
    return _any_meets([] if have is None else [have], op, asked)


def _any_meets(values: list[Any], op: Op, asked: Any) -> bool:
    """Return whether any value passes a test."""
    if op is Op.IS_NULL:
        return bool(asked) is (not values)
    if op is Op.IS_EMPTY and not values:
        return bool(asked)
    return any(passes(have, op, asked) for have in values)

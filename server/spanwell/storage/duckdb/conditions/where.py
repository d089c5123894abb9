"""Compiles a condition to a WHERE clause: the counterpart of `reference.evaluation.holds`.

A WHERE clause treats NULL like FALSE, also below AND and OR; only a negation tells them apart, so every negation is
`NOT coalesce(.., FALSE)`.
"""

from typing import assert_never

from spanwell.observability.model.assessments import OF_SPAN, OF_TRACE, AssessmentKind
from spanwell.observability.questions.conditions import (
    IS_AGENT,
    About,
    AllOf,
    AnyOf,
    Assessed,
    Compare,
    Condition,
    CountSpans,
    HasSpan,
    HasTrace,
    Not,
    Op,
    Related,
    Rewritten,
    Search,
)
from spanwell.observability.questions.operators import passes

from .agents import agents, is_range_of
from .comparisons import compare, compare_count
from .operators import negation
from .relations import related
from .scopes import OF_SPANS, Scope
from .searching import search
from .sql import Sql, all_of, any_of


def where(condition: Condition, scope: Scope) -> Sql:
    """Return a condition as a boolean expression over the table of a scope."""
    match condition:
        case Compare():
            return compare(scope, condition)
        case AllOf(parts):
            return all_of(where(part, scope) for part in parts)
        case AnyOf(parts):
            return any_of(where(part, scope) for part in parts)
        case Not(part):
            return negation(where(part, scope))
        case Search(text):
            return search(text, scope)
        case Related() | HasSpan() | CountSpans():
            return _among_spans(condition, scope)
        case Assessed() | About() | HasTrace():
            return _among_others(condition, scope)
        case Rewritten():
            return _rewritten(scope)
        case _:
            assert_never(condition)


def _among_others(condition: Assessed | About | HasTrace, scope: Scope) -> Sql:
    match condition:
        case Assessed(kind, part):
            return _assessed(kind, part, scope)
        case About(of, part):
            return _about(of, part, scope)
        case HasTrace(part):
            return _has_trace(part, scope)
        case _:
            assert_never(condition)


def _assessed(kind: AssessmentKind, condition: Condition, scope: Scope) -> Sql:
    """Return the SQL condition that some score or feedback of a span or trace meets a condition."""
    inner = scope.assessments(kind)
    by = OF_TRACE if scope.is_of_traces else OF_SPAN
    owner, named = (", ".join(f"{alias}.{column}" for column in by) for alias in (scope.alias, inner.alias))
    selected = f"({owner}) IN (SELECT {named} FROM {kind.value} {inner.alias} WHERE "
    return selected + where(condition, inner) + f" AND {inner.alias}.{by[-1]} IS NOT NULL)"


def _about(of: str, condition: Condition, scope: Scope) -> Sql:
    """Return the SQL condition that the span or trace of a score or feedback meets a condition."""
    if of == "agent":
        inner = scope.inner()
        found = f" {inner.alias} WHERE {is_range_of(inner.alias, scope.alias)} AND ("
        return "EXISTS (SELECT 1 FROM " + agents_of_spans() + found + where(condition, inner) + "))"
    inner, by, table = (scope.inner(), OF_SPAN, "spans") if of == "span" else (scope.traces(), OF_TRACE, "traces")
    owner, named = (", ".join(f"{alias}.{column}" for column in by) for alias in (scope.alias, inner.alias))
    return f"({owner}) IN (SELECT {named} FROM {table} {inner.alias} WHERE " + where(condition, inner) + ")"


def agents_of_spans() -> Sql:
    """Return the table of agents (`conditions.agents`)."""
    return agents(where(IS_AGENT, OF_SPANS))


def _has_trace(condition: Condition, scope: Scope) -> Sql:
    """Return the SQL condition that some trace of a session or thread meets a condition."""
    inner = scope.traces()
    selected = f"{scope.alias}.conversation_id IN (SELECT {inner.column(scope.by)} FROM traces {inner.alias} WHERE "
    return selected + where(AllOf((scope.among, condition)), inner) + f" AND {inner.column(scope.by)} IS NOT NULL)"


def _rewritten(scope: Scope) -> Sql:
    created = scope.column("created_at")
    if scope.is_of_traces:
        return Sql(f"{scope.column('changed_at')} > {created} OR {scope.column('span_count')} > 1")
    return Sql(f"{scope.column('updated_at')} > {created}")


def _among_spans(condition: Related | HasSpan | CountSpans, scope: Scope) -> Sql:
    inner = scope.inner()
    met = where(condition.where, inner)
    match condition:
        case Related(relation, _):
            return related(relation, scope.alias, inner.alias, met)
        case HasSpan():
            return (
                f"{scope.alias}.trace_id IN (SELECT {inner.alias}.trace_id FROM spans {inner.alias} WHERE " + met + ")"
            )
        case CountSpans(_, op, value):
            return _count(scope, inner, met, op, value)
        case _:
            assert_never(condition)


def _count(scope: Scope, inner: Scope, met: Sql, op: Op, value: int | tuple[int, ...]) -> Sql:
    """Return the SQL condition on the number of matching spans in a trace.

    A trace without matching spans is in no group, so a test that 0 passes excludes the traces that fail it.
    """
    grouped = (
        f"SELECT {inner.alias}.trace_id FROM spans {inner.alias} WHERE " + met + f" GROUP BY {inner.alias}.trace_id"
    )
    test = compare_count(op, value)
    if passes(0, op, value):
        return f"{scope.alias}.trace_id NOT IN (" + grouped + " HAVING NOT (" + test + "))"
    return f"{scope.alias}.trace_id IN (" + grouped + " HAVING " + test + ")"

"""Compiles a condition to a WHERE clause: what `observability.holds` means, in DuckDB's words.

SQL's third truth value cannot be told from FALSE in a WHERE clause, and AND and OR keep it so; only a negation can, so
each negation is `NOT coalesce(.., FALSE)`.
"""

from typing import assert_never

from spanwell.observability.model.text import escaped, fold
from spanwell.observability.questions.conditions import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    CountSpans,
    HasSpan,
    Not,
    Op,
    Related,
    Rewritten,
    Search,
)
from spanwell.observability.questions.operators import passes
from spanwell.storage.duckdb.tables.columns import ATTRIBUTES
from spanwell.storage.duckdb.tables.shared_text import REPEATED, has_text_sql

from .comparisons import compare, compare_count
from .operators import negation
from .relations import related
from .scopes import Scope
from .sql import Sql, all_of, any_of

_SEARCHED = ("error_info", "input", "output")


def where(condition: Condition, scope: Scope) -> Sql:
    """Return the condition as a boolean expression over the table of a scope."""
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
            return _search(text, scope)
        case Related() | HasSpan() | CountSpans():
            return _among_spans(condition, scope)
        case Rewritten():
            return _rewritten(scope)
        case _:
            assert_never(condition)


def _rewritten(scope: Scope) -> Sql:
    created = scope.column("created_at")
    if "changed_at" in scope.columns:
        return Sql(f"{scope.column('changed_at')} > {created} OR {scope.column('span_count')} > 1")
    return Sql(f"{scope.column('updated_at')} > {created}")


def _search(text: str, scope: Scope) -> Sql:
    plain, quoted = fold(text), fold(escaped(text))
    parts = [Sql(f"contains(lower({scope.column('name')}), ?)", (plain,))]
    parts += [Sql(f"contains(lower({scope.column(column)}), ?)", (quoted,)) for column in _SEARCHED]
    attributes = scope.as_stored(ATTRIBUTES)
    values = f"json_extract({attributes}, '$.*')"
    strings = f"list_filter({values}, lambda v: json_type(v) = 'VARCHAR' AND contains(lower(v ->> '$'), ?))"
    # The text of the whole object is looked at first: only where it has the needle are its values taken apart.
    parts.append(Sql(f"CASE WHEN contains(lower({attributes}), ?) THEN len({strings}) > 0 END", (quoted, plain)))
    if quoted != plain:
        parts += [_search_repeated(plain, column, scope) for column in REPEATED]
    return any_of(parts)


def _search_repeated(plain: str, column: str, scope: Scope) -> Sql:
    """Return that an attribute has a text which is stored as `input` or `output`, where its quotes are no escapes."""
    value = scope.column(column)
    is_repeated = has_text_sql(scope.as_stored(ATTRIBUTES), column)
    return Sql(f"CASE WHEN {is_repeated} THEN contains(lower({value}), ?) END", (plain,))


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
    """Return that a trace has so many spans. One with none is in no group, so a test that 0 passes is negated."""
    grouped = (
        f"SELECT {inner.alias}.trace_id FROM spans {inner.alias} WHERE " + met + f" GROUP BY {inner.alias}.trace_id"
    )
    test = compare_count(op, value)
    if passes(0, op, value):
        return f"{scope.alias}.trace_id NOT IN (" + grouped + " HAVING NOT (" + test + "))"
    return f"{scope.alias}.trace_id IN (" + grouped + " HAVING " + test + ")"

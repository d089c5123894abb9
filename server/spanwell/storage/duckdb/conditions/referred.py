"""The records that others refer to: the spans and traces of scores and feedback, the traces and agents of spans."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from spanwell.observability.questions.fields import FieldRef

from .agents import is_range_of
from .scopes import OF_SPANS, OF_TRACES, Scope
from .sql import Sql, join
from .where import agents_of_spans


def scope_of(ref: FieldRef, scope: Scope) -> Scope:
    """Return the scope of a field: that of its records, or of the records that these refer to."""
    return _SCOPES.get(ref.of, scope)


def joins(scope: Scope, refs: Iterable[FieldRef]) -> Sql:
    """Return the joins of a scope's table with those of the records that some fields are of."""
    about = {ref.of for ref in refs}
    return join("", [joined(scope) for of, joined in _ABOUT.items() if of in about])


def _span(scope: Scope) -> Sql:
    return Sql(f" LEFT JOIN spans ON spans.trace_id = {scope.alias}.trace_id AND spans.span_id = {scope.alias}.span_id")


def _trace(scope: Scope) -> Sql:
    return Sql(f" LEFT JOIN traces ON traces.trace_id = {scope.alias}.trace_id")


def _agent(scope: Scope) -> Sql:
    return " LEFT JOIN " + agents_of_spans() + f" {_OF_AGENTS.alias} ON {is_range_of(_OF_AGENTS.alias, scope.alias)}"


_OF_AGENTS = replace(OF_SPANS, alias="agents")
_ABOUT: Mapping[str, Callable[[Scope], Sql]] = {"span": _span, "trace": _trace, "agent": _agent}
_SCOPES: Mapping[str | None, Scope] = {"span": OF_SPANS, "trace": OF_TRACES, "agent": _OF_AGENTS}

"""Comparisons with ids in any usual form: upper case, with a UUID's dashes, or 16 digits of 32."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any, TypeAlias

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.identifiers import (
    ASKED_IDENTIFIERS,
    beginnings_of_identifiers,
    forms_of_span_identifier,
    forms_of_trace_identifier,
    parts_of_identifiers,
    span_identifier,
    trace_identifier,
)

from .conditions import About, AllOf, AnyOf, Attribute, Compare, Condition, Level, Op
from .discovery import ValuesQuery

Comparison: TypeAlias = Callable[[Op, object], Condition]
"""Makes a condition of an operator and a value."""

_WHOLE = frozenset({Op.EQ, Op.GT, Op.GTE, Op.LT, Op.LTE})
_PARTS = frozenset({Op.CONTAINS, Op.ENDS_WITH, Op.I_CONTAINS})


def comparison_of(column: str | Attribute) -> Comparison:
    """Return the comparison of a column or an attribute; if its values are ids, they are compared in any form."""
    if isinstance(column, str):
        return partial(_compare_identifier if column in ASKED_IDENTIFIERS else Compare, column)
    is_linked = column.level is Level.LINK and column.pointer in _FORMS_IN_LINKS
    return partial(_compare_linked if is_linked else Compare, column)


def _compare_identifier(column: str, op: Op, value: object) -> Condition:
    """Return a comparison of a column of ids: whole ids are normalised, parts of ids are compared in every form."""
    read = ASKED_IDENTIFIERS[column]
    if isinstance(value, tuple):
        return Compare(column, op, tuple(map(read, value)))
    if not isinstance(value, str) or op is Op.REGEX:
        return Compare(column, op, value)
    if op in _WHOLE:
        return Compare(column, op, read(value))
    forms = parts_of_identifiers(value) if op in _PARTS else beginnings_of_identifiers(value)
    compared = tuple(Compare(column, op, form) for form in forms)
    return compared[0] if len(compared) == 1 else AnyOf(compared)


def _of_trace(identifier: str) -> tuple[str, ...]:
    return forms_of_trace_identifier(trace_identifier(identifier))


def _of_span(identifier: str) -> tuple[str, ...]:
    return forms_of_span_identifier(span_identifier(identifier))


_FORMS_IN_LINKS: Mapping[str, Callable[[str], tuple[str, ...]]] = MappingProxyType(
    {"/traceId": _of_trace, "/spanId": _of_span}
)


def _compare_linked(attribute: Attribute, op: Op, value: Any) -> Condition:
    """Return a comparison of an id in links, where ids are stored as they were sent: whole ids have every form."""
    if attribute.kind is not Kind.TEXT or op not in {Op.EQ, Op.IN}:
        return Compare(attribute, op, value)
    forms = _FORMS_IN_LINKS[attribute.pointer]
    whole = value if op is Op.IN else (value,)
    return Compare(attribute, Op.IN, tuple(dict.fromkeys(form for each in whole for form in (each, *forms(each)))))


def sought_in_any_form(query: ValuesQuery) -> ValuesQuery:
    """Return a query of the values of a field; if these are ids, its texts are sought in them in any form."""
    column, of = query.field.target, query.field.of
    if isinstance(column, Attribute) or column not in ASKED_IDENTIFIERS:
        return query
    sought = AllOf(
        (
            *([_matches(column, "^", beginnings_of_identifiers(query.prefix))] if query.prefix else ()),
            *([_matches(column, "", parts_of_identifiers(query.contains))] if query.contains else ()),
        )
    )
    where = AllOf((query.where, sought if of is None else About(of, sought)))
    return replace(query, where=where, prefix="", contains="")


def _matches(column: str, anchor: str, forms: Iterable[str]) -> Condition:
    return Compare(column, Op.REGEX, f"(?i){anchor}(?:{'|'.join(map(re.escape, forms))})")

"""What a condition means, in plain Python: the in-memory store, subscriptions, and the oracle of every SQL dialect."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias, assert_never

import re2

from .columns import Kind
from .conditions import (
    AllOf,
    AnyOf,
    Attribute,
    Compare,
    Condition,
    CountSpans,
    HasSpan,
    Not,
    Op,
    Related,
    Relation,
    Search,
)
from .documents import attribute_values, canonical, search_finds
from .errors import InvalidInput
from .forest import Forest
from .span import SPAN_COLUMN, Span
from .text import fold
from .trace import TRACE_COLUMN, Trace

Record: TypeAlias = Span | Trace

_OPTIONS = re2.Options()
_OPTIONS.log_errors = False


def pattern(text: str) -> Any:
    """Return a compiled RE2 pattern. Raises `InvalidInput` for a bad one."""
    try:
        return re2.compile(text, options=_OPTIONS)
    except (re2.error, UnicodeEncodeError):
        raise InvalidInput("is not a valid RE2 regular expression") from None


def column_value(record: object, column: str) -> Any:
    """Return what a column of a record holds: of a trace its own, else its head's."""
    if isinstance(record, Trace) and column not in TRACE_COLUMN:
        return getattr(record.head, column)
    return getattr(record, column)


_PRESENT: Mapping[Op, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        Op.EQ: lambda have, asked: have == asked,
        Op.GT: lambda have, asked: have > asked,
        Op.GTE: lambda have, asked: have >= asked,
        Op.LT: lambda have, asked: have < asked,
        Op.LTE: lambda have, asked: have <= asked,
        Op.IN: lambda have, asked: have in asked,
        Op.CONTAINS: lambda have, asked: asked in have,
        Op.STARTS_WITH: lambda have, asked: have.startswith(asked),
        Op.ENDS_WITH: lambda have, asked: have.endswith(asked),
        Op.I_CONTAINS: lambda have, asked: fold(asked) in fold(have),
        Op.REGEX: lambda have, asked: pattern(asked).search(have) is not None,
        Op.ALL: lambda have, asked: set(asked) <= set(have),
        Op.ANY: lambda have, asked: not set(asked).isdisjoint(have),
        Op.IS_EMPTY: lambda have, asked: (not have) == asked,
    }
)
"""Operators for which an absent value is false."""

NEGATED: Mapping[Op, Op] = MappingProxyType({Op.NE: Op.EQ, Op.NOT_IN: Op.IN, Op.NONE: Op.ANY})
"""Operators that are the negation of another, and so true of an absent value."""


def holds(condition: Condition, record: Record, forest: Forest) -> bool:
    """Return whether a span, or a trace, meets a condition; `forest` is the trace that it belongs to."""
    match condition:
        case Compare():
            return _compare(condition, record)
        case Search(text):
            return search_finds(text, _span(record))
        case AllOf(parts):
            return all(holds(part, record, forest) for part in parts)
        case AnyOf(parts):
            return any(holds(part, record, forest) for part in parts)
        case Not(part):
            return not holds(part, record, forest)
        case Related(relation, where):
            related = _RELATED[relation](forest, forest.spans[_span(record).span_id])
            return any(holds(where, span, forest) for span in related)
        case HasSpan(where):
            return any(holds(where, span, forest) for span in forest.spans.values())
        case CountSpans(where, op, value):
            return passes(sum(holds(where, span, forest) for span in forest.spans.values()), op, value)
        case _:
            assert_never(condition)


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


def _span(record: Record) -> Span:
    return record.head if isinstance(record, Trace) else record


def _compare(condition: Compare, record: Record) -> bool:
    column, op, asked = condition.column, condition.op, condition.value
    if isinstance(column, Attribute):
        values = attribute_values(_span(record), column)
        return _any_meets(values, op, canonical(asked) if column.kind is Kind.JSON and op is Op.EQ else asked)
    have = column_value(record, column)
    if op is Op.EQ and column in SPAN_COLUMN and SPAN_COLUMN[column].kind is Kind.JSON:
        return have is not None and canonical(have) == canonical(asked)
    return _any_meets([] if have is None else [have], op, asked)


def _any_meets(values: list[Any], op: Op, asked: Any) -> bool:
    """Return whether one of the values that are there meets a test; a negation, whether none meets what it negates."""
    if op in NEGATED:
        return not any(passes(have, NEGATED[op], asked) for have in values)
    if op is Op.IS_NULL:
        return bool(asked) is (not values)
    if op is Op.IS_EMPTY and not values:
        return bool(asked)
    return any(passes(have, op, asked) for have in values)


def passes(have: Any, op: Op, asked: Any) -> bool:
    """Return whether a value that is there passes a test."""
    if op in NEGATED:
        return not passes(have, NEGATED[op], asked)
    test: Callable[[Any, Any], bool] = _PRESENT[op]
    return test(have, asked)

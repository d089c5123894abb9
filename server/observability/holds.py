"""What a condition means, in plain Python: the in-memory store, subscriptions, and the oracle of every SQL dialect."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias, assert_never

import re2

from .conditions import AllOf, AnyOf, Compare, Condition, Not, Op
from .errors import InvalidInput
from .span import Span
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


def fold(text: str) -> str:
    """Lower-case text by Unicode's simple mapping, one character for one, as SQL engines do."""
    return "".join([character.lower()[0] for character in text])


def column_value(record: Record, column: str) -> Any:
    """Return what a column holds: a trace's own, else its head's."""
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
    }
)
"""Operators for which an absent value is false."""

NEGATED: Mapping[Op, Op] = MappingProxyType({Op.NE: Op.EQ, Op.NOT_IN: Op.IN, Op.NONE: Op.ANY})
"""Operators that are the negation of another, and so true of an absent value."""


def holds(condition: Condition, record: Record) -> bool:
    """Return whether a span or a trace meets a condition."""
    match condition:
        case Compare():
            return _compare(condition, record)
        case AllOf(parts):
            return all(holds(part, record) for part in parts)
        case AnyOf(parts):
            return any(holds(part, record) for part in parts)
        case Not(part):
            return not holds(part, record)
        case _:
            assert_never(condition)


def _compare(condition: Compare, record: Record) -> bool:
    have, op, asked = column_value(record, condition.column), condition.op, condition.value
    if op is Op.IS_NULL:
        return (have is None) == asked
    if op is Op.IS_EMPTY:
        return (not have) == asked
    if op in NEGATED:
        return have is None or not _PRESENT[NEGATED[op]](have, asked)
    return have is not None and _PRESENT[op](have, asked)

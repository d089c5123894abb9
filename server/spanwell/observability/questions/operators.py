"""The meaning of each operator for a value that is present."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import re2

from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.text import fold

from .conditions import Op

_OPTIONS = re2.Options()
_OPTIONS.log_errors = False


def pattern(text: str) -> Any:
    """Return a compiled RE2 pattern. Raises `InvalidInput` for a bad one."""
    try:
        return re2.compile(text, options=_OPTIONS)
    except (re2.error, UnicodeEncodeError):
        raise InvalidInput("is not a valid RE2 regular expression") from None


_PRESENT: Mapping[Op, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        Op.EQ: lambda value, operand: value == operand,
        Op.GT: lambda value, operand: value > operand,
        Op.GTE: lambda value, operand: value >= operand,
        Op.LT: lambda value, operand: value < operand,
        Op.LTE: lambda value, operand: value <= operand,
        Op.IN: lambda value, operand: value in operand,
        Op.CONTAINS: lambda value, operand: operand in value,
        Op.STARTS_WITH: lambda value, operand: value.startswith(operand),
        Op.ENDS_WITH: lambda value, operand: value.endswith(operand),
        Op.I_CONTAINS: lambda value, operand: fold(operand) in fold(value),
        Op.REGEX: lambda value, operand: pattern(operand).search(value) is not None,
        Op.ALL: lambda value, operand: set(operand) <= set(value),
        Op.ANY: lambda value, operand: not set(operand).isdisjoint(value),
        Op.IS_EMPTY: lambda value, operand: (not value) == operand,
    }
)
"""Operators that are false for a missing value."""


def passes(value: Any, op: Op, operand: Any) -> bool:
    """Return whether a value that is present passes a test."""
    test: Callable[[Any, Any], bool] = _PRESENT[op]
    return test(value, operand)

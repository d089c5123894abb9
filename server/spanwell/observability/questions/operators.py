"""What each operator means of a value that is present."""

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


def passes(have: Any, op: Op, asked: Any) -> bool:
    """Return whether a value that is present passes a test."""
    test: Callable[[Any, Any], bool] = _PRESENT[op]
    return test(have, asked)

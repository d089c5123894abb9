"""What a caller asks of a span or a trace, free of GraphQL and of SQL.

A condition is a small tree of frozen values, so it can be compared, hashed and printed. Its meaning in plain Python is
`holds.holds`; a backend that compiles it to another language must agree with that.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class Op(Enum):
    """The operators.

    A comparison with an absent value is false; NE, NOT_IN and NONE are the negations of EQ, IN and ANY.
    """

    EQ = "eq"
    NE = "ne"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    IN = "in"
    NOT_IN = "notIn"
    CONTAINS = "contains"
    STARTS_WITH = "startsWith"
    ENDS_WITH = "endsWith"
    I_CONTAINS = "iContains"
    REGEX = "regex"
    IS_NULL = "isNull"
    ALL = "all"
    ANY = "any"
    NONE = "none"
    IS_EMPTY = "isEmpty"


@dataclass(frozen=True)
class Compare:
    """One column against one value.

    The value is a tuple for IN, NOT_IN, ALL, ANY and NONE, and a bool for IS_NULL and IS_EMPTY.
    """

    column: str
    op: Op
    value: object


@dataclass(frozen=True)
class AllOf:
    """True when every part is; so true when there are none."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class AnyOf:
    """True when some part is; so false when there are none."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Not:
    """True when the part is not."""

    part: Condition


Condition: TypeAlias = Compare | AllOf | AnyOf | Not

ALWAYS = AllOf()

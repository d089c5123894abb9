"""Conditions on spans, traces and assessments, independent of GraphQL and SQL.

A condition is a tree of frozen values, so it can be compared, hashed and printed. `storage.reference.evaluation.holds`
defines its meaning in Python; backends that compile conditions must agree with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal, TypeAlias

from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.columns import Kind
from spanwell.observability.model.span import SPAN_COLUMNS
from spanwell.observability.model.trace import TRACE_COLUMNS


class Op(Enum):
    """The operators. A comparison with an absent value is false, so its negation (`Not`) is true."""

    EQ = "eq"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    IN = "in"
    CONTAINS = "contains"
    STARTS_WITH = "startsWith"
    ENDS_WITH = "endsWith"
    I_CONTAINS = "iContains"
    REGEX = "regex"
    IS_NULL = "isNull"
    ALL = "all"
    ANY = "any"
    IS_EMPTY = "isEmpty"


class Level(Enum):
    """The level of an attribute; the value is the column that contains it."""

    SPAN = "attributes"
    RESOURCE = "resource"
    SCOPE = "scope"
    EVENT = "events"
    LINK = "links"
    METADATA = "metadata"
    INPUT = "input"
    OUTPUT = "output"


MANY = frozenset({Level.EVENT, Level.LINK})
"""Levels whose column is a list of objects; one matching object is enough."""


@dataclass(frozen=True)
class Attribute:
    """The values of a kind in a JSON column: TEXT, NUMBER, FLAG, or JSON for values of any type.

    `pointer` is a JSON Pointer (RFC 6901); in events and links it begins at an object of the list. In a list, a step
    that is not an index descends into each element, and if the final value is a list, each element is a value. If
    `lenient`, numbers and booleans also count as text, and text that is written like one of them counts as that.
    """

    level: Level
    pointer: str
    kind: Kind
    lenient: bool = False


NUMBER_TEXT = r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"
"""A regular expression that matches text which may count as a number."""


@dataclass(frozen=True)
class Compare:
    """A comparison of a column or an attribute with a value.

    The value is a tuple for IN, ALL and ANY, and a bool for IS_NULL and IS_EMPTY. The first `skipped` characters of a
    text column are ignored.
    """

    column: str | Attribute
    op: Op
    value: object
    skipped: int = 0


@dataclass(frozen=True)
class Search:
    """The readable parts of a span contain a text, ignoring case.

    These are its name, its status message, its tags, the JSON of its input, output, error and metadata, and all texts
    and numbers in its attributes and events. JSON's escapes and Unicode's normal forms make no difference.
    """

    text: str


SEARCHED_WHOLE = ("error_info", "input", "output", "metadata")
"""The JSON columns that are searched as text."""
SEARCHED_VALUES = ("attributes", "events")
"""The JSON columns whose values are searched."""


@dataclass(frozen=True)
class AllOf:
    """True if every part is; true without parts."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class AnyOf:
    """True if any part is; false without parts."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Not:
    """True if the part is not."""

    part: Condition


class Relation(Enum):
    """The relation of another span of the same trace to a span."""

    PARENT = "parent"
    ANCESTOR = "ancestor"
    CHILD = "child"
    DESCENDANT = "descendant"
    SIBLING = "sibling"


@dataclass(frozen=True)
class Related:
    """On a span: any span with this relation to it meets a condition."""

    relation: Relation
    where: Condition


@dataclass(frozen=True)
class HasSpan:
    """On a trace: any of its spans meets a condition."""

    where: Condition


@dataclass(frozen=True)
class CountSpans:
    """On a trace: a comparison of the number of its spans that meet a condition."""

    where: Condition
    op: Op
    value: int | tuple[int, ...]


@dataclass(frozen=True)
class HasTrace:
    """Of a session or a thread: some trace of it meets a condition."""

    where: Condition


@dataclass(frozen=True)
class Assessed:
    """On a span, or on a trace with its spans: any of its scores, or of its feedback, meets a condition."""

    kind: AssessmentKind
    where: Condition


@dataclass(frozen=True)
class About:
    """On a score, feedback or span: the span or trace that it refers to is stored and meets a condition.

    The agent of a span is the nearest span that `IS_AGENT`, from itself upwards.
    """

    of: Literal["span", "trace", "agent"]
    where: Condition


@dataclass(frozen=True)
class Rewritten:
    """The record has been changed since it was created, so it may have been in a list that it is no longer in."""


Condition: TypeAlias = (
    Compare | Search | AllOf | AnyOf | Not | Related | HasSpan | CountSpans | HasTrace | Assessed | About | Rewritten
)

ALWAYS = AllOf()
IS_AGENT = AnyOf((Compare("type", Op.EQ, "agent_run"), Compare("entity_type", Op.EQ, "agent")))
"""On a span: it is the run of an agent."""


def columns_of(condition: Condition) -> frozenset[str]:
    """Return the columns of the records themselves that a condition compares."""
    match condition:
        case Compare(str(column)):
            return frozenset({column})
        case AllOf(parts) | AnyOf(parts):
            return frozenset[str]().union(*map(columns_of, parts))
        case Not(part):
            return columns_of(part)
        case _:
            return frozenset()


def is_always(condition: Condition, *, truth: bool = True) -> bool:
    """Return whether a condition is obviously true, or false, for every span or trace."""
    match condition:
        case AllOf(parts):
            return (all if truth else any)(is_always(part, truth=truth) for part in parts)
        case AnyOf(parts):
            return (any if truth else all)(is_always(part, truth=truth) for part in parts)
        case Not(part):
            return is_always(part, truth=not truth)
        case Compare(column, op, value):
            return _obvious(column, op, value) is truth
        case Search(text):
            return truth and not text
        case HasSpan(where) | About("trace", where):
            return is_always(where, truth=truth)
        case Related(_, where) | Assessed(_, where):
            return not truth and is_always(where, truth=False)
        case CountSpans(_, Op.GTE | Op.LT as op, int(value)):
            return truth is (op is Op.GTE) and value <= 0
        case CountSpans(_, Op.GT | Op.LTE as op, int(value)):
            return truth is (op is Op.GT) and value < 0
        case _:
            return False


def _obvious(column: str | Attribute, op: Op, value: object) -> bool | None:
    """Return what a comparison is for every record; None if that depends on the record."""
    if op in {Op.IN, Op.ANY}:
        return False if value == () else None
    if isinstance(column, Attribute) or column not in _REQUIRED:
        return None
    if op is Op.IS_NULL:
        return value is False
    return True if op in _WITHIN_TEXTS and value == "" else None


_WITHIN_TEXTS = frozenset({Op.STARTS_WITH, Op.ENDS_WITH, Op.CONTAINS, Op.I_CONTAINS})

_REQUIRED = frozenset(column.name for column in (*SPAN_COLUMNS, *TRACE_COLUMNS) if not column.nullable) - {
    column.name for column in (*SPAN_COLUMNS, *TRACE_COLUMNS) if column.nullable
}
"""The columns that are never absent."""


def is_search(where: Condition) -> bool:
    """Return whether a condition is expensive: it reads the texts, attributes or related spans of many spans."""
    match where:
        case Compare(column, op):
            return isinstance(column, Attribute) or op in _IN_TEXTS
        case AllOf(parts) | AnyOf(parts):
            return any(map(is_search, parts))
        case Not(part):
            return is_search(part)
        case _:
            return True


_IN_TEXTS = frozenset({Op.CONTAINS, Op.ENDS_WITH, Op.I_CONTAINS, Op.REGEX})

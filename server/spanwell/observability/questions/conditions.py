"""What a caller asks of a span or a trace, free of GraphQL and of SQL.

A condition is a small tree of frozen values, so it can be compared, hashed and printed. Its meaning in plain Python is
`storage.reference.evaluation.holds`; a backend that compiles it to another language must agree with that.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal, TypeAlias

from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.columns import Kind


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
    """Where an attribute is looked for; the value is the column that holds it."""

    SPAN = "attributes"
    RESOURCE = "resource"
    SCOPE = "scope"
    EVENT = "events"
    LINK = "links"
    METADATA = "metadata"
    INPUT = "input"
    OUTPUT = "output"


MANY = frozenset({Level.EVENT, Level.LINK})
"""Levels that hold a list of objects, of which one that meets a test is enough."""


@dataclass(frozen=True)
class Attribute:
    """Values inside a JSON column that are of the kind: TEXT, NUMBER, FLAG, or JSON for any value as a whole.

    `pointer` is a JSON Pointer (RFC 6901); of events and links it begins at one object of the list. Lists are looked
    through: a step that is no index goes into each element, and of a list in the end each element is a value. If
    `lenient`, numbers, true and false are texts too, and texts that are written like one of them are that.
    """

    level: Level
    pointer: str
    kind: Kind
    lenient: bool = False


NUMBER_TEXT = r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"
"""How a text is written that may be taken for a number, as a regular expression."""


@dataclass(frozen=True)
class Compare:
    """One column, or one attribute, against one value.

    The value is a tuple for IN, ALL and ANY, and a bool for IS_NULL and IS_EMPTY. Of the text in a column, the first
    `skipped` characters are left out.
    """

    column: str | Attribute
    op: Op
    value: object
    skipped: int = 0


@dataclass(frozen=True)
class Search:
    """Text, in any case, in what people read of a span.

    That is its name, its status message, a tag, the JSON of its input, output, error or metadata, and at any depth a
    value, text or number, of its attributes or events. It does not matter how JSON escapes a text.
    """

    text: str


SEARCHED_WHOLE = ("error_info", "input", "output", "metadata")
"""The JSON columns that a search goes through as they are written."""
SEARCHED_VALUES = ("attributes", "events")
"""The JSON columns of which a search goes through the values."""


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


class Relation(Enum):
    """How another span of the same trace stands to a span."""

    PARENT = "parent"
    ANCESTOR = "ancestor"
    CHILD = "child"
    DESCENDANT = "descendant"
    SIBLING = "sibling"


@dataclass(frozen=True)
class Related:
    """Of a span: some span that stands in a relation to it meets a condition."""

    relation: Relation
    where: Condition


@dataclass(frozen=True)
class HasSpan:
    """Of a trace: some span of it meets a condition."""

    where: Condition


@dataclass(frozen=True)
class CountSpans:
    """Of a trace: how many of its spans meet a condition, against a number."""

    where: Condition
    op: Op
    value: int | tuple[int, ...]


@dataclass(frozen=True)
class Assessed:
    """Of a span, or of a trace and all its spans: some score, or some feedback, meets a condition."""

    kind: AssessmentKind
    where: Condition


@dataclass(frozen=True)
class About:
    """Of a score, or of feedback: the span, or the trace, that it is about is there and meets a condition."""

    of: Literal["span", "trace"]
    where: Condition


@dataclass(frozen=True)
class Rewritten:
    """The record was written again after it first came; so it may have been in a list in which it no longer is."""


Condition: TypeAlias = (
    Compare | Search | AllOf | AnyOf | Not | Related | HasSpan | CountSpans | Assessed | About | Rewritten
)

ALWAYS = AllOf()


def columns_of(condition: Condition) -> frozenset[str]:
    """Return the columns that a condition compares, of the records themselves."""
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
    """Return whether a condition is plainly true of every record, or false of every one, whatever they hold."""
    match condition:
        case AllOf(parts):
            return (all if truth else any)(is_always(part, truth=truth) for part in parts)
        case AnyOf(parts):
            return (any if truth else all)(is_always(part, truth=truth) for part in parts)
        case Not(part):
            return is_always(part, truth=not truth)
        case HasSpan(where):
            return is_always(where, truth=truth)
        case _:
            return False


def is_search(where: Condition) -> bool:
    """Return whether a condition looks into the texts, the attributes or the relatives of many spans."""
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

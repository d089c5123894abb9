"""The filters of spans and traces, and the conditions they mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import strawberry

from spanwell.graphql.basics.derive import UNSET, asked_by
from spanwell.graphql.basics.enums import Level
from spanwell.observability.model.columns import ColumnDef, Kind, camel
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.span import SPAN_COLUMNS
from spanwell.observability.model.trace import TRACE_COLUMNS
from spanwell.observability.questions.conditions import (
    ALWAYS,
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
from spanwell.observability.questions.pointers import attribute_pointer

from .operators import TESTS, BooleanFilter, IntFilter, JsonFilter, NumberFilter, Operators, StringFilter, filter_type

_DEEPEST = 20
_NEVER = AnyOf()


def _part(description: str, name: str | None = None) -> Any:
    return strawberry.field(description=description, default=UNSET, name=name)


def _given(value: Any) -> bool:
    return value is not None and value is not UNSET


def _within(label: str, convert: Callable[[], Condition]) -> Condition:
    """Return what a part of a filter means; what is wrong in it is named from outside in."""
    try:
        return convert()
    except InvalidInput as error:
        raise error.within(label) from None


@strawberry.input
class AttributeFilter:
    """Asks about one attribute.

    Types are strict, unless `coerce` is set: the number 5 is not the text `5`. Of a list, one element that meets the
    test is enough. Without a test, the attribute has to be there.
    """

    key: str = strawberry.field(
        description="A flat key, dots and all, such as `gen_ai.request.model`; or a JSON Pointer, as `/usage/total`, "
        "which goes into the elements of lists, as `/messages/role`. Of an event or a link, a flat key is one of its "
        "attributes, and a pointer begins at the event or link, as `/name`."
    )
    level: Level = strawberry.field(description="Where to look.", default=Level.SPAN)
    string: StringFilter | None = _part("It is text, and meets this.")
    number: NumberFilter | None = _part("It is a number, and meets this.")
    boolean: BooleanFilter | None = _part("It is true or false, and meets this.")
    json: JsonFilter | None = _part("It is any JSON value, and meets this.")
    exists: bool | None = _part("Whether it is there at all; null is there.")
    coerce: bool = strawberry.field(
        description="Whether `string`, `number` and `boolean` also meet values of other types: a number and its text, "
        "true and its text.",
        default=False,
    )

    def to_condition(self) -> Condition:
        """Return what the filter means. Raises `InvalidInput`."""
        try:
            pointer = attribute_pointer(self.level, self.key)
        except InvalidInput as error:
            raise error.within("key") from None
        parts: list[Condition] = []
        for kind, name in TESTS.items():
            operators: Any = getattr(self, name)
            if _given(operators):
                parts.append(_within(name, partial(_operators, operators, self._attribute(pointer, kind))))
        if _given(self.exists) or not parts:
            missing = self.exists is False
            parts.append(Compare(Attribute(self.level, pointer, Kind.JSON), Op.IS_NULL, missing))
        return AllOf(tuple(parts))

    def _attribute(self, pointer: str, kind: Kind) -> Attribute:
        return Attribute(self.level, pointer, kind, self.coerce and kind is not Kind.JSON)


def _operators(operators: Operators, column: str | Attribute) -> Condition:
    return AllOf(tuple(operators.conditions(column)))


class Logic:
    """What both filters share: and, or, not, attributes, search, and a test for each column."""

    def to_condition(self, depth: int = 0) -> Condition:
        """Return what the filter means. Raises `InvalidInput` naming the part at fault."""
        if depth > _DEEPEST:
            raise InvalidInput(f"is nested more than {_DEEPEST} levels deep")
        return AllOf(tuple(self._parts(depth + 1)))

    def _parts(self, depth: int) -> Iterator[Condition]:
        for name, value in vars(self).items():
            if _given(value):
                yield from self._part(name, value, depth)

    def _part(self, name: str, value: Any, depth: int) -> Iterator[Condition]:
        match name:
            case "and_":
                yield AllOf(_each("and", value, depth))
            case "or_":
                yield AnyOf(_each("or", value, depth))
            case "not_":
                yield Not(_within("not", partial(value.to_condition, depth)))
            case "attributes":
                for index, attribute in enumerate(value):
                    yield _within(f"attributes[{index}]", attribute.to_condition)
            case "search":
                yield Search(value)
            case _ if isinstance(value, Operators):
                yield _within(camel(name), partial(_operators, value, name))
            case _:
                yield _within(camel(name), partial(value.to_condition, name, depth))


def _each(label: str, filters: Sequence[Logic], depth: int) -> tuple[Condition, ...]:
    return tuple(_within(f"{label}[{i}]", partial(each.to_condition, depth)) for i, each in enumerate(filters))


@strawberry.input
class RelatedFilter:
    """Asks about the spans that stand in some relation to a span."""

    some: SpanFilter | None = _part("At least one of them meets this.")
    none: SpanFilter | None = _part("None of them meets this; so also true where there are none.")

    def to_condition(self, relation: str, depth: int) -> Condition:
        """Return what the filter means. Raises `InvalidInput`."""
        parts: list[Condition] = []
        if _given(some := self.some):
            parts.append(Related(Relation(relation), _within("some", partial(_condition, some, depth))))
        if _given(none := self.none):
            parts.append(Not(Related(Relation(relation), _within("none", partial(_condition, none, depth)))))
        return AllOf(tuple(parts))


def _condition(asked: Logic | None, depth: int) -> Condition:
    return asked.to_condition(depth) if asked else ALWAYS


SPAN_ASKED = tuple(column for column in SPAN_COLUMNS if column.name != "attributes")


@strawberry.input
@asked_by(SPAN_ASKED, filter_type)
class SpanFilter(Logic):
    """Asks about a span; everything given must hold, and `{}` is true of every span.

    What is absent meets no comparison, and so meets the negation of each.
    """

    and_: list[SpanFilter] | None = _part("All of these hold.", "and")
    or_: list[SpanFilter] | None = _part("At least one of these holds; an empty list is never true.", "or")
    not_: SpanFilter | None = _part("This does not hold.", "not")
    attributes: list[AttributeFilter] | None = _part("All of these hold of the span's attributes.")
    search: str | None = _part(
        "This text, in upper or lower case, is somewhere where people read: in the name, the status message, a tag, "
        "the input, the output, the error or the metadata, or at any depth in a value, text or number, of the "
        "attributes or events. It does not matter how JSON escapes it."
    )
    parent: RelatedFilter | None = _part("About the span's parent.")
    ancestor: RelatedFilter | None = _part("About the spans above the span: its parent, its parent's parent, ...")
    child: RelatedFilter | None = _part("About the span's children.")
    descendant: RelatedFilter | None = _part("About the spans below the span: its children, their children, ...")
    sibling: RelatedFilter | None = _part("About the other spans that name the same parent.")


@strawberry.input
class SpanCountFilter:
    """Asks how many spans of a trace meet a filter."""

    where: SpanFilter | None = _part("Which spans are counted; all if left out.")
    is_: IntFilter = strawberry.field(name="is", description="How many they are, such as `{gte: 2}`.")

    def to_condition(self, depth: int) -> Condition:
        """Return what the filter means. Raises `InvalidInput`."""
        where = _within("where", partial(_condition, self.where if _given(self.where) else None, depth))
        return AllOf(tuple(self.is_.apply(partial(_count, where))))


def _count(where: Condition, op: Op, value: Any) -> Condition:
    if op is Op.IS_NULL:
        return _NEVER if value else ALWAYS
    return CountSpans(where, op, value)


@strawberry.input
class TraceSpansFilter:
    """Asks about the spans of a trace."""

    some: SpanFilter | None = _part("At least one span meets this.")
    none: SpanFilter | None = _part("No span meets this.")
    every: SpanFilter | None = _part("Every span meets this.")
    count: SpanCountFilter | None = _part("So many spans meet a filter.")

    def to_condition(self, _name: str, depth: int) -> Condition:
        """Return what the filter means. Raises `InvalidInput`."""
        parts: list[Condition] = []
        if _given(self.some):
            parts.append(HasSpan(_within("some", partial(_condition, self.some, depth))))
        if _given(self.none):
            parts.append(Not(HasSpan(_within("none", partial(_condition, self.none, depth)))))
        if _given(self.every):
            parts.append(Not(HasSpan(Not(_within("every", partial(_condition, self.every, depth))))))
        if self.count is not None and _given(self.count):
            parts.append(_within("count", partial(self.count.to_condition, depth)))
        return AllOf(tuple(parts))


_TRACE_NAMES = {column.name for column in TRACE_COLUMNS}
_TRACE_ASKED: tuple[ColumnDef, ...] = (*TRACE_COLUMNS, *(c for c in SPAN_ASKED if c.name not in _TRACE_NAMES))


@strawberry.input
@asked_by(_TRACE_ASKED, filter_type)
class TraceFilter(Logic):
    """Asks about a trace; everything given must hold.

    The trace's own fields (`startedAt endedAt durationMs status spanCount errorCount hasError services` ...) speak of
    the whole trace, all others of its root span or, while that has not arrived, of its earliest span.
    """

    and_: list[TraceFilter] | None = _part("All of these hold.", "and")
    or_: list[TraceFilter] | None = _part("At least one of these holds; an empty list is never true.", "or")
    not_: TraceFilter | None = _part("This does not hold.", "not")
    attributes: list[AttributeFilter] | None = _part("All of these hold of the root span's attributes.")
    search: str | None = _part("As of spans, of the root span. To search all spans: `spans: {some: {search: ...}}`.")
    spans: TraceSpansFilter | None = _part("About the spans of the trace.")


def to_condition(asked: Logic | None, name: str = "filter") -> Condition:
    """Return what an argument that is a filter means; none is true of everything. Raises `InvalidInput`."""
    if not _given(asked) or asked is None:
        return ALWAYS
    return _within(name, asked.to_condition)

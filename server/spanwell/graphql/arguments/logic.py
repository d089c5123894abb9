"""What all filters have in common, and the conditions they mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from functools import partial
from typing import Any, TypeAlias

import strawberry

from spanwell.graphql.basics.derive import UNSET
from spanwell.graphql.basics.enums import Level
from spanwell.observability.model.binding import Binding
from spanwell.observability.model.columns import Kind, camel
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.questions.conditions import (
    ALWAYS,
    About,
    AllOf,
    AnyOf,
    Attribute,
    Compare,
    Condition,
    Not,
    Op,
    Search,
)
from spanwell.observability.questions.pointers import attribute_pointer

from .operators import TESTS, BooleanFilter, JsonFilter, NumberFilter, Operators, StringFilter

_DEEPEST = 20

ALL = "All of these must hold."
ANY = "At least one of these must hold; an empty list never matches."
NOT = "Must not hold."
SOME = "At least one of them matches this."
NONE = "None of them matches this; true if there are none."
EVERY = "All of them match this; true if there are none."


def part(description: str, name: str | None = None) -> Any:
    """Return an optional field of a filter."""
    return strawberry.field(description=description, default=UNSET, name=name)


def present(value: Any) -> bool:
    """Return whether a part of a filter is present."""
    return value is not None and value is not UNSET


def within(label: str, convert: Callable[[], Condition]) -> Condition:
    """Return the condition of a part of a filter; errors inside it name their path from `label` on."""
    try:
        return convert()
    except InvalidInput as error:
        raise error.within(label) from None


@strawberry.input
class AttributeFilter:
    """Filters by one attribute.

    Types are strict unless `coerce` is set: the number 5 does not equal the text `5`. A list matches if any element
    does. Without a condition, the attribute must be present.
    """

    key: str = strawberry.field(
        description="A flat key, dots included, such as `gen_ai.request.model`; or a JSON Pointer such as "
        "`/usage/total`, which also descends into the elements of lists: `/messages/role`. For events and links, a "
        "flat key names one of their attributes, and a pointer starts at the event or link itself: `/name`."
    )
    level: Level = strawberry.field(description="Where to look for the key.", default=Level.SPAN)
    string: StringFilter | None = part("The value is a string that matches this.")
    number: NumberFilter | None = part("The value is a number that matches this.")
    boolean: BooleanFilter | None = part("The value is a boolean that matches this.")
    json: JsonFilter | None = part("The value is any JSON value that matches this.")
    exists: bool | None = part("Whether the attribute is present; a JSON null is present.")
    coerce: bool = strawberry.field(
        description="Whether `string`, `number` and `boolean` also match values of other types, such as the text `5` "
        "for the number 5.",
        default=False,
    )

    def to_condition(self) -> Condition:
        """Return the condition of the filter. Raises `InvalidInput`."""
        try:
            pointer = attribute_pointer(self.level, self.key)
        except InvalidInput as error:
            raise error.within("key") from None
        parts: list[Condition] = []
        for kind, name in TESTS.items():
            operators: Any = getattr(self, name)
            if present(operators):
                parts.append(within(name, partial(_operators, operators, self._attribute(pointer, kind))))
        if present(self.exists) or not parts:
            missing = self.exists is False
            parts.append(Compare(Attribute(self.level, pointer, Kind.JSON), Op.IS_NULL, missing))
        return AllOf(tuple(parts))

    def _attribute(self, pointer: str, kind: Kind) -> Attribute:
        return Attribute(self.level, pointer, kind, self.coerce and kind is not Kind.JSON)


def _operators(operators: Operators, column: str | Attribute) -> Condition:
    return AllOf(tuple(operators.conditions(column)))


class Logic:
    """What all filters have in common: and, or, not, attributes, search, other records, and a test for each column."""

    def to_condition(self, depth: int = 0) -> Condition:
        """Return the condition of the filter. Raises `InvalidInput`, which names the invalid part."""
        if depth > _DEEPEST:
            raise InvalidInput(f"is nested more than {_DEEPEST} levels deep")
        return AllOf(tuple(self._parts(depth + 1)))

    def _parts(self, depth: int) -> Iterator[Condition]:
        for name, value in vars(self).items():
            if present(value):
                yield from self._part(name, value, depth)

    def _part(self, name: str, value: Any, depth: int) -> Iterator[Condition]:
        match name:
            case "and_":
                yield AllOf(_each("and", value, depth))
            case "or_":
                yield AnyOf(_each("or", value, depth))
            case "not_":
                yield Not(within("not", partial(value.to_condition, depth)))
            case "attributes":
                for index, attribute in enumerate(value):
                    yield within(f"attributes[{index}]", attribute.to_condition)
            case "search":
                yield Search(value)
            case "span" | "trace" | "agent":
                yield About(name, within(name, partial(value.to_condition, depth)))
            case _ if isinstance(value, Operators):
                yield within(camel(name), partial(_operators, value, name))
            case _:
                yield within(camel(name), partial(value.to_condition, name, depth))


def _each(label: str, filters: Sequence[Logic], depth: int) -> tuple[Condition, ...]:
    return tuple(within(f"{label}[{i}]", partial(each.to_condition, depth)) for i, each in enumerate(filters))


def condition_of(filter_: Logic | None, depth: int) -> Condition:
    """Return the condition of a filter; no filter matches everything. Raises `InvalidInput`."""
    return filter_.to_condition(depth) if filter_ else ALWAYS


def quantified(
    exists: Callable[[Condition], Condition],
    depth: int,
    some: Logic | None,
    none: Logic | None,
    every: Logic | None = None,
) -> Iterator[Condition]:
    """Yield the conditions of `some`, `none` and `every`; `exists` makes the condition that any record matches."""
    if present(some):
        yield exists(within("some", partial(condition_of, some, depth)))
    if present(none):
        yield Not(exists(within("none", partial(condition_of, none, depth))))
    if present(every):
        yield Not(exists(Not(within("every", partial(condition_of, every, depth)))))


def to_condition(filter_: Logic | None, name: str = "filter") -> Condition:
    """Return the condition of a filter argument; no filter matches everything. Raises `InvalidInput`."""
    if not present(filter_) or filter_ is None:
        return ALWAYS
    condition = within(name, filter_.to_condition)
    note_used(name, filter_)
    return condition


def note_used(name: str, filter_: object) -> None:
    """Note a filter, or a typed test of its own, for the warnings about it."""
    if (used := _USED.get()) is not None:
        used.append((name, filter_))


UsedFilters: TypeAlias = Sequence[tuple[str, object]]
"""Filters, each with the name of its argument."""

_USED: ContextVar[list[tuple[str, object]] | None] = ContextVar("used_filters", default=None)


def used_filters() -> Binding[list[tuple[str, object]]]:
    """Collect the filters that are used inside, in this task and those that it starts."""
    return Binding(_USED, [])

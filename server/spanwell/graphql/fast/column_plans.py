"""Plans for the selected fields that can be read directly from records: attributes, and functions of the record.

The executor itself collects the fields of a selection, so aliases, fragments, directives and variables mean what they
always mean. Plans only say of each collected field how to read it from a record and how to complete the values.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice, repeat
from types import NoneType
from typing import Any, TypeAlias, TypeVar, cast

from graphql import (
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    TypeNameMetaFieldDef,
    get_named_type,
    is_leaf_type,
)

from spanwell.graphql.library import plain_reader

from .leaf_columns import Completer, Odd, leaf_completer

T = TypeVar("T")

Reader: TypeAlias = Callable[[Any], Any]
SubPlan: TypeAlias = Callable[[GraphQLObjectType], "Plan | None"]
"""Gives the plan of what is selected below a field that gives objects."""


@dataclass(frozen=True)
class PlainField:
    """A field that is read off a record: its key in the answer, and how its values are read and completed."""

    key: str
    read: Reader
    complete: Completer


@dataclass(frozen=True)
class Plan:
    """Everything that is selected of objects of a type, all of it plain."""

    type: GraphQLObjectType
    fields: tuple[PlainField, ...]

    def complete(self, records: Sequence[Any]) -> list[dict[str, Any]]:
        """Return the objects for records, column by column. Raises `Odd`, or any error of a reader."""
        self._check(records)
        columns = [field.complete(list(map(field.read, records))) for field in self.fields]
        rows = zip(*columns, strict=True) if columns else repeat((), len(records))  # `@skip` may leave nothing
        return _maker(tuple(field.key for field in self.fields))(rows)

    def _check(self, records: Sequence[Any]) -> None:
        for one in {type(record): record for record in records}.values():  # whether it is asks for its class alone
            if is_awaitable(one) or not is_of(self.type, one):
                raise Odd


@lru_cache(maxsize=256)
def _maker(keys: tuple[str, ...]) -> Callable[[Iterable[Sequence[Any]]], list[dict[str, Any]]]:
    """Return a function that turns rows of values into objects with these keys.

    Its code is generated, as for records: `dict(zip(keys, values))` for each row takes three to six times as long.
    """
    row = "".join(f"v{place}, " for place in range(len(keys))) or "()"
    pairs = ", ".join(f"{key!r}: v{place}" for place, key in enumerate(keys))
    scope: dict[str, Any] = {}
    exec(f"def make(rows):\n    return [{{{pairs}}} for {row} in rows]", scope)  # noqa: S102 - keys are quoted
    return cast("Callable[[Iterable[Sequence[Any]]], list[dict[str, Any]]]", scope["make"])


def is_awaitable(value: object) -> bool:
    """Return whether the executor would wait for a value, or raise it: neither is a record."""
    return hasattr(value, "__await__") or isinstance(value, BaseException)


def is_of(kind: GraphQLObjectType, value: object) -> bool:
    """Return whether a value is plainly of a type."""
    return kind.is_type_of is None or kind.is_type_of(value, cast("Any", None)) is True


def _once(make: Callable[[GraphQLField], T]) -> Callable[[GraphQLField], T]:
    """Keep what a function gives for a field, which is not hashable. Fields live as long as their schema."""
    kept: dict[int, tuple[GraphQLField, T]] = {}

    def of(field: GraphQLField) -> T:
        found = kept.get(id(field))
        if found is None:
            found = kept[id(field)] = (field, make(field))  # the field is kept, so the id is not given again
        return found[1]

    return of


def plain_field(key: str, kind: GraphQLObjectType, field: GraphQLField | None, below: SubPlan) -> PlainField | None:
    """Return how a field is read from a record; None if it needs its resolver."""
    if field is TypeNameMetaFieldDef:
        return PlainField(key, lambda _: kind.name, lambda values: values)
    read = None if field is None else _reader(field)
    if field is None or read is None:
        return None
    complete = _leaves(field) if is_leaf_type(get_named_type(field.type)) else _completer(field.type, below)
    return PlainField(key, read, complete) if complete is not None else None


@_once
def _leaves(field: GraphQLField) -> Completer | None:
    """Return what completes a field of scalars or enums, which is the same whatever is asked."""
    return _completer(field.type, lambda _: None)


_reader = _once(plain_reader)


def _completer(kind: Any, below: SubPlan) -> Completer | None:
    required = isinstance(kind, GraphQLNonNull)
    named: Any = kind.of_type if required else kind
    complete: Completer | None = None
    if isinstance(named, GraphQLList):
        items = _completer(named.of_type, below)
        complete = _lists(items) if items is not None else None
    elif is_leaf_type(named):
        complete = leaf_completer(named)
    elif isinstance(named, GraphQLObjectType) and (plan := below(named)) is not None:
        complete = plan.complete
    return _where_given(complete, required=required) if complete is not None else None


def _where_given(complete: Completer, *, required: bool) -> Completer:
    """Return what completes a column in which values may be missing."""

    def completed(values: Sequence[Any]) -> Sequence[Any]:
        if NoneType not in map(type, values):  # `None in values` would call each value's `__eq__`
            return complete(values)
        if required:
            raise Odd
        given = iter(complete([value for value in values if value is not None]))
        return [None if value is None else next(given) for value in values]

    return completed


def _lists(complete: Completer) -> Completer:
    """Return what completes a column of lists: all their items as one column."""

    def completed(values: Sequence[Iterable[Any]]) -> Sequence[Any]:
        if set(map(type, values)) - {list, tuple}:
            raise Odd
        given = list(chain.from_iterable(values))
        items = complete(given)
        if items is given:
            return list(map(list, values))
        rest = iter(items)
        return [list(islice(rest, len(cast("list[Any]", value)))) for value in values]

    return completed

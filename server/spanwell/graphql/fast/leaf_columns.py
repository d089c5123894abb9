"""Completes whole columns of scalars and enum values, as the executor does value by value.

A column that holds anything but what is ordinary for its type raises `Odd`, and the executor decides what is wrong
with it, value by value.
"""

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any, TypeAlias

import orjson
from graphql import GRAPHQL_MAX_INT, GRAPHQL_MIN_INT, GraphQLEnumType, GraphQLLeafType, Undefined

from spanwell.graphql.basics.scalars import DATE_TIME, JSON
from spanwell.observability.model.times import format_moments
from spanwell.observability.room import take_room

Completer: TypeAlias = Callable[[Sequence[Any]], Sequence[Any]]
"""Completes the values of a column, of which none is null. Raises `Odd`."""


class Odd(Exception):
    """A value is unusual for its type."""


def leaf_completer(kind: GraphQLLeafType) -> Completer | None:
    """Return the completer for columns of a type; None if only the executor can complete it."""
    if isinstance(kind, GraphQLEnumType):
        return _enum_completer(kind)
    return _COMPLETERS.get(kind.name)


def _only(values: Sequence[Any], kind: type) -> Sequence[Any]:
    """Return the values if all are of one type, subclasses aside: `True` is no Int."""
    if set(map(type, values)) - {kind}:
        raise Odd
    return values


def _texts(values: Sequence[Any]) -> Sequence[Any]:
    take_room(sum(map(len, _only(values, str))))
    return values


def _flags(values: Sequence[Any]) -> Sequence[Any]:
    return _only(values, bool)


def _ints(values: Sequence[Any]) -> Sequence[Any]:
    if values and not GRAPHQL_MIN_INT <= min(_only(values, int)) <= max(values) <= GRAPHQL_MAX_INT:
        raise Odd
    return values


def _floats(values: Sequence[Any]) -> Sequence[Any]:
    if not isfinite(sum(_only(values, float))):  # also where only the sum is infinite: that costs time and no more
        raise Odd
    return values


def _moments(values: Sequence[Any]) -> Sequence[Any]:
    return format_moments(_only(values, int))


def _documents(values: Sequence[Any]) -> Sequence[Any]:
    return list(map(orjson.Fragment, _texts(values)))


_COMPLETERS: Mapping[str, Completer] = {
    "String": _texts,
    "ID": _texts,
    "Boolean": _flags,
    "Int": _ints,
    "Float": _floats,
    DATE_TIME.name: _moments,
    JSON.name: _documents,
}


def _enum_completer(kind: GraphQLEnumType) -> Completer:
    known: dict[type, dict[Any, str]] = {}

    def names(values: Sequence[Any]) -> Sequence[Any]:
        kinds = set(map(type, values))
        if len(kinds) > 1:  # values of different types may be equal
            raise Odd
        named = known.setdefault(kinds.pop(), {}) if kinds else {}
        for value in set(values).difference(named):
            name: Any = kind.coerce_output_value(value)
            if name is None or name is Undefined:
                raise Odd
            named[value] = name
        return [named[value] for value in values]

    return names

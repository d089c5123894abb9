"""The time range of a condition, from its bounds on start times, and the same condition for another range."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard

from .conditions import AllOf, Compare, Condition, Op

_STARTED_AT = "started_at"
_MOMENTS = frozenset({_STARTED_AT, "timestamp"})
"""The columns with start times; scores and feedback have both names."""
_BOUNDS = frozenset({Op.GT, Op.GTE, Op.LT, Op.LTE, Op.EQ})


@dataclass(frozen=True)
class Stretch:
    """A time range without its end; None where it is open."""

    since: int | None = None
    until: int | None = None


def stretch_of(condition: Condition) -> Stretch:
    """Return the time range of a condition: nothing outside of it can match."""
    since: list[int] = []
    until: list[int] = []
    for part in _parts(condition):
        if _is_bound(part):
            moment = int(str(part.value))
            if part.op in {Op.GT, Op.GTE, Op.EQ}:
                since.append(moment + (part.op is Op.GT))
            if part.op in {Op.LT, Op.LTE, Op.EQ}:
                until.append(moment + (part.op is not Op.LT))
    return Stretch(max(since, default=None), min(until, default=None))


def within(condition: Condition, since: int, until: int) -> Condition:
    """Return a condition with its bounds on start times replaced."""
    rest = tuple(part for part in _parts(condition) if not _is_bound(part))
    return AllOf((*rest, Compare(_STARTED_AT, Op.GTE, since), Compare(_STARTED_AT, Op.LT, until)))


def _is_bound(part: Condition) -> TypeGuard[Compare]:
    return isinstance(part, Compare) and part.column in _MOMENTS and part.op in _BOUNDS


def _parts(condition: Condition) -> Iterator[Condition]:
    """Yield the parts of a conjunction."""
    if isinstance(condition, AllOf):
        for part in condition.parts:
            yield from _parts(part)
    else:
        yield condition

"""Decides which queries need the places of spans: those on the tree, and those on usage, which counts once."""

from spanwell.observability.derivation.places import PLACES
from spanwell.observability.questions.conditions import (
    About,
    AllOf,
    AnyOf,
    Assessed,
    Condition,
    CountSpans,
    HasSpan,
    HasTrace,
    Not,
    Related,
)
from spanwell.observability.questions.queries import Columns

_PLACES = frozenset(PLACES)


def needs_places(where: Condition, columns: Columns = frozenset()) -> bool:
    """Return whether a query needs the places of spans, for its condition or for its columns."""
    return not _PLACES.isdisjoint(columns) or _asks_structure(where)


def _asks_structure(where: Condition) -> bool:
    match where:
        case Related() | About("agent", _):
            return True
        case AllOf(parts) | AnyOf(parts):
            return any(map(_asks_structure, parts))
        case Not(part) | HasSpan(part) | HasTrace(part):
            return _asks_structure(part)
        case CountSpans(part, _, _) | Assessed(_, part) | About(_, part):
            return _asks_structure(part)
        case _:
            return False

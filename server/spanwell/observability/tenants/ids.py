"""The stored form of a tenant's trace ids: prefixed with its name and a separator, which is escaped in names."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from spanwell.observability.access import Access
from spanwell.observability.questions.conditions import (
    About,
    AllOf,
    AnyOf,
    Assessed,
    Compare,
    Condition,
    CountSpans,
    HasSpan,
    HasTrace,
    Not,
    Op,
    Related,
)
from spanwell.observability.questions.discovery import ValuesQuery
from spanwell.observability.questions.ordering import Order, Position
from spanwell.observability.questions.statistics import Keys, Stats, StatsQuery

TRACE_ID = "trace_id"
OWN_IDS = frozenset({TRACE_ID, "scorer_trace_id", "score_id", "feedback_id"})
"""The columns whose ids are stored behind the tenant's name."""

_END = "\x1f"
WHOSE = rf"^[^{_END}]*{_END}[^{_END}]*{_END}"
"""Matches the tenant's name in a stored id; empty if it has no tenant."""
_WITHIN = frozenset({Op.CONTAINS, Op.ENDS_WITH, Op.I_CONTAINS, Op.REGEX, Op.IS_EMPTY})
"""Operators that match parts of an id, and must not match the tenant's name."""


class TenantIds:
    """Translates trace ids in conditions, positions and queries to stored ones, and back; these begin with `prefix`."""

    def __init__(self, access: Access) -> None:
        parts = (access.organization, access.project)
        self.prefix = "".join(f"{_written(part)}{_END}" for part in parts)

    def stored(self, trace_id: str) -> str:
        """Return the id under which a trace is stored."""
        return self.prefix + trace_id

    def are_of(self, trace_id: str) -> bool:
        """Return whether a stored id is one of this tenant's."""
        return trace_id.startswith(self.prefix)

    def seen(self, trace_id: str) -> str:
        """Return a stored id as the tenant knows it."""
        return trace_id.removeprefix(self.prefix)

    def only(self, where: Condition, column: str = TRACE_ID) -> Condition:
        """Return a condition restricted to the tenant's records, by a column of ids."""
        return AllOf((Compare(column, Op.STARTS_WITH, self.prefix), self.turned(where)))

    def turned(self, where: Condition) -> Condition:
        """Return a condition on the tenant's ids as one on stored ids."""
        match where:
            case Compare(str(column), op, value) if column in OWN_IDS:
                return self._compared(column, op, value)
            case AllOf(parts) | AnyOf(parts):
                return type(where)(tuple(map(self.turned, parts)))
            case Not(part):
                return Not(self.turned(part))
            case Related() | HasSpan() | CountSpans() | HasTrace() | Assessed() | About():
                return replace(where, where=self.turned(where.where))
            case _:
                return where

    def _compared(self, column: str, op: Op, value: Any) -> Compare:
        if op in _WITHIN:
            return Compare(column, op, value, skipped=len(self.prefix))
        if isinstance(value, tuple):
            return Compare(column, op, tuple(map(self.stored, value)))
        return Compare(column, op, self.stored(value) if isinstance(value, str) else value)

    def place(self, place: Position | None, order: Order) -> Position | None:
        """Return a position among the tenant's records as one in the store."""
        if place is None:
            return None
        turns = [self.stored if key.column in OWN_IDS else _same for key in order]
        return tuple(None if value is None else turn(value) for turn, value in zip(turns, place, strict=True))

    def values_query(self, query: ValuesQuery) -> ValuesQuery:
        """Return a query on the values of the tenant's ids as one on stored ids."""
        after = query.after and replace(query.after, value=self.stored(query.after.value))
        return replace(query, prefix=self.stored(query.prefix), after=after, skipped=len(self.prefix))

    def stats_query(self, query: StatsQuery, column: str = TRACE_ID) -> StatsQuery:
        """Return a statistics query on the tenant's records as one on the store."""
        only = None if query.only is None else tuple(self._keys(query, query.only, self.stored))
        return replace(query, where=self.only(query.where, column), only=only)

    def seen_stats(self, query: StatsQuery, stats: Stats) -> Stats:
        """Return the store's statistics with the tenant's ids in its groups."""
        return replace(stats, groups=tuple(self._keys(query, stats.groups, self.seen)))

    def _keys(self, query: StatsQuery, groups: Iterable[Keys], turn: Any) -> list[Keys]:
        are_ids = [field.target in OWN_IDS for field in query.group_by]
        return [
            tuple(turn(key) if is_id and key is not None else key for key, is_id in zip(keys, are_ids, strict=True))
            for keys in groups
        ]


def _same(value: Any) -> Any:
    return value


def _written(name: str | None) -> str:
    """Return the escaped name of an organization or project, without the separator."""
    return "" if name is None else name.replace("\\", "\\\\").replace(_END, "\\_") or "\\"

"""Reads the keys of all attributes there are: anew, with their counts, or what is known of them and what came since."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import TypeAlias

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.span import SPAN_COLUMNS
from spanwell.observability.questions.conditions import MANY, AllOf, Compare, Condition, Level, Op
from spanwell.observability.questions.discovery import LARGEST_DOCUMENT, MOST_KEYS, Seen, SeenKey, ranked
from spanwell.storage.duckdb.conditions.scopes import OF_SPANS
from spanwell.storage.duckdb.conditions.sql import Sql, join
from spanwell.storage.duckdb.conditions.where import where
from spanwell.storage.duckdb.reading.readers import Cursor, fetch

from .fields import OF_MANY, key_of

_AT_ONCE = 20_000
"""Spans that are looked through by one statement; what they hold is then known, whatever becomes of the request."""

_SECONDS = 0.5
"""How long one request goes on to learn; the next goes on where it stopped."""

_MOST_CONDITIONS = 100


def read_every(condition: Condition, cursor: Cursor) -> Seen:
    """Return the fields and attribute keys of all spans (`ObservabilityStorage.look_for_fields`)."""
    counted = ", ".join(f'count("{column.name}")' for column in SPAN_COLUMNS)
    (counts,) = fetch(cursor, f"SELECT {counted} FROM spans WHERE " + where(condition, OF_SPANS))
    columns = {column.name: count for column, count in zip(SPAN_COLUMNS, counts, strict=True)}
    return Seen(columns, ranked(_keys(condition, cursor)))


def _keys(condition: Condition, cursor: Cursor) -> list[SeenKey]:
    return [key_of(*row) for row in fetch(cursor, join(" UNION ALL ", _each_level(condition)))]


def _each_level(condition: Condition) -> Iterator[Sql]:
    for level in Level:
        paths: Mapping[str, str | None] = OF_MANY if level in MANY else {"FALSE": None}
        for own, path in paths.items():
            yield _of_level(level, own, path, condition)


def _of_level(level: Level, own: str, path: str | None, condition: Condition) -> Sql:
    """Select the keys at a level. A span may have several events or links, and counts once for each key of them."""
    document, stored = OF_SPANS.column(level.value), OF_SPANS.as_stored(level.value)
    object_ = "document" if path is None else f"unnest(json_extract(document, '{path}'))"
    place, counted = ("0", "sum(n)") if path is None else ("place", "count(DISTINCT place)")
    entries = (
        f"SELECT {place} AS place, e.key AS key, e.type AS type, CASE WHEN e.type = 'ARRAY' THEN {_ELEMENT_TYPES} END"
        f" AS elements FROM (SELECT * FROM (SELECT place, {object_} AS object FROM (SELECT spans.rowid AS place,"
        f" {document} AS document FROM spans WHERE {stored} IS NOT NULL AND ("
        + where(condition, OF_SPANS)
        + f")) WHERE strlen(document) <= {LARGEST_DOCUMENT}) WHERE {_IS_OBJECT}) o,"
        f" json_each(o.object) e WHERE NOT {own} OR e.key <> 'attributes'"
    )
    return (
        f"SELECT '{level.value}' AS level, {own} AS own, key,"
        f" list_distinct(flatten(list(coalesce(elements, [type])))) AS types, {counted}::BIGINT AS seen"
        " FROM (SELECT place, key, type, elements, count(*) AS n FROM (" + entries + ") GROUP BY ALL) GROUP BY key"
    )


_ELEMENT_TYPES = "list_sort(list_distinct(json_type(e.value, '$[*]')))"
"""The types of the elements of a list."""
_IS_OBJECT = "starts_with(ltrim(object, ' ' || chr(9) || chr(10) || chr(13)), '{')"
"""Whether a JSON value is an object, told without reading all of it."""


class KnownKeys:
    """Remembers the keys of the spans that meet a condition, and only ever looks at those that changed since.

    What is not known yet is learnt from the newest spans on; of millions that takes more than one request.
    """

    def __init__(self) -> None:
        self._learnt: dict[Condition, _Learnt] = {}

    def forget(self) -> None:
        """Forget all keys, as all spans were deleted."""
        self._learnt = {}

    def read(self, condition: Condition, cursor: Cursor) -> list[SeenKey]:
        """Return the keys, which count nothing; some may no longer be there."""
        if len(self._learnt) >= _MOST_CONDITIONS and condition not in self._learnt:
            self._learnt.clear()
        learnt = self._learnt.setdefault(condition, _Learnt(condition))
        with learnt.lock:
            return learnt.read(cursor)


_Key: TypeAlias = tuple[Level, bool, str]


@dataclass
class _Learnt:
    """The keys of those spans that were last changed in a stretch of time, from `since` to `until` in nanoseconds."""

    condition: Condition
    since: int = 0
    until: int = 0
    kinds: dict[_Key, frozenset[Kind]] = field(default_factory=dict[_Key, frozenset[Kind]])
    lock: Lock = field(default_factory=Lock)

    def read(self, cursor: Cursor) -> list[SeenKey]:
        """Return the keys, after learning for a while."""
        ((newest,),) = fetch(cursor, "SELECT epoch_ns(max(updated_at)) FROM spans WHERE " + self._where())
        if self.until == 0 and newest is not None:
            self.since, self.until = newest + 1, newest
        ends = monotonic() + _SECONDS
        while monotonic() < ends and (self._learn_later(cursor) or self._learn_earlier(cursor)):
            pass
        return [SeenKey(level, key, kinds, 0, own) for (level, own, key), kinds in self.kinds.items()]

    def _learn_later(self, cursor: Cursor) -> bool:
        bound = self._bound("max", Compare("updated_at", Op.GT, self.until), cursor)
        if bound is not None:
            self._learn((Compare("updated_at", Op.GT, self.until), Compare("updated_at", Op.LTE, bound)), cursor)
            self.until = bound
        return bound is not None

    def _learn_earlier(self, cursor: Cursor) -> bool:
        bound = self._bound("min", Compare("updated_at", Op.LT, self.since), cursor)
        if bound is not None:
            self._learn((Compare("updated_at", Op.GTE, bound), Compare("updated_at", Op.LT, self.since)), cursor)
            self.since = bound
        return bound is not None

    def _bound(self, end: str, beyond: Compare, cursor: Cursor) -> int | None:
        """Return the last moment of the next spans in one direction; None if there are none."""
        direction = "DESC" if end == "min" else "ASC"
        those = f" ORDER BY updated_at {direction} LIMIT {_AT_ONCE})"
        ((found,),) = fetch(
            cursor,
            f"SELECT epoch_ns({end}(updated_at)) FROM (SELECT updated_at FROM spans WHERE "
            + self._where(beyond)
            + those,
        )
        return None if found is None else int(found)

    def _learn(self, stretch: tuple[Compare, Compare], cursor: Cursor) -> None:
        for each in _keys(AllOf((self.condition, *stretch)), cursor):
            key = each.level, each.is_own, each.key
            if key in self.kinds or len(self.kinds) < MOST_KEYS:
                self.kinds[key] = self.kinds.get(key, frozenset()) | each.kinds

    def _where(self, *further: Compare) -> Sql:
        return where(AllOf((self.condition, *further)), OF_SPANS)

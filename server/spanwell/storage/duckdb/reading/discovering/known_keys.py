"""The attribute keys of a store: learnt once from every new or changed span, and kept in a table."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import TypeAlias

from spanwell.observability.questions.conditions import AllOf, Compare, Op
from spanwell.observability.questions.discovery import MOST_KEYS, SeenKey
from spanwell.observability.tenants.ids import WHOSE
from spanwell.storage.duckdb.conditions.sql import Sql
from spanwell.storage.duckdb.reading.readers import Cursor, fetch

from .fields import key_of
from .keys import read_keys

_AT_ONCE = 20_000
"""Spans that one statement learns from."""
_SECONDS = 0.5
"""How long a query spends on learning from spans that arrived since the last time."""
_WORTH_KEEPING = 100_000
"""Spans after which progress is saved although no key was new: a restart re-reads at most this many."""

_Key: TypeAlias = tuple[str, bool, str]
_Row: TypeAlias = tuple[str, str, bool, str, str]
"""A tenant, a level, whether the key is an own member, a key, and a JSON type of its values, by DuckDB's name."""


@dataclass(frozen=True)
class Unkept:
    """What was learnt but is not in the tables yet: rows, and the time up to which all is known, in nanoseconds.

    If nothing was saved before, it is everything known.
    """

    rows: Collection[_Row]
    until: int
    is_all: bool


class KnownKeys:
    """The keys of all spans last changed up to some time, by tenant; some may no longer be in use."""

    def __init__(self, cursor: Cursor) -> None:
        self._learning = Lock()
        self._lock = Lock()
        self.forget()
        self._load(cursor)

    def forget(self) -> None:
        """Start over, because all or many spans were deleted."""
        with self._lock:
            self._types: dict[str, dict[_Key, set[str]]] = {}
            self._unkept: set[_Row] = set()
            self._until = self._spans = 0
            self._is_kept = False

    def _load(self, cursor: Cursor) -> None:
        for until in cursor.execute("SELECT epoch_ns(until) FROM span_keys_known").fetchall():
            self._is_kept, (self._until,) = True, until
        for row in cursor.execute("SELECT * FROM span_keys").fetchall():
            self._add(row)
        self._unkept.clear()

    def read(self, tenant: str, cursor: Cursor) -> list[SeenKey]:
        """Return the keys of a tenant, after learning from new spans for a while; without counts."""
        ends = monotonic() + _SECONDS
        while self.learn(cursor) and monotonic() < ends:
            pass
        with self._lock:
            return [
                key_of(*key, types, 0)
                for whose, keys in self._types.items()
                if whose.startswith(tenant)
                for key, types in keys.items()
            ]

    def learn(self, cursor: Cursor) -> bool:
        """Learn from the next spans that changed; return whether there may be more."""
        with self._learning:
            types, until = self._types, self._until
            count, bound = _next(until, cursor)
            if count:
                rows = list(_rows(until, bound, cursor))
                with self._lock:
                    if types is self._types:  # not forgotten in the meantime
                        self._until, self._spans = bound, self._spans + count
                        for row in rows:
                            self._add(row)
            return count >= _AT_ONCE

    def _add(self, row: _Row) -> None:
        tenant, level, is_own, name, kind = row
        keys, key = self._types.setdefault(tenant, {}), (level, is_own, name)
        if len(keys) < MOST_KEYS or key in keys:
            types = keys.setdefault(key, set())
            if kind not in types:
                types.add(kind)
                self._unkept.add(row)

    def unkept(self) -> Unkept | None:
        """Return what should be saved; None if it is not worth a write."""
        with self._lock:
            if not self._unkept and self._spans < _WORTH_KEEPING:
                return None
            return Unkept(frozenset(self._unkept), self._until, not self._is_kept)

    def kept(self, unkept: Unkept) -> None:
        """Note what was saved."""
        with self._lock:
            self._unkept -= set(unkept.rows)
            self._spans, self._is_kept = 0, True


def _next(until: int, cursor: Cursor) -> tuple[int, int]:
    """Return the size of the next block of spans, and the latest time at which one of them changed."""
    statement = (
        "SELECT count(*), epoch_ns(max(updated_at)) FROM (SELECT updated_at FROM spans"
        f" WHERE updated_at > make_timestamp_ns(?) ORDER BY updated_at LIMIT {_AT_ONCE})"
    )
    ((count, bound),) = fetch(cursor, Sql(statement, (until,)))
    return count, bound


def _rows(after: int, until: int, cursor: Cursor) -> Iterator[_Row]:
    changed = AllOf((Compare("updated_at", Op.GT, after), Compare("updated_at", Op.LTE, until)))
    for tenant, level, own, key, types, _ in read_keys(changed, cursor, _TENANT):
        for each in types or ("NULL",):
            yield tenant, level, own, key, each


_TENANT = f"regexp_extract(spans.trace_id, '{WHOSE}')"


def keep(unkept: Unkept, cursor: Cursor, _now: int) -> None:
    """Write what was learnt into the tables. Tables copied from another file, without progress, stay without it."""
    if unkept.is_all:
        forget_kept(cursor)
        cursor.execute("INSERT INTO span_keys_known VALUES ('1970-01-01')")
    columns = [list(column) for column in zip(*sorted(unkept.rows), strict=True)] or [[]] * 5
    cursor.execute(
        "INSERT INTO span_keys SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::BOOLEAN[]),"
        " unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
        columns,
    )
    cursor.execute("UPDATE span_keys_known SET until = make_timestamp_ns(?)", (unkept.until,))


def forget_kept(cursor: Cursor) -> None:
    """Empty the tables."""
    for table in KEY_TABLES:
        cursor.execute(f"DELETE FROM {table}")


KEY_TABLES = ("span_keys", "span_keys_known")

"""Orders, positions and pages in SQL: what `observability.ordering` means, in DuckDB's words."""

from server.observability.ordering import Order, OrderKey, Position, reverse
from server.observability.queries import Window

from .sql import FALSE, TRUE, Sql, all_of, any_of
from .where import Lookup, placeholder


def order_by(order: Order, lookup: Lookup) -> str:
    """Return the keys of an ORDER BY. Where nulls go is said only of columns that have some."""
    return ", ".join(_key(key, lookup) for key in order)


def _key(key: OrderKey, lookup: Lookup) -> str:
    stored = lookup(key.column)
    direction = " DESC" if key.descending else ""
    nulls = f" NULLS {'FIRST' if key.nulls_first else 'LAST'}" if stored.column.nullable else ""
    return f'"{stored.name}"{direction}{nulls}'


def within(window: Window, order: Order, lookup: Lookup) -> Sql:
    """Return the condition that a record lies strictly between the positions of a window."""
    after = TRUE if window.after is None else _after(order, window.after, lookup)
    before = TRUE if window.before is None else _after(reverse(order), window.before, lookup)
    return all_of((after, before))


def fetch_order(window: Window, order: Order) -> Order:
    """Return the order in which to fetch: from the end of the list if the window is there."""
    return reverse(order) if window.backward else order


def _after(order: Order, place: Position, lookup: Lookup) -> Sql:
    """Return that a record comes after a position: `k1 >= ? AND (k1 > ? OR <the same of the other keys>)`.

    The first part alone bounds the scan, which the usual `k1 > ? OR (k1 = ? AND ..)` would not.
    """
    (key, *others), (value, *rest) = order, place
    beyond = _beyond(key, value, lookup)
    if not others:
        return beyond
    return all_of((_at_or_beyond(key, value, lookup), any_of((beyond, _after(tuple(others), tuple(rest), lookup)))))


def _beyond(key: OrderKey, value: object, lookup: Lookup) -> Sql:
    stored = lookup(key.column)
    if value is None:
        return Sql(f'"{stored.name}" IS NOT NULL') if key.nulls_first else FALSE
    return _or_null_last(key, value, "<" if key.descending else ">", lookup)


def _at_or_beyond(key: OrderKey, value: object, lookup: Lookup) -> Sql:
    stored = lookup(key.column)
    if value is None:
        return TRUE if key.nulls_first else Sql(f'"{stored.name}" IS NULL')
    return _or_null_last(key, value, "<=" if key.descending else ">=", lookup)


def _or_null_last(key: OrderKey, value: object, operator: str, lookup: Lookup) -> Sql:
    stored = lookup(key.column)
    compared = Sql(f'"{stored.name}" {operator} {placeholder(stored.column.kind)}', (value,))
    if stored.column.nullable and not key.nulls_first:
        return any_of((compared, Sql(f'"{stored.name}" IS NULL')))
    return compared

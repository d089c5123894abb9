"""Orders, positions and pages in SQL: the counterpart of `observability.questions.ordering`."""

from dataclasses import replace

from spanwell.observability.model.columns import Kind
from spanwell.observability.questions.conditions import Attribute
from spanwell.observability.questions.ordering import LONGEST_KEY, Order, OrderKey, Position, reverse
from spanwell.observability.questions.queries import Window
from spanwell.storage.duckdb.tables.columns import SPANS, Stored

from .fields import text_in
from .operators import number_in, placeholder
from .scopes import Scope
from .sql import FALSE, TRUE, Sql, all_of, any_of, join


def order_by(order: Order, scope: Scope) -> Sql:
    """Return the keys of an ORDER BY, with NULLS FIRST or LAST only for nullable columns."""
    return join(", ", (_key(key, scope) for key in order))


def _key(key: OrderKey, scope: Scope) -> Sql:
    direction = " DESC" if key.descending else ""
    nulls = f" NULLS {'FIRST' if key.nulls_first else 'LAST'}" if _is_nullable(key, scope) else ""
    return _expression(key, scope) + f"{direction}{nulls}"


def _expression(key: OrderKey, scope: Scope) -> Sql:
    if key.attribute is None:
        return Sql(f'"{scope.columns[key.column].name}"')
    value = Sql(f"json_extract({scope.document(key.attribute)}, ?)", (key.attribute.pointer,))
    return "list_transform([" + value + f"], lambda v: {_read(key.attribute, 'v')})[1]"


def _read(attribute: Attribute, value: str) -> str:
    return number_in(value) if attribute.kind is Kind.NUMBER else text_in(value, LONGEST_KEY)


def _is_nullable(key: OrderKey, scope: Scope) -> bool:
    return key.attribute is not None or scope.columns[key.column].column.nullable


def _placeholder(key: OrderKey, scope: Scope) -> str:
    return "?" if key.attribute is not None else placeholder(scope.columns[key.column].column.kind)


def by_attribute(order: Order) -> bool:
    """Return whether an attribute is a key of an order."""
    return any(key.attribute is not None for key in order)


def keyed(order: Order, scope: Scope, met: Sql) -> tuple[Sql, Order, Scope]:
    """Select the `place` of each record that meets a condition, and its order keys; each attribute is read once.

    Returns also the order of these rows, and their scope.
    """
    values: dict[tuple[str, str], Sql] = {}
    plain, read, columns, keys = list[Sql](), list[str](), dict[str, Stored](), list[OrderKey]()
    for number, key in enumerate(order):
        name, attribute = f"key{number}", key.attribute
        if attribute is None:
            column = scope.columns[key.column].column
            plain.append(_expression(key, scope) + f" AS {name}")
        else:
            column = replace(_ATTRIBUTE, kind=attribute.kind)
            document = scope.document(attribute)
            values.setdefault((document, attribute.pointer), Sql(f"json_extract({document}, ?)", (attribute.pointer,)))
            place = list(values).index((document, attribute.pointer))
            read.append(f"{_read(attribute, f'value{place}')} AS {name}")
        columns[name] = Stored(name, column)
        keys.append(replace(key, column=name, attribute=None))
    listed = [*plain, *(value + f" AS value{place}" for place, value in enumerate(values.values()))]
    found = "SELECT rowid AS place, " + join(", ", listed) + f" FROM {scope.alias} WHERE " + met
    return f"SELECT *, {', '.join(read)} FROM (" + found + ")", tuple(keys), Scope("keyed", columns)


_ATTRIBUTE = replace(SPANS["session_id"].column, name="key")
"""An order key that is read of an attribute: any column that may be null."""


def within(window: Window, order: Order, scope: Scope) -> Sql:
    """Return the SQL condition that a record lies strictly between the positions of a window."""
    after = TRUE if window.after is None else _after(order, window.after, scope)
    before = TRUE if window.before is None else _after(reverse(order), window.before, scope)
    return all_of((after, before))


def fetch_order(window: Window, order: Order) -> Order:
    """Return the order in which to fetch: reversed if the window is at the end of the list."""
    return reverse(order) if window.backward else order


def _after(order: Order, place: Position, scope: Scope) -> Sql:
    """Return the SQL condition that a record comes after a position.

    The form is `k1 >= ? AND (k1 > ? OR <the same for the other keys>)`: its first part bounds the scan, which the usual
    `k1 > ? OR (k1 = ? AND ..)` does not.
    """
    (key, *others), (value, *rest) = order, place
    beyond = _beyond(key, value, scope)
    if not others:
        return beyond
    return all_of((_at_or_beyond(key, value, scope), any_of((beyond, _after(tuple(others), tuple(rest), scope)))))


def _beyond(key: OrderKey, value: object, scope: Scope) -> Sql:
    if value is None:
        return _expression(key, scope) + " IS NOT NULL" if key.nulls_first else FALSE
    return _or_null_last(key, value, "<" if key.descending else ">", scope)


def _at_or_beyond(key: OrderKey, value: object, scope: Scope) -> Sql:
    if value is None:
        return TRUE if key.nulls_first else _expression(key, scope) + " IS NULL"
    return _or_null_last(key, value, "<=" if key.descending else ">=", scope)


def _or_null_last(key: OrderKey, value: object, operator: str, scope: Scope) -> Sql:
    expression = _expression(key, scope)
    compared = expression + Sql(f" {operator} {_placeholder(key, scope)}", (value,))
    if _is_nullable(key, scope) and not key.nulls_first:
        return any_of((compared, expression + " IS NULL"))
    return compared

"""Orders, positions and pages in SQL: the counterpart of `observability.questions.ordering`."""

from spanwell.observability.model.columns import Kind
from spanwell.observability.questions.fields import FieldRef
from spanwell.observability.questions.ordering import LONGEST_KEY, Order, OrderKey, Position, reverse
from spanwell.observability.questions.queries import Window

from .fields import number_of, plain_text_of
from .operators import placeholder
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
    ref = FieldRef(key.attribute, key.attribute.kind)
    return number_of(ref, scope) if key.attribute.kind is Kind.NUMBER else plain_text_of(ref, scope, LONGEST_KEY)


def _is_nullable(key: OrderKey, scope: Scope) -> bool:
    return key.attribute is not None or scope.columns[key.column].column.nullable


def _placeholder(key: OrderKey, scope: Scope) -> str:
    return "?" if key.attribute is not None else placeholder(scope.columns[key.column].column.kind)


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

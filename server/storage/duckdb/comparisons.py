"""One comparison in SQL: a column, or a value inside a JSON column, against a bound value."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from server.observability.columns import Kind
from server.observability.conditions import MANY, Attribute, Compare, Op
from server.observability.holds import NEGATED
from server.observability.text import fold

from .scopes import Scope
from .sql import Sql
from .tables import SQL_TYPES

_MEMBER_TYPE: Mapping[Kind, str] = MappingProxyType({Kind.TIME: "BIGINT", Kind.TEXTS: "VARCHAR"})

_TEMPLATES: Mapping[Op, str] = MappingProxyType(
    {
        Op.EQ: "{column} = {value}",
        Op.GT: "{column} > {value}",
        Op.GTE: "{column} >= {value}",
        Op.LT: "{column} < {value}",
        Op.LTE: "{column} <= {value}",
        Op.IN: "{column} IN (SELECT {members})",
        Op.CONTAINS: "contains({column}, {value})",
        Op.STARTS_WITH: "starts_with({column}, {value})",
        Op.ENDS_WITH: "ends_with({column}, {value})",
        Op.I_CONTAINS: "contains(lower({column}), {value})",
        Op.REGEX: "regexp_matches({column}, {value})",
        Op.ALL: "list_has_all({column}, {value})",
        Op.ANY: "list_has_any({column}, {value})",
    }
)

_VALUES: Mapping[Kind, str] = MappingProxyType(
    {Kind.TIME: "make_timestamp_ns(?)", Kind.TEXTS: "?::VARCHAR[]", Kind.JSON: "?::JSON::VARIANT"}
)
"""Where a bound value stands, if not as a bare `?`."""


def negation(sql: Sql) -> Sql:
    """Return that something is not so; what cannot be said is not so."""
    return "NOT coalesce(" + sql + ", FALSE)"


def placeholder(kind: Kind) -> str:
    """Return where a value of some kind is bound."""
    return _VALUES.get(kind, "?")


def compare(scope: Scope, comparison: Compare) -> Sql:
    """Return a test of a column, or of an attribute."""
    column, op, value = comparison.column, comparison.op, comparison.value
    if isinstance(column, Attribute):
        return _compare_attribute(scope, column, op, value)
    return _compare_column(scope, column, op, value)


def _compare_column(scope: Scope, name: str, op: Op, value: object) -> Sql:
    column, kind = Sql(scope.column(name)), scope.columns[name].column.kind
    if op in NEGATED:
        return negation(_test(column, kind, NEGATED[op], value))
    return _test(column, kind, op, value)


def _compare_attribute(scope: Scope, attribute: Attribute, op: Op, value: object) -> Sql:
    """Return a test of a value inside a JSON column; of events and links, that one of them passes it."""
    if op in NEGATED:
        return negation(_compare_attribute(scope, attribute, NEGATED[op], value))
    column = scope.column(attribute.level.value)
    if attribute.level not in MANY:
        return _test(_typed(column, attribute), attribute.kind, op, value)
    if op is Op.IS_NULL:
        found = _of_some(column, _test(_typed("one", attribute), attribute.kind, op, value=False))
        return negation(found) if value else found
    return _of_some(column, _test(_typed("one", attribute), attribute.kind, op, value))


def compare_count(op: Op, value: int | tuple[int, ...]) -> Sql:
    """Return a test of the number of rows of a group."""
    if op in NEGATED:
        return negation(compare_count(NEGATED[op], value))
    return _test(Sql("count(*)"), Kind.INT, op, value)


def _of_some(column: str, test: Sql) -> Sql:
    """Return that one of the elements of a JSON list, called `one`, passes a test."""
    return f"len(list_filter(json_extract({column}, '$[*]'), lambda one: coalesce(" + test + ", FALSE))) > 0"


def _typed(column: str, attribute: Attribute) -> Sql:
    """Return the value at a pointer, NULL unless it is of the kind."""
    value = Sql(f"json_extract({column}, ?)", (attribute.pointer,))
    match attribute.kind:
        case Kind.TEXT:
            return "CASE json_type(" + value + ") WHEN 'VARCHAR' THEN " + value + " ->> '$' END"
        case Kind.NUMBER:
            numbers = "('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE')"
            return "CASE WHEN json_type(" + value + f") IN {numbers} THEN CAST(" + value + " AS DOUBLE) END"
        case Kind.FLAG:
            return "CASE json_type(" + value + ") WHEN 'BOOLEAN' THEN CAST(" + value + " AS BOOLEAN) END"
        case _:
            return value


def _test(column: Sql, kind: Kind, op: Op, value: Any) -> Sql:
    if op is Op.IS_NULL:
        return column + (" IS NULL" if value else " IS NOT NULL")
    if op is Op.IS_EMPTY:
        return "coalesce(len(" + column + "), 0) " + ("= 0" if value else "> 0")
    if kind is Kind.JSON:
        return _same_json(column, value)
    before, after = _TEMPLATES[op].format(column="\0", value=placeholder(kind), members=_members(kind)).split("\0")
    return Sql(before) + column + Sql(after, (_bound(op, value),))


def _same_json(column: Sql, text: str) -> Sql:
    """Return that a JSON value means the same as another; a VARIANT has its keys in order, but null is lost in it."""
    if text.strip() == "null":
        return "json_type(" + column + ") = 'NULL'"
    return "CAST(" + column + Sql(" AS VARIANT) = ?::JSON::VARIANT", (text,))


def _members(kind: Kind) -> str:
    unnested = f"unnest(?::{_MEMBER_TYPE.get(kind, SQL_TYPES[kind])}[])"
    return f"make_timestamp_ns({unnested})" if kind is Kind.TIME else unnested


def _bound(op: Op, value: Any) -> Any:
    if op is Op.I_CONTAINS:
        return fold(value)
    return list(value) if isinstance(value, tuple) else value

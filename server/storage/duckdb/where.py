"""Compiles a condition to a WHERE clause: what `observability.holds` means, in DuckDB's words.

SQL's third truth value cannot be told from FALSE in a WHERE clause, and AND and OR keep it so; only a negation can, so
each negation is `NOT coalesce(.., FALSE)`.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, assert_never

from server.observability.columns import Kind
from server.observability.conditions import AllOf, AnyOf, Compare, Condition, Not, Op
from server.observability.holds import NEGATED, fold

from .sql import Sql, all_of, any_of
from .tables import HEADS, SPANS, SQL_TYPES, TRACES, Stored

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
        Op.ALL: "list_has_all({column}, {list})",
        Op.ANY: "list_has_any({column}, {list})",
    }
)

Lookup = Callable[[str], Stored]
"""Finds the stored column that a condition's column means."""


def span_column(name: str) -> Stored:
    """Return the column of `spans` that a condition on a span means."""
    return SPANS[name]


def trace_column(name: str) -> Stored:
    """Return the column of `traces` that a condition on a trace means: its own, else its head's."""
    return TRACES.get(name) or HEADS[name]


def where(condition: Condition, lookup: Lookup) -> Sql:
    """Return the condition as a boolean expression over one table."""
    match condition:
        case Compare(column, op, value):
            return _compare(lookup(column), op, value)
        case AllOf(parts):
            return all_of(where(part, lookup) for part in parts)
        case AnyOf(parts):
            return any_of(where(part, lookup) for part in parts)
        case Not(part):
            return _not(where(part, lookup))
        case _:
            assert_never(condition)


def _not(sql: Sql) -> Sql:
    return "NOT coalesce(" + sql + ", FALSE)"


def _compare(stored: Stored, op: Op, value: object) -> Sql:
    column, kind = f'"{stored.name}"', stored.column.kind
    if op is Op.IS_NULL:
        return Sql(f"{column} IS NULL" if value else f"{column} IS NOT NULL")
    if op is Op.IS_EMPTY:
        return Sql(f"coalesce(len({column}), 0) = 0" if value else f"len({column}) > 0")
    if op in NEGATED:
        return _not(_compare(stored, NEGATED[op], value))
    text = _TEMPLATES[op].format(column=column, value=placeholder(kind), members=_members(kind), list="?::VARCHAR[]")
    return Sql(text, (_bound(op, value),))


def placeholder(kind: Kind) -> str:
    """Return the place of a value of some kind."""
    return "make_timestamp_ns(?)" if kind is Kind.TIME else "?"


def _members(kind: Kind) -> str:
    unnested = f"unnest(?::{_MEMBER_TYPE.get(kind, SQL_TYPES[kind])}[])"
    return f"make_timestamp_ns({unnested})" if kind is Kind.TIME else unnested


def _bound(op: Op, value: Any) -> Any:
    if op is Op.I_CONTAINS:
        return fold(value)
    return list(value) if isinstance(value, tuple) else value

"""Tests of one SQL expression against a bound value: a template for each operator."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.text import fold
from spanwell.observability.questions.conditions import NUMBER_TEXT, Op
from spanwell.storage.duckdb.tables.columns import SQL_TYPES

from .sql import Sql


def number_in(value: str, *, lenient: bool = False) -> str:
    """Return the number that a JSON value is; if `lenient`, also one that is written as text. NULL if it is none.

    What is no number is not cast, since casts that fail take longest.
    """
    number = f"CASE WHEN {is_number(value)} THEN TRY_CAST(CAST({value} AS VARCHAR) AS DOUBLE)"
    if not lenient:
        return number + " END"
    written = f"TRY_CAST({text_within(value)} AS DOUBLE)"
    return f"{number} WHEN {is_number_text(value)} AND isfinite({written}) THEN {written} END"


def is_number(value: str) -> str:
    """Return the SQL condition that a JSON value is a number."""
    return f"CAST({value} AS VARCHAR) < ':' AND CAST({value} AS VARCHAR) > '-'"


def is_number_text(value: str) -> str:
    """Return the SQL condition that a JSON value is a text that is written like a number."""
    return f"regexp_full_match({value}, '\"{NUMBER_TEXT}\"')"


def text_within(value: str) -> str:
    """Return the SQL of a JSON text without its quotes."""
    return f"substr({value}, 2, strlen({value}) - 2)"


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
"""Placeholders of the kinds for which a bare `?` is not enough."""


def has_case(text: str) -> bool:
    """Return whether ignoring case makes a difference to a lower-case text."""
    return text.upper() != text


def negation(sql: Sql) -> Sql:
    """Return the negation; NULL counts as false, so it becomes true."""
    return "NOT coalesce(" + sql + ", FALSE)"


def placeholder(kind: Kind) -> str:
    """Return the placeholder of a value of some kind."""
    return _VALUES.get(kind, "?")


def test(column: Sql, kind: Kind, op: Op, value: Any) -> Sql:
    """Return a test of an expression of some kind."""
    if op is Op.IS_NULL:
        return column + (" IS NULL" if value else " IS NOT NULL")
    if op is Op.IS_EMPTY:
        return "coalesce(len(" + column + "), 0) " + ("= 0" if value else "> 0")
    if kind is Kind.JSON:
        return _same_json(column, value)
    if op is Op.I_CONTAINS and not has_case(fold(value)):
        op = Op.CONTAINS
    before, after = _TEMPLATES[op].format(column="\0", value=placeholder(kind), members=_members(kind)).split("\0")
    return Sql(before) + column + Sql(after, (_bound(op, value),))


def _same_json(column: Sql, text: str) -> Sql:
    """Return the SQL condition that two JSON values are equal.

    A VARIANT has sorted keys, but loses nulls.
    """
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

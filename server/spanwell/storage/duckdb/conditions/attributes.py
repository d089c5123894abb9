"""Tests of values inside JSON columns, by JSON Pointer, and strict about their type."""

from typing import Any

from spanwell.observability.model.columns import Kind
from spanwell.observability.questions.conditions import MANY, Attribute, Op

from .operators import negation, test
from .sql import Sql

_IS = {
    Kind.TEXT: " = 'VARCHAR'",
    Kind.NUMBER: " IN ('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE')",
    Kind.FLAG: " = 'BOOLEAN'",
    Kind.JSON: " IS NOT NULL",
}
"""What `json_type` says of a value of a kind."""


def compare_attribute(column: str, attribute: Attribute, op: Op, value: object) -> Sql:
    """Return a test of an attribute in a JSON column; of events and links, that one of them passes it."""
    if op is Op.IS_NULL:
        there = _among(column, attribute, Op.IS_NULL, value=False)
        return negation(there) if value else there
    return _among(column, attribute, op, value)


def _among(column: str, attribute: Attribute, op: Op, value: object) -> Sql:
    if attribute.level not in MANY:
        return _passes(column, attribute, op, value)
    passes = "coalesce(" + _passes("one", attribute, op, value) + ", FALSE)"
    return f"len(list_filter(json_extract({column}, '$[*]'), lambda one: " + passes + ")) > 0"


def _passes(document: str, attribute: Attribute, op: Op, value: Any) -> Sql:
    """Return that the value at the pointer is of the kind and passes a test.

    The test looks at the value's text, in one pass over the document; only where it passes is the type looked at.
    """
    pointer, kind = (attribute.pointer,), attribute.kind
    is_of_kind = Sql(f"json_type({document}, ?){_IS[kind]}", pointer)
    if op is Op.IS_NULL:
        return is_of_kind
    if kind is Kind.JSON:
        return test(Sql(f"json_extract({document}, ?)", pointer), kind, op, value)
    text = Sql(f"json_extract_string({document}, ?)", pointer)
    match kind:
        case Kind.NUMBER:
            tested = test("TRY_CAST(" + text + " AS DOUBLE)", kind, op, value)
        case Kind.FLAG:
            tested = test(text, Kind.TEXT, op, "true" if value else "false")
        case _ if op is Op.IN:
            # A lambda, which goes through events and links, may hold no subquery.
            tested = Sql("list_contains(?::VARCHAR[], ", (list(value),)) + text + ")"
        case _:
            tested = test(text, kind, op, value)
    return "CASE WHEN " + tested + " THEN " + is_of_kind + " END"

"""Tests of values inside JSON columns, addressed by JSON Pointer. Types must match unless values are coerced.

DuckDB reads a value in one pass over its document; its type is then plain from its first character.
"""

import re
from dataclasses import dataclass
from typing import Any

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.text import escaped
from spanwell.observability.questions.conditions import MANY, Attribute, Op

from .operators import negation, number_in, test
from .reached import beyond_paths, elements_of, has_escapes, may_go_through_lists, path_in_each, values_at
from .sql import TRUE, Sql, any_of

_IN_DOCUMENT = frozenset({Op.EQ, Op.CONTAINS, Op.STARTS_WITH, Op.ENDS_WITH})
"""Operators whose text is part of a value that passes."""


def compare_attribute(column: str, attribute: Attribute, op: Op, value: object) -> Sql:
    """Return the SQL condition that at least one value of an attribute in a JSON column passes a test."""
    if op is Op.IS_NULL:
        there = _among(column, _Test(attribute, Op.IS_NULL, value=False))
        return negation(there) if value else there
    passes = _among(column, _Test(attribute, op, value))
    if attribute.kind is not Kind.TEXT or attribute.lenient or op not in _IN_DOCUMENT:
        return passes
    may_be = Sql(f"contains({column}, ?) OR ", (escaped(str(value)),)) + has_escapes(column)
    return "CASE WHEN " + may_be + " THEN " + passes + " END"


def _among(column: str, asked: "_Test") -> Sql:
    attribute = asked.attribute
    if attribute.level not in MANY:
        return asked.of(column)
    slowly = _any(Sql(f"json_extract({column}, '$[*]')"), "one", asked.of("one"))
    path = path_in_each(attribute.pointer)
    if path is None or attribute.kind is Kind.JSON:
        return slowly
    found = _any(Sql(f"json_extract({column}, ?)", (path,)), "v", asked.of_value())
    beyond = " WHEN " + beyond_paths(column, attribute.pointer) + " THEN " + slowly
    return "CASE WHEN " + found + " THEN TRUE" + beyond + " END"


def _any(values: Sql, name: str, passes: Sql) -> Sql:
    return "len(list_filter(" + values + f", lambda {name}: coalesce(" + passes + ", FALSE))) > 0"


@dataclass(frozen=True)
class _Test:
    """A test of an attribute's values in a document. It is used in a lambda, so it must not contain a subquery."""

    attribute: Attribute
    op: Op
    value: Any

    def of(self, document: str) -> Sql:
        """Return the SQL condition that a value in a document passes the test."""
        return self._whole(document) if self.attribute.kind is Kind.JSON else self._typed(document)

    def _typed(self, document: str) -> Sql:
        through = self._through_lists(document, elements_of, self._passes("v"))
        passes = "CASE WHEN v IS NULL THEN " + through + " ELSE " + self.of_value() + " END"
        return _any(Sql(f"[json_extract({document}, ?)]", (self.attribute.pointer,)), "v", passes)

    def of_value(self) -> Sql:
        """Return the SQL condition that the value `v`, or an element of it if it is a list, passes the test."""
        elements = _any(Sql("json_extract(v, '$[*]')"), "e", self._passes("e"))
        return "CASE WHEN starts_with(v, '[') THEN " + elements + " ELSE " + self._passes("v") + " END"

    def _whole(self, document: str) -> Sql:
        pointer = (self.attribute.pointer,)
        if self.op is Op.IS_NULL:
            there = Sql(f"json_type({document}, ?) IS NOT NULL", pointer)
            return any_of((there, self._through_lists(document, Sql, Sql("v IS NOT NULL"))))
        direct = test(Sql(f"json_extract({document}, ?)", pointer), Kind.JSON, self.op, self.value)
        of_values = test(Sql("v"), Kind.JSON, self.op, self.value)
        return "coalesce(" + direct + ", " + self._through_lists(document, Sql, of_values) + ")"

    def _through_lists(self, document: str, spread: Any, passes: Sql) -> Sql:
        values = values_at(document, self.attribute.pointer)
        found = _any(spread(values) if spread is not Sql else values, "v", passes)
        return "CASE WHEN " + may_go_through_lists(document, self.attribute.pointer) + " THEN " + found + " END"

    def _passes(self, value: str) -> Sql:
        """Return the SQL condition that a JSON value which is no list is of the right kind, and passes the test."""
        kind, op, lenient = self.attribute.kind, self.op, self.attribute.lenient
        if kind is Kind.FLAG:
            wanted = ["true", "false"] if op is Op.IS_NULL else ["true" if self.value else "false"]
            quoted = [f'"{each}"' for each in wanted] if lenient else []
            return Sql(f"list_contains(?::VARCHAR[], {value})", ([*wanted, *quoted],))
        if kind is Kind.NUMBER:
            return self._tested(number_in(value, lenient=lenient), "DOUBLE")
        if op is Op.EQ and not lenient and _PLAIN.fullmatch(self.value):
            return Sql(f"CAST({value} AS VARCHAR) = ?", (f'"{self.value}"',))
        is_text = _IS_SCALAR if lenient else _IS_TEXT
        passes = TRUE if op is Op.IS_NULL else self._tested(f"({value} ->> '$')", "VARCHAR")
        return f"CASE WHEN {is_text.format(value)} THEN " + passes + " END"

    def _tested(self, read: str, type_: str) -> Sql:
        if self.op is Op.IN:
            return Sql(f"list_contains(?::{type_}[], {read})", (list(self.value),))
        return test(Sql(read), self.attribute.kind, self.op, self.value)


_PLAIN = re.compile(r'[^"\\\x00-\x1f\x7f]*')
"""Texts that JSON has no other way to write, once DuckDB has extracted them."""
_IS_TEXT = "starts_with({0}, '\"')"
_IS_SCALAR = "NOT starts_with({0}, '{{') AND NOT starts_with({0}, '[') AND {0} <> 'null'"

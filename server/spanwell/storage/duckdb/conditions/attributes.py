"""Tests of values inside JSON columns, addressed by JSON Pointer. Types must match unless values are coerced.

DuckDB reads a value in one pass over its document; its type is then plain from its first character.
"""

import re
import sys
from dataclasses import dataclass
from math import inf, nextafter
from typing import Any

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.text import escaped
from spanwell.observability.questions.conditions import MANY, NUMBER_TEXT, Attribute, Op

from .operators import is_number_text, negation, test, text_within
from .reached import (
    beyond_paths,
    elements_of,
    has_escapes,
    may_go_through_lists,
    may_hold_lists,
    path_in_each,
    values_at,
)
from .sql import FALSE, TRUE, Sql, any_of

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
    values = Sql(f"json_extract({column}, ?)", (path,))
    directly = asked.of_any(values, Sql(f"json_extract_string({column}, ?)", (path,)))
    beyond = " WHEN " + beyond_paths(column, attribute.pointer) + " THEN " + slowly
    rarely = "CASE WHEN " + _any(values, "v", asked.of_value()) + " THEN TRUE" + beyond + " END"
    return "CASE WHEN " + directly + f" THEN TRUE WHEN {may_hold_lists(column)} THEN " + rarely + " END"


def _any(values: Sql, name: str, passes: Sql) -> Sql:
    return "len(list_filter(" + values + f", lambda {name}: coalesce(" + passes + ", FALSE))) > 0"


@dataclass(frozen=True)
class _Test:
    """A test of an attribute's values in a document. It is used in a lambda, so it must not contain a subquery.

    In a lambda, a value is read once however often it is named; other columns in it would be copied for each value.
    """

    attribute: Attribute
    op: Op
    value: Any

    def of(self, document: str) -> Sql:
        """Return the SQL condition that a value in a document passes the test."""
        if self.attribute.kind is Kind.JSON:
            return self._whole(document)
        if _NAME.fullmatch(document):
            return self._typed(document)
        return f"list_transform([{document}], lambda d: " + self._typed("d") + ")[1]"

    def _typed(self, document: str) -> Sql:
        pointer = (self.attribute.pointer,)
        found = Sql(f"list_transform([json_extract({document}, ?)], lambda v: ", pointer) + self.of_value() + ")[1]"
        if self.attribute.kind is Kind.NUMBER and self.attribute.lenient:
            found = "coalesce(" + self._lenient_number(document) + ", " + found + ")"
        is_absent = Sql(f"CASE WHEN json_extract({document}, ?) IS NULL THEN ", pointer)
        values = elements_of(values_at(document, self.attribute.pointer))
        through = is_absent + _any(values, "v", self._passes("v")) + " END"
        may_go = may_go_through_lists(document, self.attribute.pointer)
        return "CASE WHEN " + found + " THEN TRUE WHEN " + may_go + " THEN " + through + " END"

    def _lenient_number(self, document: str) -> Sql:
        """Return the SQL condition that a number passes, written as a text or not; NULL if the value may be a list.

        One cast reads both. Only what begins like a list is left open, since a text may begin like one, too.
        """
        passes = self._finite("TRY_CAST(s AS DOUBLE)")
        return (
            Sql(f"list_transform(json_extract_string({document}, [?]), lambda s: ", (self.attribute.pointer,))
            + "CASE WHEN s > ':' THEN CASE WHEN NOT starts_with(s, '[') THEN FALSE END WHEN "
            + passes
            + f" THEN regexp_full_match(s, '{NUMBER_TEXT}') ELSE FALSE END)[1]"
        )

    def of_value(self) -> Sql:
        """Return the SQL condition that the value `v`, or an element of it if it is a list, passes the test."""
        elements = _any(Sql("json_extract(v, '$[*]')"), "e", self._passes("e"))
        if self.attribute.kind is Kind.NUMBER:
            return self._number("v", "CASE WHEN starts_with(v, '[') THEN " + elements + " END")
        return "CASE WHEN starts_with(v, '[') THEN " + elements + " ELSE " + self._passes("v") + " END"

    def _whole(self, document: str) -> Sql:
        pointer = (self.attribute.pointer,)
        if self.op is Op.IS_NULL:
            there = Sql(f"json_type({document}, ?) IS NOT NULL", pointer)
            return any_of((there, self._through_lists(document, Sql("v IS NOT NULL"))))
        direct = test(Sql(f"json_extract({document}, ?)", pointer), Kind.JSON, self.op, self.value)
        of_values = test(Sql("v"), Kind.JSON, self.op, self.value)
        return "coalesce(" + direct + ", " + self._through_lists(document, of_values) + ")"

    def of_any(self, values: Sql, texts: Sql) -> Sql:
        """Return the SQL condition that one of a list of values passes the test; those that are lists do not.

        `texts` are the same values as texts.
        """
        if self._is_equal_text and not _LIKE_JSON.match(self.value):
            return "list_contains(" + texts + Sql(", ?)", (self.value,))
        is_number = self.attribute.kind is Kind.NUMBER and not self.attribute.lenient
        return _any(values, "v", self._in_json("v") if is_number else self._passes("v"))

    def _through_lists(self, document: str, passes: Sql) -> Sql:
        found = _any(values_at(document, self.attribute.pointer), "v", passes)
        return "CASE WHEN " + may_go_through_lists(document, self.attribute.pointer) + " THEN " + found + " END"

    def _passes(self, value: str) -> Sql:
        """Return the SQL condition that a JSON value which is no list is of the right kind, and passes the test."""
        kind, op, lenient = self.attribute.kind, self.op, self.attribute.lenient
        if kind is Kind.FLAG:
            wanted = ["true", "false"] if op is Op.IS_NULL else ["true" if self.value else "false"]
            quoted = [f'"{each}"' for each in wanted] if lenient else []
            return Sql(f"list_contains(?::VARCHAR[], {value})", ([*wanted, *quoted],))
        if kind is Kind.NUMBER:
            return self._number(value)
        if self._is_written_in_one_way:
            return Sql(f"CAST({value} AS VARCHAR) = ?", (f'"{self.value}"',))
        is_text = _IS_SCALAR if lenient else _IS_TEXT
        passes = TRUE if op is Op.IS_NULL else self._tested(f"({value} ->> '$')", "VARCHAR")
        return f"CASE WHEN {is_text.format(value)} THEN " + passes + " END"

    @property
    def _is_written_in_one_way(self) -> bool:
        """Whether only one JSON text passes."""
        return self._is_equal_text and _PLAIN.fullmatch(self.value) is not None

    @property
    def _is_equal_text(self) -> bool:
        """Whether only one text passes."""
        return self.attribute.kind is Kind.TEXT and not self.attribute.lenient and self.op is Op.EQ

    def _number(self, value: str, otherwise: Sql = FALSE) -> Sql:
        """Return the SQL condition on a JSON value that is a number; `otherwise` is that on what is no number or text.

        A number begins with what comes before a colon and after a quote. Whether a text is written like a number is
        only asked if it would pass.
        """
        written = self._finite(f"TRY_CAST({text_within(value)} AS DOUBLE)") + f" AND {is_number_text(value)}"
        return (
            f"CASE WHEN CAST({value} AS VARCHAR) > ':' THEN "
            + otherwise
            + f" WHEN CAST({value} AS VARCHAR) > '-' THEN "
            + self._in_json(value)
            + (" ELSE " + written if self.attribute.lenient else "")
            + " END"
        )

    def _in_json(self, value: str) -> Sql:
        """Return the SQL condition that a JSON value is a number that passes; it takes long if it is none."""
        return self._tested(f"TRY_CAST(CAST({value} AS VARCHAR) AS DOUBLE)", "DOUBLE")

    def _finite(self, number: str) -> Sql:
        """Return the SQL condition that a number in a text passes, and is finite, as all numbers in JSON are."""
        match self.op:
            case Op.GT | Op.GTE:
                ends = nextafter(self.value, inf) if self.op is Op.GT else self.value, _LARGEST
            case Op.LT | Op.LTE:
                ends = -_LARGEST, nextafter(self.value, -inf) if self.op is Op.LT else self.value
            case Op.IS_NULL:
                ends = -_LARGEST, _LARGEST
            case _:
                return self._tested(number, "DOUBLE")
        return Sql(f"{number} BETWEEN ?::DOUBLE AND ?::DOUBLE", ends)

    def _tested(self, read: str, type_: str) -> Sql:
        if self.op is Op.IN:
            return Sql(f"list_contains(?::{type_}[], {read})", (list(self.value),))
        return test(Sql(read), self.attribute.kind, self.op, self.value)


_LARGEST = sys.float_info.max
_NAME = re.compile(r'(\w+\.)?"?\w+"?')
"""A column, or what stands for a value in a lambda; other documents take long to compute."""
_PLAIN = re.compile(r'[^"\\\x00-\x1f\x7f]*')
"""Texts that JSON has no other way to write, once DuckDB has extracted them."""
_LIKE_JSON = re.compile(r"[\[{\-0-9]|(true|false|null)$")
"""Texts that may also be how another value is written."""
_IS_TEXT = "starts_with({0}, '\"')"
_IS_SCALAR = "NOT starts_with({0}, '{{') AND NOT starts_with({0}, '[') AND {0} <> 'null'"

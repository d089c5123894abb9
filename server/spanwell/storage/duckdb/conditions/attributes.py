"""Tests of values inside JSON columns, addressed by JSON Pointer. Types must match unless values are coerced."""

from dataclasses import dataclass
from typing import Any

from spanwell.observability.model.columns import Kind
from spanwell.observability.questions.conditions import MANY, NUMBER_TEXT, Attribute, Op

from .operators import NUMBERS, negation, test
from .reached import elements_of, may_go_through_lists, values_at
from .sql import TRUE, Sql, any_of

_IS = {Kind.TEXT: "'VARCHAR'", Kind.NUMBER: NUMBERS, Kind.FLAG: "'BOOLEAN'"}
"""The results of `json_type` for each kind of value."""
_IS_COERCED = {
    Kind.TEXT: f"'VARCHAR', 'BOOLEAN', {NUMBERS}",
    Kind.NUMBER: f"'VARCHAR', {NUMBERS}",
    Kind.FLAG: "'VARCHAR', 'BOOLEAN'",
}


def compare_attribute(column: str, attribute: Attribute, op: Op, value: object) -> Sql:
    """Return the SQL condition that at least one value of an attribute in a JSON column passes a test."""
    if op is Op.IS_NULL:
        there = _among(column, _Test(attribute, Op.IS_NULL, value=False))
        return negation(there) if value else there
    return _among(column, _Test(attribute, op, value))


def _among(column: str, asked: "_Test") -> Sql:
    if asked.attribute.level not in MANY:
        return asked.of(column)
    passes = "coalesce(" + asked.of("one") + ", FALSE)"
    return f"len(list_filter(json_extract({column}, '$[*]'), lambda one: " + passes + ")) > 0"


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
        """Test the text in one pass over the document, and the type only if the text may pass."""
        pointer = (self.attribute.pointer,)
        types = (_IS_COERCED if self.attribute.lenient else _IS)[self.attribute.kind]
        text = self._text("x")
        elements = _any(Sql("json_extract(x, '$[*]')"), "e", self._element("e", types))
        by_type = (
            Sql(f"CASE WHEN json_type({document}, ?) IN ({types}) THEN ", pointer)
            + text
            + Sql(f" WHEN json_type({document}, ?) = 'ARRAY' THEN ", pointer)
            + elements
            + " END"
        )
        may_pass = any_of((text, Sql("starts_with(x, '[')"))) if text != TRUE else TRUE
        through = self._through_lists(document, elements_of, self._element("v", types))
        passes = "CASE WHEN x IS NULL THEN " + through + " WHEN " + may_pass + " THEN " + by_type + " END"
        return _any(Sql(f"[json_extract_string({document}, ?)]", pointer), "x", passes)

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

    def _element(self, value: str, types: str) -> Sql:
        text = self._text(f"({value} ->> '$')")
        return f"json_type({value}) IN ({types}) AND " + text

    def _text(self, text: str) -> Sql:
        """Return the test of a value's text, assuming that the value is of the right kind."""
        kind, op, value = self.attribute.kind, self.op, self.value
        if op is Op.IS_NULL and not self.attribute.lenient:
            return TRUE
        if kind is Kind.FLAG:
            wanted = ["true", "false"] if op is Op.IS_NULL else ["true" if value else "false"]
            return Sql(f"list_contains(?::VARCHAR[], {text})", (wanted,))
        read = Sql(text)
        if kind is Kind.NUMBER:
            read = Sql(f"TRY_CAST({text} AS DOUBLE)")
            if self.attribute.lenient:
                is_number = f"regexp_full_match({text}, '{NUMBER_TEXT}') AND isfinite(TRY_CAST({text} AS DOUBLE))"
                read = Sql(f"CASE WHEN {is_number} THEN TRY_CAST({text} AS DOUBLE) END")
        if op is Op.IN:
            return (
                Sql(f"list_contains(?::{'DOUBLE' if kind is Kind.NUMBER else 'VARCHAR'}[], ", (list(value),))
                + read
                + ")"
            )
        return test(read, kind, op, value)

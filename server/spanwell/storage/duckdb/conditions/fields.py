"""The values of an addressed field as texts or numbers, in SQL: the counterpart of `reference.values.texts`."""

from collections.abc import Callable
from dataclasses import dataclass

from spanwell.observability.model.columns import Kind
from spanwell.observability.questions.conditions import MANY, Attribute
from spanwell.observability.questions.fields import FieldRef

from .operators import number_in
from .reached import elements_of, may_go_through_lists, values_at
from .scopes import Scope
from .sql import Sql


def text_of(ref: FieldRef, scope: Scope) -> Sql:
    """Return the text of a field with at most one value; NULL if it is absent."""
    column = scope.column(str(ref.target))
    if ref.kind is Kind.TIME:
        digits = f"strftime({column}, '%Y-%m-%dT%H:%M:%S.%n')"
        return Sql(f"rtrim(rtrim({digits}, '0'), '.') || 'Z'")
    return Sql(column if ref.kind in {Kind.TEXT, Kind.ENUM} else f"CAST({column} AS VARCHAR)")


def texts_of(ref: FieldRef, scope: Scope) -> Sql:
    """Return all texts of a field that `is_many`, as a list, with NULL for JSON null; NULL or empty if it is absent."""
    if not isinstance(ref.target, Attribute):
        return Sql(scope.column(ref.target))
    return _values_of(ref.target, scope, _TEXTS)


def numbers_of(attribute: Attribute, scope: Scope) -> Sql:
    """Return all numbers of an attribute, as a list, with NULL for other values; NULL or empty if it is absent."""

    def read(value: str) -> str:
        return number_in(value, lenient=attribute.lenient)

    elements = f"list_transform(json_extract(x, '$[*]'), lambda t: {read('t')})"
    return _values_of(attribute, scope, _Reading(read, elements))


def _as_they_are(values: Sql) -> Sql:
    return values


@dataclass(frozen=True)
class _Reading:
    """How values are read: one from its JSON, those of a list from its JSON `x`; and what becomes of many."""

    one: Callable[[str], str]
    elements: str
    of_many: Callable[[Sql], Sql] = _as_they_are

    def within(self, document: str, pointer: str) -> Sql:
        """Return the values in one document; NULL if there are none. Most are not lists: one pass finds them."""
        extracted = Sql(f"json_extract({document}, ?)", (pointer,))
        through = "list_transform(" + elements_of(values_at(document, pointer)) + f", lambda t: {self.one('t')})"
        may = "CASE WHEN " + may_go_through_lists(document, pointer) + " THEN " + self.of_many(through) + " END"
        listed = f" WHEN starts_with(x, '[') THEN {self.elements} ELSE [{self.one('x')}] END"
        return "list_transform([" + extracted + "], lambda x: CASE WHEN x IS NULL THEN " + may + f"{listed})[1]"


def _text(value: str) -> str:
    return f"{value} ->> '$'"


_TEXTS = _Reading(_text, "json_extract_string(x, '$[*]')")


def _values_of(attribute: Attribute, scope: Scope, reading: _Reading) -> Sql:
    document, pointer = scope.document(attribute), attribute.pointer
    if attribute.level not in MANY:
        return reading.within(document, pointer)
    objects = f"json_extract({document}, '$[*]')"
    return f"flatten(list_transform({objects}, lambda one: coalesce(" + reading.within("one", pointer) + ", [])))"


_FEW = 20
"""Elements whose repetitions are found sooner by comparing each with all than by hashing."""
_DISTINCT = (
    f"CASE WHEN len(l) > {_FEW} THEN list_distinct(l)"
    " WHEN len(l) > 1 THEN list_filter(l, lambda t, i: t IS NOT NULL AND list_position(l, t) = i) ELSE l END"
)


def _distinct(texts: Sql | str) -> Sql:
    return "list_transform([" + texts + Sql(f"], lambda l: coalesce(nullif({_DISTINCT}, []), [NULL]))[1]")


def each_text_of(ref: FieldRef, scope: Scope) -> Sql:
    """Return the distinct texts of a field that `is_many`, as a list; `[NULL]` if there are none."""
    if not isinstance(ref.target, Attribute) or ref.target.level in MANY:
        return _distinct(texts_of(ref, scope))
    each = _Reading(_TEXTS.one, _distinct(_TEXTS.elements).text, _distinct)
    return "coalesce(" + _values_of(ref.target, scope, each) + ", [NULL])"


def number_of(ref: FieldRef, scope: Scope) -> Sql:
    """Return the number in a field; NULL if it is not a number, or a list."""
    if not isinstance(ref.target, Attribute):
        return Sql(f"CAST({scope.column(ref.target)} AS DOUBLE)")
    return Sql(number_in(f"json_extract({scope.document(ref.target)}, ?)"), (ref.target.pointer,))


def plain_text_of(ref: FieldRef, scope: Scope, size: int) -> Sql:
    """Return the beginning of an attribute's text; NULL if it is not a text, or a list of texts."""
    if not isinstance(ref.target, Attribute):
        return Sql(f"left({scope.column(ref.target)}, {size})")
    value = Sql(f"json_extract({scope.document(ref.target)}, ?)", (ref.target.pointer,))
    text = f"CASE WHEN starts_with(v, '\"') THEN left(v ->> '$', {size}) END"
    return "list_transform([" + value + f"], lambda v: {text})[1]"

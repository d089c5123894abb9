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


class Parts:
    """Columns of a subselect for the expressions above it, which DuckDB computes once however often they are named."""

    def __init__(self) -> None:
        self.columns: list[Sql] = []

    def named(self, value: Sql | str) -> str:
        """Add a column and return its name."""
        name = f"part{len(self.columns)}"
        self.columns.append(value + Sql(f" AS {name}"))
        return name


def texts_of(ref: FieldRef, scope: Scope, parts: Parts) -> Sql:
    """Return all texts of a field that `is_many`, as a list, with NULL for JSON null; NULL or empty if it is absent."""
    if not isinstance(ref.target, Attribute):
        return Sql(parts.named(scope.column(ref.target)))
    return _values_of(ref.target, scope, _TEXTS, parts)


def numbers_of(attribute: Attribute, scope: Scope, parts: Parts) -> Sql:
    """Return all numbers of an attribute, as a list, with NULL for other values; NULL or empty if it is absent."""

    def read(value: str) -> str:
        return number_in(value, lenient=attribute.lenient)

    def each(listed: str) -> str:
        return f"list_transform(json_extract({listed}, '$[*]'), lambda t: {read('t')})"

    return _values_of(attribute, scope, _Reading(read, each), parts)


def _as_they_are(values: Sql) -> Sql:
    return values


@dataclass(frozen=True)
class _Reading:
    """How values are read: one from its JSON, those of a list from its JSON; what becomes of many, and of none."""

    one: Callable[[str], str]
    each: Callable[[str], str]
    of_many: Callable[[Sql], Sql] = _as_they_are
    of_none: str = "NULL"

    def of(self, value: str, document: str, pointer: str) -> Sql:
        """Return the values in a document, of which `value` is what the pointer finds directly; NULL if none."""
        through = "list_transform(" + elements_of(values_at(document, pointer)) + f", lambda t: {self.one('t')})"
        may = "CASE WHEN " + may_go_through_lists(document, pointer) + " THEN " + self.of_many(through)
        listed = f" WHEN starts_with({value}, '[') THEN {self.each(value)} ELSE [{self.one(value)}] END"
        return f"CASE WHEN {value} IS NULL THEN " + may + f" ELSE {self.of_none} END" + listed


def _text(value: str) -> str:
    return f"{value} ->> '$'"


def _each_text(listed: str) -> str:
    return f"json_extract_string({listed}, '$[*]')"


_TEXTS = _Reading(_text, _each_text)


def _values_of(attribute: Attribute, scope: Scope, reading: _Reading, parts: Parts) -> Sql:
    document, pointer = parts.named(scope.document(attribute)), attribute.pointer
    if attribute.level not in MANY:
        found = parts.named(Sql(f"json_extract({scope.document(attribute)}, ?)", (pointer,)))
        return reading.of(found, document, pointer)
    objects = f"json_extract({document}, '$[*]')"
    of_one = "list_transform([json_extract(one, ?)], lambda x: "
    within = Sql(of_one, (pointer,)) + reading.of("x", "one", pointer) + ")[1]"
    return f"flatten(list_transform({objects}, lambda one: coalesce(" + within + ", [])))"


_FEW = 20
"""Elements whose repetitions are found sooner by comparing each with all than by hashing."""
_DISTINCT = (
    f"CASE WHEN len(l) <= {_FEW} THEN list_filter(l, lambda t, i: t IS NOT NULL AND list_position(l, t) = i)"
    " ELSE list_distinct(l) END"
)
_OR_NULL = "CASE WHEN len(m) > 0 THEN m ELSE [NULL] END"


def _distinct(texts: Sql) -> Sql:
    return "list_transform([" + texts + f"], lambda l: {_DISTINCT})[1]"


def _distinct_or_null(texts: Sql) -> Sql:
    return "list_transform([" + _distinct(texts) + f"], lambda m: {_OR_NULL})[1]"


def each_text_of(ref: FieldRef, scope: Scope, parts: Parts, *, or_null: bool) -> Sql:
    """Return the distinct texts of a field that `is_many`, as a list; if there are none `[NULL]`, or nothing."""
    distinct = _distinct_or_null if or_null else _distinct
    if not isinstance(ref.target, Attribute) or ref.target.level in MANY:
        return distinct(texts_of(ref, scope, parts))

    def each(listed: str) -> str:
        return distinct(Sql(_each_text(listed))).text

    return _values_of(ref.target, scope, _Reading(_text, each, distinct, "[NULL]" if or_null else "NULL"), parts)


def json_of(ref: FieldRef, scope: Scope, parts: Parts) -> Sql:
    """Return the value of a field that `is_many` as JSON, or a JSON list of its texts; NULL if it is absent."""
    if not isinstance(ref.target, Attribute) or ref.target.level in MANY:
        return "to_json(" + texts_of(ref, scope, parts) + ")"
    document, pointer = parts.named(scope.document(ref.target)), ref.target.pointer
    found = parts.named(Sql(f"json_extract({scope.document(ref.target)}, ?)", (pointer,)))
    through = "to_json(" + elements_of(values_at(document, pointer)) + ")"
    may = "CASE WHEN " + may_go_through_lists(document, pointer) + " THEN " + through + " END"
    return f"CASE WHEN {found} IS NULL THEN " + may + f" ELSE {found} END"


def number_of(column: str) -> str:
    """Return the number in a column of numbers."""
    return f"CAST({column} AS DOUBLE)"


def text_in(value: str, size: int) -> str:
    """Return the beginning of the text that a JSON value is; NULL if it is none."""
    return f"CASE WHEN starts_with({value}, '\"') THEN left({value} ->> '$', {size}) END"

"""The value of an addressed field as text, in SQL: the counterpart of `reference.values.texts.texts_of`."""

from spanwell.observability.model.columns import Kind
from spanwell.observability.questions.conditions import MANY, Attribute
from spanwell.observability.questions.fields import FieldRef

from .operators import NUMBERS
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
    """Return all texts of a field that `is_many`, as a list; NULL or empty if it is absent."""
    if not isinstance(ref.target, Attribute):
        return Sql(scope.column(ref.target))
    document, pointer = scope.document(ref.target), ref.target.pointer
    if ref.target.level not in MANY:
        return _texts_in(document, pointer)
    objects = f"json_extract({document}, '$[*]')"
    return f"flatten(list_transform({objects}, lambda one: coalesce(" + _texts_in("one", pointer) + ", [])))"


def _texts_in(document: str, pointer: str) -> Sql:
    """Return the texts in one document; NULL if there are none. Most values are not lists: one pass finds them."""
    through = _texts(elements_of(values_at(document, pointer)))
    one = Sql(f"list_transform([json_extract_string({document}, ?)], lambda x: CASE WHEN x IS NULL THEN ", (pointer,))
    may = "CASE WHEN " + may_go_through_lists(document, pointer) + " THEN " + through + " END"
    listed = Sql(f" WHEN starts_with(x, '[') AND json_type({document}, ?) = 'ARRAY' THEN ", (pointer,))
    return one + may + listed + _texts(Sql("json_extract(x, '$[*]')")) + " ELSE [x] END)[1]"


def _texts(values: Sql) -> Sql:
    texts = "list_transform(" + values + ", lambda t: t ->> '$')"
    return "list_filter(" + texts + ", lambda t: t IS NOT NULL)"


def each_text_of(ref: FieldRef, scope: Scope) -> Sql:
    """Return the distinct texts of a field that `is_many`, as a list; `[NULL]` if there are none."""
    listed = "CASE WHEN len(l) > 1 THEN list_distinct(l) WHEN len(l) = 1 THEN l ELSE [NULL] END"
    return "list_transform([" + texts_of(ref, scope) + f"], lambda l: {listed})[1]"


def number_of(ref: FieldRef, scope: Scope) -> Sql:
    """Return the number in a field; NULL if it is not a number, or a list."""
    if not isinstance(ref.target, Attribute):
        return Sql(f"CAST({scope.column(ref.target)} AS DOUBLE)")
    document, pointer = scope.document(ref.target), ref.target.pointer
    direct = Sql(f"TRY_CAST(json_extract_string({document}, ?) AS DOUBLE)", (pointer,))
    is_number = Sql(f"json_type({document}, ?) IN ({NUMBERS})", (pointer,))
    return "CASE WHEN " + direct + " IS NOT NULL AND " + is_number + " THEN " + direct + " END"


def plain_text_of(ref: FieldRef, scope: Scope, size: int) -> Sql:
    """Return the beginning of an attribute's text; NULL if it is not a text, or a list of texts."""
    if not isinstance(ref.target, Attribute):
        return Sql(f"left({scope.column(ref.target)}, {size})")
    document, pointer = scope.document(ref.target), (ref.target.pointer,)
    text = Sql(f"left(json_extract_string({document}, ?), {size})", pointer)
    return Sql(f"CASE WHEN json_type({document}, ?) = 'VARCHAR' THEN ", pointer) + text + " END"

"""The SQL of an addressed field: its value as text, what `observability.fields.texts_of` means."""

from spanwell.observability.model.columns import Kind
from spanwell.observability.questions.conditions import Attribute
from spanwell.observability.questions.fields import FieldRef

from .scopes import Scope
from .sql import Sql


def text_of(ref: FieldRef, scope: Scope) -> Sql:
    """Return the text of a field that has one value at most; NULL where it is absent."""
    if isinstance(ref.target, Attribute):
        return Sql(f"json_extract_string({scope.document(ref.target)}, ?)", (ref.target.pointer,))
    column = scope.column(ref.target)
    if ref.kind is Kind.TIME:
        digits = f"strftime({column}, '%Y-%m-%dT%H:%M:%S.%n')"
        return Sql(f"rtrim(rtrim({digits}, '0'), '.') || 'Z'")
    return Sql(column if ref.kind in {Kind.TEXT, Kind.ENUM} else f"CAST({column} AS VARCHAR)")


def texts_of(ref: FieldRef, scope: Scope) -> Sql:
    """Return all texts of a field that `is_many`, as a list; NULL or empty where it is absent."""
    if not isinstance(ref.target, Attribute):
        return Sql(scope.column(ref.target))
    objects = f"json_extract({scope.document(ref.target)}, '$[*]')"
    texts = f"list_transform({objects}, lambda one: json_extract_string(one, ?))"
    return Sql(f"list_filter({texts}, lambda text: text IS NOT NULL)", (ref.target.pointer,))

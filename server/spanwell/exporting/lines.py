"""Records as lines of JSON by the API's names, which `importing` reads again."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.columns import ColumnDef, Kind, Origin
from spanwell.observability.model.span import SPAN_COLUMNS, Span
from spanwell.observability.model.times import format_moment

_COLUMNS: Mapping[type, Sequence[ColumnDef]] = {Span: SPAN_COLUMNS, **{k.record: k.columns for k in AssessmentKind}}
IMPORTED: Mapping[type, Sequence[ColumnDef]] = {
    record: sorted((c for c in columns if c.origin is not Origin.DERIVED), key=lambda c: c.origin is Origin.GIVEN)
    for record, columns in _COLUMNS.items()
}
"""What is imported of records: what identifies them, and what clients say of them."""


def json_line(record: Any) -> bytes:
    """Return a record without what is absent and what the store works out itself."""
    shown: dict[str, Any] = {}
    for column in IMPORTED[type(record)]:
        value = getattr(record, column.name)
        if value is None or (value == column.default and not column.required and column.kind is not Kind.TIME):
            continue
        shown[column.label] = json_value(column.kind, value)
    return one_line(shown)


def json_value(kind: Kind, value: Any) -> Any:
    """Return a value of a column as JSON has it."""
    if value is None:
        return None
    if kind is Kind.TIME:
        return format_moment(value)
    return msgspec.Raw(value.encode()) if kind is Kind.JSON else value


def one_line(value: Any) -> bytes:
    """Return JSON on a line of its own: what the store holds may have line breaks, though never inside of strings."""
    return msgspec.json.encode(value).replace(b"\r", b" ").replace(b"\n", b" ") + b"\n"

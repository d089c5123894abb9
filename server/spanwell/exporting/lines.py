"""Records as lines of JSON with the API's names, which `importing` reads."""

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
"""The columns of records that are imported: the key, and those that clients set."""


def json_line(record: Any) -> bytes:
    """Return a record as a line, without missing values and derived columns."""
    shown: dict[str, Any] = {}
    for column in IMPORTED[type(record)]:
        value = getattr(record, column.name)
        if value is None or (value == column.default and not column.required and column.kind is not Kind.TIME):
            continue
        shown[column.label] = json_value(column.kind, value)
    return one_line(shown)


def json_value(kind: Kind, value: Any) -> Any:
    """Return a value of a column for JSON."""
    if value is None:
        return None
    if kind is Kind.TIME:
        return format_moment(value)
    return msgspec.Raw(value.encode()) if kind is Kind.JSON else value


def one_line(value: Any) -> bytes:
    """Return JSON on a single line: stored JSON may have line breaks, though not inside strings."""
    return msgspec.json.encode(value).replace(b"\r", b" ").replace(b"\n", b" ") + b"\n"

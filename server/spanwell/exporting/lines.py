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


_BREAKS = {
    **{mark.encode(): b" " for mark in "\r\n"},
    **{mark.encode(): f"\\u{ord(mark):04x}".encode() for mark in "\x85\u2028\u2029"},
}
"""What readers of text may take for line breaks, and its replacement: JSON has the first two only between its parts."""


def one_line(value: Any) -> bytes:
    """Return JSON on a single line."""
    line = msgspec.json.encode(value)
    for mark, replacement in _BREAKS.items():
        line = line.replace(mark, replacement)
    return line + b"\n"

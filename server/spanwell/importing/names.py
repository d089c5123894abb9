"""The columns that names in a file stand for."""

from collections.abc import Mapping
from types import MappingProxyType

from spanwell.observability.model.columns import Origin
from spanwell.observability.model.span import SPAN_COLUMNS

_OTEL = {
    "start_time_unix_nano": "started_at",
    "startTimeUnixNano": "started_at",
    "end_time_unix_nano": "ended_at",
    "endTimeUnixNano": "ended_at",
}

_GIVEN = [column for column in SPAN_COLUMNS if column.origin is not Origin.DERIVED]

COLUMN_OF: Mapping[str, str] = MappingProxyType(
    {**{c.name: c.name for c in _GIVEN}, **{c.label: c.name for c in _GIVEN}, **_OTEL}
)
"""The column of each name: our own names in both spellings, and OpenTelemetry's for times."""

_DERIVED = [column for column in SPAN_COLUMNS if column.origin is Origin.DERIVED]

IGNORED = frozenset({"id", "duration_us", *(c.name for c in _DERIVED), *(c.label for c in _DERIVED)})
"""Names of derived fields, which are ignored. Any other name becomes an attribute."""

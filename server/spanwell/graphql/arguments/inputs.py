"""What clients write: spans to store, and changes to stored ones."""

from typing import Any

import strawberry

from spanwell.graphql.basics.derive import UNSET, creation_type, given_as, patch_type
from spanwell.observability.conventions.filling import fill_span
from spanwell.observability.derivation.merge import SpanUpdate, filled_update
from spanwell.observability.model.columns import ColumnDef, Origin
from spanwell.observability.model.span import GIVEN_COLUMNS, SPAN_COLUMNS, Span

_IDENTITY = tuple(column for column in SPAN_COLUMNS if column.origin is Origin.IDENTITY)
_CREATED: tuple[ColumnDef, ...] = (*_IDENTITY, *GIVEN_COLUMNS)
_CREATED_NAMES = tuple(column.name for column in _CREATED)
_GIVEN_NAMES = tuple(column.name for column in GIVEN_COLUMNS)


@strawberry.input
@given_as(_CREATED, creation_type)
class CreateSpanInput:
    """A span to store. If it exists already, absent and null fields keep their stored values."""

    def to_span(self) -> Span:
        """Return the record that is given."""
        values: dict[str, Any] = {name: getattr(self, name) for name in _CREATED_NAMES}
        given = {name: value for name, value in values.items() if value is not None and value is not UNSET}
        return fill_span(Span(**given))


@strawberry.input
@given_as(GIVEN_COLUMNS, patch_type)
@given_as(_IDENTITY, creation_type)
class UpdateSpanInput:
    """Changes to an existing span.

    Absent fields keep their value, null clears them, and JSON values are replaced as a whole.
    """

    def to_update(self) -> SpanUpdate:
        """Return the change that is asked for."""
        trace_id, span_id = (getattr(self, column.name) for column in _IDENTITY)
        values: dict[str, Any] = {name: getattr(self, name) for name in _GIVEN_NAMES}
        return filled_update(trace_id, span_id, {name: v for name, v in values.items() if v is not UNSET})

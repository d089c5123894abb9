"""The fields of exported records, by their names in the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spanwell.observability.model.assessments import AssessmentKind, Feedback, Score
from spanwell.observability.model.columns import ColumnDef
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.record import Listed
from spanwell.observability.model.span import SPAN_COLUMNS, Span
from spanwell.observability.model.trace import TRACE_COLUMNS, Trace


@dataclass(frozen=True)
class Field:
    """A column of a record, or of the root span of a trace."""

    column: ColumnDef
    of_head: bool = False

    @property
    def label(self) -> str:
        """Its name in the API."""
        return self.column.label


_OWN = tuple(column for column in TRACE_COLUMNS if column.name != "has_root")
_OWN_NAMES = {column.name for column in TRACE_COLUMNS}
SPAN_FIELDS = tuple(map(Field, SPAN_COLUMNS))
TRACE_FIELDS = (
    *map(Field, _OWN),
    *(Field(column, of_head=True) for column in SPAN_COLUMNS if column.name not in _OWN_NAMES),
)
"""The fields of the trace itself, and the others of its head, as in filters."""

_FEW = {"name", "type", "service_name", "entity_type", "entity_name", "entity_id", "model", "input", "output"}
_USUAL_TRACE_FIELDS = tuple(field for field in TRACE_FIELDS if not field.of_head or field.column.name in _FEW)


RECORDS: Mapping[str, type[Listed]] = {"spans": Span, "traces": Trace, "scores": Score, "feedback": Feedback}
"""The records that can be exported, by the names of their lists."""
_FIELDS: Mapping[type[Listed], Sequence[Field]] = {
    Span: SPAN_FIELDS,
    Trace: TRACE_FIELDS,
    **{kind.record: tuple(map(Field, kind.columns)) for kind in AssessmentKind},
}


def fields_of(record: type[Listed], labels: Sequence[str] | None) -> Sequence[Field]:
    """Return the fields with these names, or else the default ones. Raises `InvalidInput` for an unknown name."""
    known = _FIELDS[record]
    if labels is None:
        return _USUAL_TRACE_FIELDS if record is Trace else known
    by_label = {field.label: field for field in known}
    found: dict[str, Field] = {}
    for index, label in enumerate(labels):
        if label not in by_label:
            (name,) = (name for name, each in RECORDS.items() if each is record)
            raise InvalidInput(f"is no field of {name}", f"fields[{index}]")
        found[label] = by_label[label]
    if not found:
        raise InvalidInput("is empty; omit it to get all fields", "fields")
    return list(found.values())

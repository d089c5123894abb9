"""The msgspec structs into which batches of mutations are decoded, built from the list of fields."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import astuple

from spanwell.graphql.basics.scalars import read_documents
from spanwell.observability.conventions.filling import SPEAKING, fill_columns, usage_columns
from spanwell.observability.derivation.merge import SpanUpdate, filled_update
from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.columns import ColumnDef, Kind
from spanwell.observability.model.span import SPAN_COLUMN, Span
from spanwell.observability.model.span_batch import SENT, Ahead, SpanColumns
from spanwell.observability.model.times import parse_moments

from .batch_elements import ListInput
from .batch_mutations import change_of, record_of, span_of, update_of
from .batch_variables import ListInputs

_IDENTITY = (SPAN_COLUMN["trace_id"], SPAN_COLUMN["span_id"])
_Struct: TypeAlias = type[msgspec.Struct]
_Given: TypeAlias = tuple[ColumnDef, Sequence[Any]]

_WIRE: Mapping[Kind, Any] = {Kind.TIME: str, Kind.JSON: Any}
"""The types of columns in requests, if they differ from the columns' own."""

_READ: Mapping[Kind, Callable[[Sequence[Any]], Sequence[Any]]] = {
    Kind.TIME: parse_moments,
    Kind.JSON: read_documents,
}
"""How the values of a column are read."""


def _struct(name: str, needed: Callable[[ColumnDef], bool], default: Callable[[ColumnDef], object]) -> _Struct:
    kinds: list[Any] = []
    for column in SENT:
        kind = _WIRE.get(column.kind, column.value_type)
        optional = (column.name, kind | None | UnsetType, default(column))
        kinds.append((column.name, kind) if needed(column) else optional)
    labels = {column.name: column.label for column in SENT}
    made = msgspec.defstruct(name, kinds, kw_only=True, rename=labels, forbid_unknown_fields=True, gc=False)
    # The first decoder makes msgspec look at the fields. If two threads made it at a time, one would use what the other
    # has not finished, and the process would crash.
    msgspec.json.Decoder(made)
    return made


def _columns(structs: Sequence[Any], absent: Callable[[ColumnDef], object]) -> Iterator[_Given]:
    """Yield the columns with any value, with their values as sent."""
    for column, values in zip(SENT, zip(*map(astuple, structs), strict=True), strict=False):
        if values.count(absent(column)) < len(values):
            yield column, values


def _read(column: ColumnDef, values: Sequence[Any]) -> Sequence[Any]:
    """Return the values of a column as the record holds them; absent and null values are not converted."""
    read = _READ.get(column.kind)
    if read is None:
        return values
    given = [value for value in values if value is not None and value is not UNSET]
    if len(given) == len(values):
        return read(values)
    rest = iter(read(given))
    return [value if value is None or value is UNSET else next(rest) for value in values]


def spans_of(structs: Sequence[Any]) -> Sequence[Span]:
    """Return the spans of a batch as columns; null counts as absent. Raises `InvalidInput`."""
    sent = list(_columns(structs, _default))
    given = {column.name: _given(_read(column, values), column.default) for column, values in sent}
    if not given:
        return []
    speaking = {column.name: values for column, values in sent if column.name in SPEAKING}
    fill_columns(given, speaking, len(structs))
    return SpanColumns(given, usage_columns(given, speaking, len(structs)))


def _given(values: Sequence[Any], default: object) -> Sequence[Any]:
    return values if default is None else [default if value is None else value for value in values]


def updates_of(structs: Sequence[Any]) -> list[SpanUpdate]:
    """Return the updates of a batch; null clears a column. Raises `InvalidInput`."""
    given = {column.name: _read(column, values) for column, values in _columns(structs, _unset)}
    trace_ids, span_ids = (given.pop(column.name, ()) for column in _IDENTITY)
    rows = zip(*given.values(), strict=True) if given else [()] * len(structs)
    changes = ({name: v for name, v in zip(given, row, strict=True) if v is not UNSET} for row in rows)
    return list(map(filled_update, trace_ids, span_ids, changes))


def _default(column: ColumnDef) -> object:
    return column.default


def _unset(_: ColumnDef) -> object:
    return UNSET


_ASSESSMENTS = {
    **{f"Create{kind.record.__name__}Input": ListInput(partial(record_of, kind)) for kind in AssessmentKind},
    **{f"Update{kind.record.__name__}Input": ListInput(partial(change_of, kind)) for kind in AssessmentKind},
}

LIST_INPUTS: ListInputs = {
    "CreateSpanInput": ListInput(span_of, _struct("CreateSpan", lambda column: column.required, _default), spans_of),
    "UpdateSpanInput": ListInput(
        update_of, _struct("UpdateSpan", lambda column: column in _IDENTITY, _unset), updates_of
    ),
    **_ASSESSMENTS,
}
"""The batches of the mutations, by the name of their input object."""


def list_inputs(ahead: Ahead | None) -> ListInputs:
    """Return the batches of the mutations, those of new spans prepared ahead, if they can be."""
    if ahead is None:
        return LIST_INPUTS
    return {**LIST_INPUTS, "CreateSpanInput": replace(LIST_INPUTS["CreateSpanInput"], ahead=partial(ahead, "graphql"))}

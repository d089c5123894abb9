"""What msgspec decodes the batches of the mutations into, made from the one list of fields."""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from server.observability.columns import ColumnDef, Kind, Nanos
from server.observability.merge import SpanUpdate
from server.observability.span import GIVEN_COLUMNS, SPAN_COLUMN, Span
from server.observability.times import parse_moments

from .scalars import read_json
from .variables import ListInput, ListInputs

_IDENTITY = (SPAN_COLUMN["trace_id"], SPAN_COLUMN["span_id"])
_SENT = (*_IDENTITY, *GIVEN_COLUMNS)
_Struct: TypeAlias = type[msgspec.Struct]

_WIRE: Mapping[Kind, Any] = {Kind.TIME: str, Kind.JSON: Any}
"""What a column is sent as, where that is not its own type."""

_READ: Mapping[Kind, Callable[[Sequence[Any]], Sequence[Any]]] = {
    Kind.TIME: parse_moments,
    Kind.JSON: lambda values: list(map(read_json, values)),
}
"""How the values of a column are read."""


def _struct(name: str, needed: Callable[[ColumnDef], bool], default: Callable[[ColumnDef], object]) -> _Struct:
    kinds: list[Any] = []
    for column in _SENT:
        kind = _WIRE.get(column.kind, column.value_type)
        optional = (column.name, kind | None | UnsetType, default(column))
        kinds.append((column.name, kind) if needed(column) else optional)
    labels = {column.name: column.label for column in _SENT}
    return msgspec.defstruct(name, kinds, kw_only=True, rename=labels, forbid_unknown_fields=True, gc=False)


def _values(structs: Sequence[Any], column: ColumnDef) -> Sequence[Any]:
    """Return a column as the record has it; where it is absent or null, nothing is read."""
    values = list(map(attrgetter(column.name), structs))
    read = _READ.get(column.kind)
    if read is None:
        return values
    given = iter(read([value for value in values if value is not None and value is not UNSET]))
    return [value if value is None or value is UNSET else next(given) for value in values]


def spans_of(structs: Sequence[Any]) -> list[Span]:
    """Return the records that spans of a batch mean; null is as good as absent. Raises `InvalidInput`."""
    columns = [_given(_values(structs, column), column.default) for column in _SENT]
    names = [column.name for column in _SENT]
    spans: list[Span] = []
    for row in zip(*columns, strict=True):
        span = _BLANK.copy()
        span.__dict__.update(zip(names, row, strict=True))
        spans.append(span)
    return spans


def _given(values: Sequence[Any], default: object) -> Sequence[Any]:
    return values if default is None else [default if value is None else value for value in values]


def updates_of(structs: Sequence[Any]) -> list[SpanUpdate]:
    """Return the changes that updates of a batch mean; null clears. Raises `InvalidInput`."""
    keys = zip(*(_values(structs, column) for column in _IDENTITY), strict=True)
    rows = zip(*(_values(structs, column) for column in GIVEN_COLUMNS), strict=True)
    names = [column.name for column in GIVEN_COLUMNS]
    changes = ({name: v for name, v in zip(names, row, strict=True) if v is not UNSET} for row in rows)
    return [SpanUpdate(trace, span, changed) for (trace, span), changed in zip(keys, changes, strict=True)]


_BLANK = Span(trace_id="", span_id="", name="", started_at=Nanos(0))
"""Copied for each span: a copy has room for all columns, where a new record would grow several times."""

LIST_INPUTS: ListInputs = {
    "CreateSpanInput": ListInput(
        _struct("CreateSpan", lambda column: column.required, lambda column: column.default), spans_of
    ),
    "UpdateSpanInput": ListInput(
        _struct("UpdateSpan", lambda column: column in _IDENTITY, lambda _: UNSET), updates_of
    ),
}
"""The batches of the mutations, by the name of their input object."""

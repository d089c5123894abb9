"""What msgspec decodes the batches of the mutations into, made from the one list of fields."""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from server.observability.columns import ColumnDef, Kind
from server.observability.merge import SpanUpdate
from server.observability.span import GIVEN_COLUMNS, SPAN_COLUMN, STORED_COLUMNS, Span
from server.observability.times import parse_moment

from .scalars import read_json
from .variables import ListInput, ListInputs

_IDENTITY = (SPAN_COLUMN["trace_id"], SPAN_COLUMN["span_id"])
_SENT = (*_IDENTITY, *GIVEN_COLUMNS)
_Struct: TypeAlias = type[msgspec.Struct]

_WIRE: Mapping[Kind, Any] = {Kind.TIME: str, Kind.JSON: Any}
"""What a column is sent as, where that is not its own type."""

_READ: Mapping[Kind, Callable[[Any], Any]] = {Kind.TIME: parse_moment, Kind.JSON: read_json}


def _struct(name: str, needed: Callable[[ColumnDef], bool]) -> _Struct:
    kinds: list[Any] = []
    for column in _SENT:
        kind = _WIRE.get(column.kind, column.value_type)
        kinds.append((column.name, kind) if needed(column) else (column.name, kind | None | UnsetType, UNSET))
    labels = {column.name: column.label for column in _SENT}
    return msgspec.defstruct(name, kinds, kw_only=True, rename=labels, forbid_unknown_fields=True, gc=False)


def _values(structs: Sequence[Any], column: ColumnDef) -> list[Any]:
    """Return a column as the record has it; of what is absent or null, nothing is read."""
    values = list(map(attrgetter(column.name), structs))
    read = _READ.get(column.kind)
    if read is None:
        return values
    return [value if value is None or value is UNSET else read(value) for value in values]


def spans_of(structs: Sequence[Any]) -> list[Span]:
    """Return the records that spans of a batch mean; null is as good as absent. Raises `InvalidInput`."""
    columns = [_given(_values(structs, column), column.default) for column in _SENT]
    spans: list[Span] = []
    for row in zip(*columns, strict=True):
        span = object.__new__(Span)
        span.__dict__.update(_DEFAULTS)
        span.__dict__.update(zip(_NAMES, row, strict=True))
        spans.append(span)
    return spans


def _given(values: Sequence[Any], default: object) -> Sequence[Any]:
    return [default if value is None or value is UNSET else value for value in values]


def updates_of(structs: Sequence[Any]) -> list[SpanUpdate]:
    """Return the changes that updates of a batch mean; null clears. Raises `InvalidInput`."""
    keys = zip(*(_values(structs, column) for column in _IDENTITY), strict=True)
    rows = zip(*(_values(structs, column) for column in GIVEN_COLUMNS), strict=True)
    names = [column.name for column in GIVEN_COLUMNS]
    changes = ({name: v for name, v in zip(names, row, strict=True) if v is not UNSET} for row in rows)
    return [SpanUpdate(trace, span, changed) for (trace, span), changed in zip(keys, changes, strict=True)]


_NAMES = tuple(column.name for column in _SENT)
_DEFAULTS: Mapping[str, Any] = {column.name: column.default for column in STORED_COLUMNS}

LIST_INPUTS: ListInputs = {
    "CreateSpanInput": ListInput(_struct("CreateSpan", lambda column: column.required), spans_of),
    "UpdateSpanInput": ListInput(_struct("UpdateSpan", lambda column: column in _IDENTITY), updates_of),
}
"""The batches of the mutations, by the name of their input object."""

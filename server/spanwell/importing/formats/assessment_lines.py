"""Scores and feedback as lines of JSON with the API's names, as an export writes them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from spanwell.importing.values import WRONG_TYPE, parse, read_moment
from spanwell.observability.model.assessments import Assessment, AssessmentKind
from spanwell.observability.model.columns import ColumnDef, Json, Kind, Origin, camel
from spanwell.observability.model.errors import InvalidInput

_IDS: Mapping[str, AssessmentKind] = MappingProxyType({camel(kind.id_column): kind for kind in AssessmentKind})
_MOMENT = msgspec.json.Decoder(int | float | str | None)


def kind_of_line(line: Mapping[str, msgspec.Raw]) -> AssessmentKind | None:
    """Return the kind of assessment on a line; None for a span, which has none of their ids."""
    return next((kind for name, kind in _IDS.items() if name in line and "startedAt" not in line), None)


def assessment_of(kind: AssessmentKind, line: Mapping[str, msgspec.Raw]) -> Assessment:
    """Return the record on a line. Raises `InvalidInput`, which names the invalid member."""
    columns = {column.label: column for column in kind.columns if column.origin is not Origin.DERIVED}
    values = {columns[name].name: _value(columns[name], raw) for name, raw in line.items() if name in columns}
    stated = {name: value for name, value in values.items() if value is not None}
    for column in columns.values():
        if column.required and column.name not in stated:
            raise InvalidInput("is missing", column.label)
    return kind.record(**stated)


def _value(column: ColumnDef, raw: msgspec.Raw) -> Any:
    try:
        if column.kind is Kind.JSON:
            return None if parse(raw) is None else Json(bytes(raw).decode())
        if column.kind is Kind.TIME:
            moment = _MOMENT.decode(raw)
            return None if moment is None else read_moment(moment)
        return msgspec.json.decode(raw, type=column.value_type | None)
    except InvalidInput as error:
        raise error.within(column.label) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise InvalidInput(WRONG_TYPE, column.label) from None

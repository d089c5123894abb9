"""JSON Lines: a span, a score, or feedback on each line, with the API's names."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

import msgspec

from spanwell.importing.batches import AT_ONCE, MARK, Batch, ImportFailed
from spanwell.importing.dialects.values import outcome_of
from spanwell.importing.names import COLUMN_OF, IGNORED
from spanwell.importing.values import WRONG_TYPE, merge_attributes, parse, read_moment
from spanwell.observability.conventions.filling import fill_span
from spanwell.observability.model.assessments import Assessment, AssessmentKind
from spanwell.observability.model.columns import ColumnDef, Json, Kind
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.fast_spans import make_span
from spanwell.observability.model.span import SPAN_COLUMN, SPAN_COLUMNS, Span, StatusCode

from .assessment_lines import assessment_of, kind_of_line

_LINE = msgspec.json.Decoder(dict[str, msgspec.Raw])
_REQUIRED = tuple(column for column in SPAN_COLUMNS if column.required)
_STATUS = "status"
_Read: TypeAlias = Callable[[msgspec.Raw], Any]


class JsonLines:
    """Files with a JSON object on each line."""

    unit = "line"

    def can_read(self, beginning: bytes) -> bool:
        """Return whether a file begins with an object."""
        return beginning.lstrip().startswith(b"{")

    def count(self, path: Path) -> int | None:
        """Return the number of lines that are not blank."""
        with path.open("rb") as file:
            return sum(not line.isspace() for line in file)

    def read(self, path: Path) -> Iterator[Batch]:
        """Yield the spans of a file. Raises `ImportFailed`."""
        with path.open("rb") as file:
            lines = ((number, line) for number, line in enumerate(file, 1) if not line.isspace())
            while chunk := list(islice(lines, AT_ONCE)):
                read = [(number, _record(path, number, line)) for number, line in chunk]
                spans = [(number, record) for number, record in read if isinstance(record, Span)]
                yield Batch([span for _, span in spans], [number for number, _ in spans])
                for kind in AssessmentKind:
                    records = [(number, record) for number, record in read if isinstance(record, kind.record)]
                    if records:
                        yield Batch([], [number for number, _ in records], [record for _, record in records], kind)


def _record(path: Path, number: int, line: bytes) -> Span | Assessment:
    try:
        members = _LINE.decode(line.removeprefix(MARK))
        kind = kind_of_line(members)
        return _read(members) if kind is None else assessment_of(kind, members)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ImportFailed(f"{path} line {number}: not a JSON object.") from None
    except InvalidInput as error:
        raise ImportFailed(f"{path} line {number}: {error}") from None


def _read(line: dict[str, msgspec.Raw]) -> Span:
    values: dict[str, Any] = {}
    others: dict[str, msgspec.Raw] = {}
    name = ""
    try:
        for name, raw in line.items():
            if name in _READERS:
                column, read = _READERS[name]
                value = read(raw)
                if value is not None:
                    values[column] = value
            elif name not in IGNORED and parse(raw) is not None:
                others[name] = raw
    except InvalidInput as error:
        raise error.within(name) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise InvalidInput(WRONG_TYPE, name) from None
    if _STATUS in line:
        _keep_status(values, line[_STATUS])
    _check_required(values)
    if others:
        values["attributes"] = _merged(values.get("attributes"), others)
    return fill_span(make_span(values.items()))


def _check_required(values: dict[str, Any]) -> None:
    for required in _REQUIRED:
        if required.name not in values:
            raise InvalidInput("is missing", required.label)


def _keep_status(values: dict[str, Any], raw: msgspec.Raw) -> None:
    """Set `status_code` from a line's `status` if nothing else in the line implies it; `status` itself is derived."""
    stated = parse(raw)
    code = outcome_of(stated, _STATUS) if isinstance(stated, str | None) else None
    if code is None and stated:
        raise InvalidInput("is not a span status", _STATUS)
    if code is StatusCode.ERROR and values.get("error_info") is None:
        values.setdefault("status_code", code)


def _merged(attributes: Json | None, others: dict[str, msgspec.Raw]) -> Json:
    try:
        return merge_attributes(attributes, others)
    except InvalidInput as error:
        raise error.within("attributes") from None


def _reader(column: ColumnDef) -> _Read:
    """Return the function that reads a column's value, with None for null."""
    match column.kind:
        case Kind.JSON:
            return lambda raw: None if parse(raw) is None else Json(bytes(raw).decode())
        case Kind.TIME:
            decode: Callable[[Any], float | str | None] = msgspec.json.Decoder(int | float | str | None).decode
            return lambda raw: None if (value := decode(raw)) is None else read_moment(value)
        case _ if column.name == "parent_span_id":
            text = msgspec.json.Decoder(str | None).decode
            return lambda raw: text(raw) or None
        case _:
            return msgspec.json.Decoder(column.value_type | None).decode


_READERS: Mapping[str, tuple[str, _Read]] = MappingProxyType(
    {name: (column, _reader(SPAN_COLUMN[column])) for name, column in COLUMN_OF.items()}
)
"""For each name on a line its column, and the function that reads the value."""

"""Spans as JSON Lines: an object on each line, by the API's names."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from server.observability.columns import ColumnDef, Json, Kind, Nanos
from server.observability.errors import InvalidInput
from server.observability.span import SPAN_COLUMN, Span
from server.observability.times import parse_moment

from .batches import AT_ONCE, Batch, ImportFailed
from .names import COLUMN_OF, IGNORED

_LINE = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TEXTS = msgspec.json.Decoder(list[str] | None)


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
                yield Batch([_span(path, number, line) for number, line in chunk], chunk[0][0])


def _span(path: Path, number: int, line: bytes) -> Span:
    try:
        return _read(_LINE.decode(line))
    except msgspec.DecodeError:
        raise ImportFailed(f"{path} line {number}: it is not a JSON object.") from None
    except InvalidInput as error:
        raise ImportFailed(f"{path} line {number}: {error}") from None


def _read(line: dict[str, msgspec.Raw]) -> Span:
    values: dict[str, Any] = {}
    others: dict[str, msgspec.Raw] = {}
    for name, raw in line.items():
        if name in COLUMN_OF:
            column = SPAN_COLUMN[COLUMN_OF[name]]
            value = _value(column, name, raw)
            if value is not None:
                values[column.name] = value
        elif name not in IGNORED and bytes(raw) != b"null":
            others[name] = raw
    for column in SPAN_COLUMN.values():
        if column.required and column.name not in values:
            raise InvalidInput("is missing", column.label)
    if others:
        values["attributes"] = _merged(values.get("attributes"), others)
    return Span(**values)


def _value(column: ColumnDef, name: str, raw: msgspec.Raw) -> Any:
    if bytes(raw) == b"null":
        return None
    if column.kind is Kind.JSON:
        return Json(bytes(raw).decode())
    try:
        return _scalar(column, raw)
    except (msgspec.DecodeError, ValueError, TypeError):
        raise InvalidInput("has a value of the wrong type", name) from None
    except InvalidInput as error:
        raise error.within(name) from None


def _scalar(column: ColumnDef, raw: msgspec.Raw) -> Any:
    if column.kind is Kind.TEXTS:
        return _TEXTS.decode(raw)
    value: Any = msgspec.json.decode(raw)
    match column.kind:
        case Kind.TIME:
            return _moment(value)
        case Kind.ENUM:
            return column.value_type(value)
        case Kind.FLAG if isinstance(value, bool):
            return value
        case Kind.TEXT if isinstance(value, str):
            return None if column.name == "parent_span_id" and not value else value
        case _:
            raise TypeError


def _moment(value: Any) -> Nanos:
    if isinstance(value, str) and not value.lstrip("-").isdigit():
        return parse_moment(value)
    if isinstance(value, int | str) and not isinstance(value, bool):
        return Nanos(int(value))
    raise TypeError


def _merged(given: Json | None, others: dict[str, msgspec.Raw]) -> Json:
    attributes = _LINE.decode(given) if given is not None else {}
    return Json(msgspec.json.encode({**attributes, **others}).decode())

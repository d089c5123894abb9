"""The formats of exports."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from typing_extensions import override

from spanwell.observability.model.blocks import Block
from spanwell.observability.model.columns import Kind
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.record import Listed
from spanwell.observability.model.span import Span
from spanwell.observability.model.text import json_of

from .fields import Field
from .lines import IMPORTED, importable_lines, lines, moments, one_line, parts_of
from .writer import Writer


class JsonLines(Writer):
    """A record per line; without chosen fields, those that a client can set, so that the lines can be imported."""

    def __init__(self, record: type[Listed], fields: Sequence[Field], *, chosen: bool) -> None:
        columns = [field.column for field in fields]
        is_importable = not chosen and record in IMPORTED
        self._write = partial(importable_lines, record) if is_importable else partial(lines, columns)

    @override
    def write(self, block: Block) -> bytes:
        return b"".join(map(self._write, parts_of(block)))


class OtlpLines(Writer):
    """OTLP/JSON requests, one line for each part of a block, with the fields of OTLP."""

    @override
    def write(self, block: Block) -> bytes:
        # Protobuf is loaded on first use.
        from spanwell.otlp.documents import write_document  # noqa: PLC0415 - as above
        from spanwell.otlp.encoding import encode  # noqa: PLC0415 - as above

        spans = ([record for record in part.records() if isinstance(record, Span)] for part in parts_of(block))
        return b"".join(one_line(write_document(encode(each))) for each in spans)


class Csv(Writer):
    """RFC 4180 in UTF-8: lists as JSON, times as RFC 3339; missing values are empty, and empty text is `""`."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._columns = [field.column for field in fields]
        self._head = ",".join(field.label for field in fields)

    @override
    def begin(self) -> bytes:
        return f"{self._head}\r\n".encode()

    @override
    def write(self, block: Block) -> bytes:
        return "".join(line for part in parts_of(block) for line in self._lines(part)).encode("utf-8", "surrogatepass")

    def _lines(self, block: Block) -> Iterator[str]:
        cells = [_cells(column.kind, block.values(column.name)) for column in self._columns]
        return (f"{','.join(row)}\r\n" for row in zip(*cells, strict=True))


_FLAGS = {None: "", True: "true", False: "false"}


def _cells(kind: Kind, values: list[Any]) -> list[str]:
    match kind:
        case Kind.TIME:
            return [value or "" for value in moments(values)]
        case Kind.FLAG:
            return [_FLAGS[value] for value in values]
        case Kind.INT | Kind.NUMBER:
            return ["" if value is None else str(value) for value in values]
        case Kind.TEXTS:
            values = [None if value is None else json_of(value) for value in values]
        case _:
            pass
    return ["" if value is None else f'"{value.replace(_QUOTE, _TWO_QUOTES)}"' for value in values]


_QUOTE, _TWO_QUOTES = '"', '""'


MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "jsonl": "application/x-ndjson",
        "otlp": "application/x-ndjson",
        "csv": "text/csv; charset=utf-8",
        "parquet": "application/vnd.apache.parquet",
        "arrow": "application/vnd.apache.arrow.stream",
    }
)
"""The media type of each format."""


def writer_of(name: str, record: type[Listed], fields: Sequence[Field], *, chosen: bool) -> Writer:
    """Return the writer of a format. Raises `InvalidInput` if it cannot write these records, or selected fields."""
    match name:
        case "jsonl":
            return JsonLines(record, fields, chosen=chosen)
        case "csv":
            return Csv(fields)
        case "otlp":
            if record is not Span:
                raise InvalidInput("is only available for spans", "format")
            if chosen:
                raise InvalidInput("cannot be selected: OTLP has its own fields", "fields")
            return OtlpLines()
        case _:
            from . import tables  # noqa: PLC0415 - loads arro3 on first use

            return tables.Parquet(fields) if name == "parquet" else tables.Arrow(fields)

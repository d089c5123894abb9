"""The formats of exports."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from typing_extensions import override

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.record import Listed
from spanwell.observability.model.span import Span
from spanwell.observability.model.text import json_of
from spanwell.observability.model.times import format_moment

from .fields import Field
from .lines import IMPORTED, json_line, json_value, one_line
from .writer import Records, Writer


class JsonLines(Writer):
    """A record per line; without chosen fields, those that a client can set, so that the lines can be imported."""

    def __init__(self, fields: Sequence[Field], *, chosen: bool) -> None:
        self._fields = [(field.label, field.column.kind, field.read) for field in fields]
        self._chosen = chosen

    @override
    def write(self, records: Records) -> bytes:
        return b"".join(
            json_line(record) if not self._chosen and type(record) in IMPORTED else one_line(self._shown(record))
            for record in records
        )

    def _shown(self, record: Listed) -> dict[str, Any]:
        return {label: json_value(kind, read(record)) for label, kind, read in self._fields}


class OtlpLines(Writer):
    """OTLP/JSON requests, one line for each page, with the fields of OTLP."""

    @override
    def write(self, records: Records) -> bytes:
        # Protobuf is loaded on first use.
        from spanwell.otlp.documents import write_document  # noqa: PLC0415 - as above
        from spanwell.otlp.encoding import encode  # noqa: PLC0415 - as above

        return one_line(write_document(encode([record for record in records if isinstance(record, Span)])))


class Csv(Writer):
    """RFC 4180 in UTF-8: lists as JSON, times as RFC 3339; missing values are empty, and empty text is `""`."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = [(field.column.kind, field.read) for field in fields]
        self._head = ",".join(field.label for field in fields)

    @override
    def begin(self) -> bytes:
        return f"{self._head}\r\n".encode()

    @override
    def write(self, records: Records) -> bytes:
        lines = (",".join([_cell(kind, read(record)) for kind, read in self._fields]) for record in records)
        return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "surrogatepass")


def _cell(kind: Kind, value: Any) -> str:
    match kind:
        case _ if value is None:
            return ""
        case Kind.TIME:
            return format_moment(value)
        case Kind.FLAG:
            return "true" if value else "false"
        case Kind.INT | Kind.NUMBER:
            return str(value)
        case Kind.TEXTS:
            value = json_of(value)
        case _:
            pass
    return '"' + str(value).replace('"', '""') + '"'


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
            return JsonLines(fields, chosen=chosen)
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

"""The formats that records are written in, piece by piece."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

from typing_extensions import override

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.record import Listed
from spanwell.observability.model.span import Span
from spanwell.observability.model.text import json_of
from spanwell.observability.model.times import format_moment

from .fields import Field
from .lines import IMPORTED, json_line, json_value, one_line

Records: TypeAlias = Sequence[Listed]


class Writer(ABC):
    """Writes records one page after the other. Each call may take long: it is for a thread."""

    def begin(self) -> bytes:
        """Return what comes before all records."""
        return b""

    @abstractmethod
    def write(self, records: Records) -> bytes:
        """Return what some records become."""

    def end(self) -> bytes:
        """Return what comes after all records."""
        return b""

    def close(self) -> None:  # noqa: B027 - most hold nothing
        """Let go of what it works with, also where it was not ended."""


class JsonLines(Writer):
    """A record a line. Without chosen fields all that `import` reads again, without what is absent; of traces all."""

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
    """Requests of OTLP/JSON, one a line for each page, with the fields that OTLP has."""

    @override
    def write(self, records: Records) -> bytes:
        # Protobuf is loaded for those who ask for it, and not before.
        from spanwell.otlp.documents import write_document  # noqa: PLC0415 - as above
        from spanwell.otlp.encoding import encode  # noqa: PLC0415 - as above

        return one_line(write_document(encode([record for record in records if isinstance(record, Span)])))


class Csv(Writer):
    """RFC 4180, in UTF-8: JSON and lists as JSON, moments in RFC 3339. What is absent is empty, empty text `""`."""

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
"""The formats, and what each is called on the Web."""


def writer_of(name: str, record: type[Listed], fields: Sequence[Field], *, chosen: bool) -> Writer:
    """Return a writer of a format. Raises `InvalidInput` if it cannot write those records, or choose fields."""
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
            from . import tables  # noqa: PLC0415 - loads what writes Parquet and Arrow, which others need not

            return tables.Parquet(fields) if name == "parquet" else tables.Arrow(fields)

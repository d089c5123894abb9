"""OTLP in files: JSON documents, JSON Lines of the collector's file exporter, and protobuf messages."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from spanwell.importing.batches import AT_ONCE, MARK, Batch, ImportFailed
from spanwell.importing.dialects.tempo import as_otlp
from spanwell.observability.model.errors import InvalidInput
from spanwell.otlp.decoding import decode
from spanwell.otlp.documents import decode_document, parse_protobuf, read_document
from spanwell.otlp.repair import Faults

_JSON_NAMES = (b'"resourceSpans"', b'"resource_spans"', b'"batches"')


class OtlpJson:
    """Files of JSON documents with `resourceSpans`: a single one, one per line, or a list."""

    unit = "element"

    def can_read(self, beginning: bytes) -> bool:
        """Return whether a file begins with a document that has resource spans."""
        text = beginning.lstrip()
        return _BEGINS.match(text) is not None and any(name in text for name in _JSON_NAMES)

    def count(self, path: Path) -> int | None:
        """Return None: spans are only known once they are read."""
        del path
        return None

    def read(self, path: Path) -> Iterator[Batch]:
        """Yield the spans of a file. Raises `ImportFailed`."""
        content = path.read_bytes().removeprefix(MARK)
        if content.lstrip().startswith(b"["):
            yield from _listed(path, content)
            return
        try:
            requests = [("", _parse(content, []))]
        except InvalidInput as whole:
            lines = [
                (number, line) for number, line in enumerate(content.splitlines(), 1) if not line.isspace() and line
            ]
            if len(lines) < 2:
                raise ImportFailed(f"{path}: {whole}") from None
            yield from _lines(path, lines)
        else:
            yield from _batches(path, iter(requests))


class OtlpProtobuf:
    """Files with an ExportTraceServiceRequest (or TracesData, which has the same encoding)."""

    unit = "element"

    def can_read(self, beginning: bytes) -> bool:
        """Return whether a file begins with a message: field 1, its length, and within it field 1 or 2 again."""
        if beginning[:1] != b"\x0a":
            return False
        at = next((index for index in range(1, 11) if beginning[index : index + 1] < b"\x80"), 11) + 1
        return beginning[at : at + 1] in (b"\x0a", b"\x12")

    def count(self, path: Path) -> int | None:
        """Return None: spans are only known once they are read."""
        del path
        return None

    def read(self, path: Path) -> Iterator[Batch]:
        """Yield the spans of a file. Raises `ImportFailed`."""
        yield from _batches(path, iter([("", _parsed(path, "", parse_protobuf, path.read_bytes()))]))


def _parse(content: bytes, faults: Faults) -> ExportTraceServiceRequest:
    """Return the export request in a document, which may come from Tempo's API. Raises `InvalidInput`."""
    document = as_otlp(decode_document(content, faults))
    if "resourceSpans" not in document and "resource_spans" not in document:
        raise InvalidInput("has no resourceSpans", "document")
    return read_document(ExportTraceServiceRequest, document, faults)


_BEGINS = re.compile(rb"(?:\[\s*)?\{")
_LIST = msgspec.json.Decoder(list[msgspec.Raw])


def _listed(path: Path, content: bytes) -> Iterator[Batch]:
    try:
        documents = _LIST.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ImportFailed(f"{path}: `document` is not a JSON list in UTF-8.") from None
    parsed = ((f"[{at}].", _parsed(path, f" [{at}]", _parse, bytes(each))) for at, each in enumerate(documents))
    yield from _batches(path, parsed)


def _lines(path: Path, lines: list[tuple[int, bytes]]) -> Iterator[Batch]:
    return _batches(
        path, ((f"line {number} ", _parsed(path, f" line {number}", _parse, line)) for number, line in lines)
    )


def _parsed(
    path: Path, place: str, parse: Callable[[bytes, Faults], ExportTraceServiceRequest], content: bytes
) -> ExportTraceServiceRequest:
    try:
        return parse(content, [])
    except InvalidInput as error:
        raise ImportFailed(f"{path}{place}: {error}") from None


def _batches(path: Path, requests: Iterator[tuple[str, ExportTraceServiceRequest]]) -> Iterator[Batch]:
    for place, request in requests:
        decoded = decode(request)
        if decoded.rejected:
            raise ImportFailed(f"{path} {place}{decoded.rejected[0]}")
        spans = list(decoded.spans)
        for start in range(0, len(spans), AT_ONCE):
            end = min(start + AT_ONCE, len(spans))
            yield Batch(spans[start:end], [place + decoded.place(number) for number in range(start, end)])

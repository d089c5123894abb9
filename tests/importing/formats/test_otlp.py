"""Files of OTLP come in, as whoever wrote them wrote them."""

import json
from pathlib import Path
from typing import Any

import pytest

from spanwell.importing import ImportFailed
from spanwell.importing.files import count_spans
from spanwell.otlp.documents import write_document
from tests.importing.stores import Store
from tests.otlp.making import TRACE, otlp_span, request_of


def line(*numbers: int, **fields: Any) -> bytes:
    """Return a request with some spans as a line of JSON."""
    return json.dumps(write_document(request_of(*(otlp_span(number, **fields) for number in numbers)))).encode()


def test_documents_lines_and_messages_come_in(store: Store, tmp_path: Path) -> None:
    document, lines, message = tmp_path / "a.json", tmp_path / "a.jsonl", tmp_path / "a.bin"
    document.write_bytes(json.dumps(json.loads(line(1)), indent=1).encode())
    lines.write_bytes(line(2) + b"\n\n" + line(3, name="third") + b"\n")
    message.write_bytes(request_of(otlp_span(4)).SerializeToString())
    assert count_spans([document, lines, message]) is None
    assert count_spans([message]) is None
    assert store.add(document, lines, message).created == 4
    assert store.span(TRACE.hex(), f"{3:016x}").name == "third"
    assert store.add(message, document, lines).unchanged == 4


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (line(1) + b"\n{\n", ": `body` is not a JSON object in UTF-8."),
        (b'{"resourceSpans": 1}', ": `resourceSpans` is not a list."),
        (
            line(1) + b"\n" + line(2, trace_id=bytes(16)),
            " line 2 `resourceSpans[0].scopeSpans[0].spans[0].traceId` is not a valid id",
        ),
        (b"\x0a\x05\x0a\x03\xff\xff\xff", ": `body` is not an ExportTraceServiceRequest in protobuf."),
    ],
)
def test_what_is_wrong_is_told_with_its_place(store: Store, tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "a"
    file.write_bytes(content)
    with pytest.raises(ImportFailed) as failed:
        store.add(file)
    assert said.removeprefix(":") in str(failed.value)

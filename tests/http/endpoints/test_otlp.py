"""`POST /v1/traces` does what OTLP says, in either encoding."""

import gzip
import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from spanwell.app import create_app
from spanwell.observability.derivation.batches import Created
from spanwell.observability.model.errors import Overloaded
from spanwell.observability.model.span import Span as SpanRecord
from spanwell.otlp.documents import write_document
from spanwell.otlp.values import otlp_attributes
from spanwell.settings import Settings
from spanwell.storage.reference.storage import MemoryStorage
from tests.http.clients import LEAK, Client, client_of, make_app
from tests.making import START
from tests.otlp.making import TRACE, otlp_span, request_of

PROTOBUF = {"content-type": "application/x-protobuf"}
JSON = {"content-type": "application/json"}
URL = "/v1/traces"


@pytest.fixture
def client() -> Iterator[Client]:
    with client_of(make_app(max_body_bytes=100_000, max_span_bytes=5_000, max_batch_spans=20)) as client:
        yield client


def bodies(*spans: Span) -> list[tuple[dict[str, str], bytes]]:
    """Return a request with some spans in both encodings, with its headers."""
    request = request_of(*spans)
    return [(PROTOBUF, request.SerializeToString()), (JSON, json.dumps(write_document(request)).encode())]


def send(client: Client, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, Any]]:
    """Return the status of an export, and the answer as OTLP/JSON has it."""
    answer = client.post(URL, content=body, headers=headers)
    assert answer.headers["content-type"] == headers["content-type"]
    assert not LEAK.search(answer.text)
    if headers == JSON:
        return answer.status_code, answer.json()
    if answer.status_code == 200:
        response = ExportTraceServiceResponse.FromString(answer.content)
        partial = response.partial_success
        said = {"rejectedSpans": str(partial.rejected_spans), "errorMessage": partial.error_message}
        return 200, {"partialSuccess": said} if response.HasField("partial_success") else {}
    return answer.status_code, read_status(answer.content)


def read_status(content: bytes) -> dict[str, Any]:
    """Return a `google.rpc.Status`."""
    assert content[0] == 0x08
    assert content[2] == 0x12
    size, start = (content[3], 4) if content[3] < 128 else (content[3] - 128 + (content[4] << 7), 5)
    assert len(content) == start + size
    return {"code": content[1], "message": content[start:].decode()}


def stored(client: Client, fields: str = "spanId name") -> list[dict[str, Any]]:
    query = f"{{ spans(orderBy: [{{field: NAME, direction: ASC}}]) {{ nodes {{ {fields} }} }} }}"
    answer = client.post("/graphql", json={"query": query})
    nodes: list[dict[str, Any]] = answer.json()["data"]["spans"]["nodes"]
    return nodes


@pytest.mark.parametrize("encoding", [0, 1])
def test_spans_are_stored_once_however_often_they_are_sent(client: Client, encoding: int) -> None:
    headers, body = bodies(otlp_span(1, name="a"), otlp_span(2, name="b"))[encoding]
    for _ in range(3):
        assert send(client, headers, body) == (200, {})
    assert stored(client) == [{"spanId": "0000000000000001", "name": "a"}, {"spanId": "0000000000000002", "name": "b"}]


def test_either_encoding_stores_the_same(client: Client) -> None:
    span = otlp_span(1, attributes={"http.method": "GET", "n": 2**60, "f": 1.0}, kind=3, trace_state="a=b")
    (_, first), (_, second) = ((headers, send(client, headers, body)) for headers, body in bodies(span))
    assert first == second == (200, {})
    fields = "traceId kind startedAt endedAt serviceName scopeName scopeVersion traceState attributes resource"
    (node,) = stored(client, f"{fields} updatedAt createdAt")
    assert node.pop("updatedAt") == node.pop("createdAt")
    assert node == {
        "traceId": TRACE.hex(),
        "kind": "CLIENT",
        "startedAt": "2026-01-01T00:00:00Z",
        "endedAt": "2026-01-01T00:00:01Z",
        "serviceName": "cart",
        "scopeName": "http",
        "scopeVersion": "1.2",
        "traceState": "a=b",
        "attributes": {"http.method": "GET", "n": 2**60, "f": 1.0},
        "resource": {"service.name": "cart"},
    }


@pytest.mark.parametrize(("headers", "body"), [(PROTOBUF, b""), (JSON, b"{}")])
def test_an_empty_request_is_a_success(client: Client, headers: dict[str, str], body: bytes) -> None:
    assert send(client, headers, body) == (200, {})


@pytest.mark.parametrize("encoding", [0, 1])
def test_bad_spans_are_rejected_and_good_ones_stored(client: Client, encoding: int) -> None:
    spans = [
        otlp_span(1, name="good"),
        otlp_span(2, trace_id=bytes(16)),
        otlp_span(3, span_id=bytes(8)),
        otlp_span(4, trace_id=b"short"),
        otlp_span(6, attributes={"long": "x" * 6_000}),
        otlp_span(7, name=""),
    ]
    headers, body = bodies(*spans)[encoding]
    status, answer = send(client, headers, body)
    assert status == 200
    assert answer["partialSuccess"]["rejectedSpans"] == "4"
    message = answer["partialSuccess"]["errorMessage"]
    assert message.startswith("`resourceSpans[0].scopeSpans[0].spans[1].traceId` is not a valid id of 16 bytes")
    assert message.endswith("And 1 more.")
    assert [node["name"] for node in stored(client)] == ["", "good"]


@pytest.mark.parametrize("encoding", [0, 1])
def test_times_that_cannot_be_stored_are_left_out_and_named(client: Client, encoding: int) -> None:
    late = [otlp_span(1, start_time_unix_nano=2**64 - 1), otlp_span(2, end_time_unix_nano=2**63)]
    headers, body = bodies(*late)[encoding]
    _, answer = send(client, headers, body)
    assert answer["partialSuccess"]["errorMessage"] == (
        "`resourceSpans[0].scopeSpans[0].spans[0].startTimeUnixNano` is after the year 2262. "
        "`resourceSpans[0].scopeSpans[0].spans[1].endTimeUnixNano` is after the year 2262."
    )
    assert int(answer["partialSuccess"].get("rejectedSpans", 0)) == 0
    assert len(stored(client)) == 2


def test_more_spans_than_a_batch_may_hold_are_stored(client: Client) -> None:
    headers, body = bodies(*(otlp_span(number) for number in range(1, 51)))[0]
    assert send(client, headers, body) == (200, {})
    assert len(stored(client)) == 50


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (PROTOBUF, b"\xff\xff"),
        (PROTOBUF, b'{"resourceSpans": []}'),
        (JSON, b"{"),
        (JSON, b"[]"),
        (JSON, b'{"resourceSpans": 1}'),
        (JSON, b'{"resourceSpans": ' + b"[" * 5_000 + b"]" * 5_000 + b"}"),
        (JSON, b'\xff{"resourceSpans": []}'),
    ],
)
def test_what_is_no_request_is_refused_with_a_status(client: Client, headers: dict[str, str], body: bytes) -> None:
    status, answer = send(client, headers, body)
    assert (status, answer["code"]) == (400, 3)
    assert "secret" not in answer["message"]
    assert stored(client) == []


def test_bodies_may_be_compressed_with_gzip_and_nothing_else(client: Client) -> None:
    headers, body = bodies(otlp_span())[0]

    def status(content: bytes, encoding: str) -> int:
        return client.post(URL, content=content, headers={**headers, "content-encoding": encoding}).status_code

    assert status(gzip.compress(body), "gzip") == status(body, "identity") == 200
    assert status(body, "zstd") == 415
    assert status(gzip.compress(b"\x0a" * 1_000_000), "gzip") == 413


@pytest.mark.parametrize("encoding", [0, 1])
@pytest.mark.parametrize(
    ("body", "content_encoding", "expected"),
    [
        (b"x" * 200_000, "identity", 413),
        (gzip.compress(b" " * 200_000, mtime=0), "gzip", 413),
        (b"x", "deflate", 415),
        (b"x", "gzip", 400),
        (gzip.compress(b"{}", mtime=0)[:-3], "gzip", 400),
    ],
)
def test_bodies_that_cannot_be_read_are_refused_with_a_status(
    client: Client, encoding: int, body: bytes, content_encoding: str, expected: int
) -> None:
    headers = (PROTOBUF, JSON)[encoding]
    answer = client.post(URL, content=body, headers={**headers, "content-encoding": content_encoding})
    assert (answer.status_code, answer.headers["content-type"]) == (expected, headers["content-type"])
    said = answer.json() if encoding else read_status(answer.content)
    assert said["code"] == 3
    assert said["message"].endswith(".")


DOCUMENT = {
    "resourceSpans": [
        {
            "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "cart"}, "new": 1}]},
            "scopeSpans": [{"spans": [], "new": {"deep": [None]}}],
            "new": "unknown",
        }
    ],
    "new": 1,
}


def document_of(span: dict[str, Any]) -> bytes:
    """Return a request with unknown fields everywhere around a span."""
    ids = {"traceId": TRACE.hex().upper(), "spanId": "00000000000000AB"}
    document = json.loads(json.dumps(DOCUMENT))
    document["resourceSpans"][0]["scopeSpans"][0]["spans"] = [{**ids, "name": "n", "new": {"a": [1]}, **span}]
    return json.dumps(document).encode()


@pytest.mark.parametrize("kind", [3, "SPAN_KIND_CLIENT"])
@pytest.mark.parametrize("moment", [str(START), START])
def test_json_is_read_as_exporters_of_all_sorts_write_it(client: Client, kind: object, moment: object) -> None:
    """Ids in any case, enums as numbers or names, 64 bits as text or numbers, and members that are not known."""
    counts = [{"key": "n", "value": {"intValue": n}} for n in ("9007199254740993", 5)]
    counts[1]["key"] = "m"
    span = {"kind": kind, "startTimeUnixNano": moment, "endTimeUnixNano": moment, "attributes": counts}
    assert send(client, JSON, document_of(span)) == (200, {})
    (node,) = stored(client, "traceId spanId kind startedAt serviceName attributes")
    assert node == {
        "traceId": TRACE.hex(),
        "spanId": "00000000000000ab",
        "kind": "CLIENT",
        "startedAt": "2026-01-01T00:00:00Z",
        "serviceName": "cart",
        "attributes": {"n": 9007199254740993, "m": 5},
    }


@pytest.mark.parametrize("span_id", ["0 0000000000000ab", "0x00000000000000", "000000000000000g", "abc"])
def test_ids_are_hexadecimal_digits_and_nothing_else(client: Client, span_id: str) -> None:
    status, answer = send(client, JSON, document_of({"spanId": span_id}))
    assert (status, answer["partialSuccess"]["rejectedSpans"]) == (200, "1")
    assert answer["partialSuccess"]["errorMessage"] == (
        "`resourceSpans[0].scopeSpans[0].spans[0].spanId` is not a valid id of 8 bytes."
    )


def test_a_link_to_nothing_does_not_keep_its_span_out(client: Client) -> None:
    link = Span.Link(attributes=otlp_attributes({"why": "lost"}))
    headers, body = bodies(otlp_span(links=[link]))[0]
    assert send(client, headers, body) == (200, {})
    (node,) = stored(client, "links")
    assert node["links"] == [{"traceId": "", "spanId": "", "attributes": {"why": "lost"}}]


@pytest.mark.parametrize("media_type", ["text/plain", "", "application/octet-stream", "application/jsonx"])
def test_other_media_types_are_refused(client: Client, media_type: str) -> None:
    assert client.post(URL, content=b"{}", headers={"content-type": media_type}).status_code == 415


def test_only_post_is_answered(client: Client) -> None:
    answer = client.get(URL)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


class BrokenStorage(MemoryStorage):
    async def batch_create_spans(self, spans: Sequence[SpanRecord]) -> Created:
        raise RuntimeError(f"secret {len(spans)}")


@pytest.mark.parametrize("encoding", [0, 1])
def test_what_goes_wrong_inside_stays_inside(encoding: int) -> None:
    with client_of(create_app(Settings(), BrokenStorage())) as client:
        status, said = send(client, *bodies(otlp_span())[encoding])
    assert (status, said) == (500, {"code": 13, "message": "Internal server error."})


class FullStorage(MemoryStorage):
    async def batch_create_spans(self, spans: Sequence[SpanRecord]) -> Created:
        del spans
        raise Overloaded("Too many writes are waiting; try again in a moment.")


@pytest.mark.parametrize("encoding", [0, 1])
def test_an_overloaded_server_says_when_to_come_again(encoding: int) -> None:
    headers, body = bodies(otlp_span())[encoding]
    with client_of(create_app(Settings(), FullStorage())) as client:
        answer = client.post(URL, content=body, headers=headers)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        status, said = send(client, headers, body)
    assert (status, said["code"]) == (503, 14)
    assert said["message"] == "Too many writes are waiting; try again in a moment."

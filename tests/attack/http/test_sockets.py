"""What a hostile or broken client may do to the WebSocket of a real server: each ends as the protocol says."""

import json
import struct
import time
import urllib.request
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.http.clients import LEAK
from tests.http.raw_sockets import INIT, Raw, ask, frame
from tests.running import Running, serving

FOLLOW = "subscription { spans { cursor } }"
DEEP = "[" * 100_000 + "]" * 100_000


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with serving("--db", ":memory:", "--max-socket-operations", "3") as running:
        yield running


class Case(NamedTuple):
    name: str
    code: int
    frames: tuple[str | bytes, ...]
    """Texts, or frames as they are."""


def begun(name: str, code: int, *frames: str | bytes) -> Case:
    return Case(name, code, (INIT, *frames))


CASES = [
    Case("subscribes before it begins", 4401, (ask("{ __typename }"),)),
    Case("begins with nothing in time", 4408, ()),
    Case("begins with a payload that is a list", 4400, ('{"type":"connection_init","payload":[]}',)),
    begun("begins twice", 4429, INIT),
    begun("an id twice", 4409, ask(FOLLOW), ask(FOLLOW)),
    begun("a list", 4400, "[]"),
    begun("null", 4400, "null"),
    begun("a number", 4400, "1"),
    begun("a text", 4400, '"x"'),
    begun("nothing at all", 4400, ""),
    begun("no JSON", 4400, "{"),
    begun("two values", 4400, "{} {}"),
    begun("no type", 4400, "{}"),
    begun("a type that is a number", 4400, '{"type":1}'),
    begun("an unknown type", 4400, '{"type":"start","id":"1"}'),
    begun("a message of the server", 4400, '{"type":"next","id":"1","payload":{}}'),
    begun("an id that is a number", 4400, ask("{ __typename }", 1)),
    begun("an id that is a list", 4400, ask("{ __typename }", [])),
    begun("an empty id", 4400, ask("{ __typename }", "")),
    begun("an id of 100 KB", 4400, ask("{ __typename }", "x" * 100_000)),
    begun("no id", 4400, '{"type":"subscribe","payload":{"query":"{ __typename }"}}'),
    begun("complete without an id", 4400, '{"type":"complete"}'),
    begun("no payload", 4400, '{"type":"subscribe","id":"1"}'),
    begun("a payload that is null", 4400, '{"type":"subscribe","id":"1","payload":null}'),
    begun("no query", 4400, '{"type":"subscribe","id":"1","payload":{}}'),
    begun("a query that is a number", 4400, ask(1)),
    begun("variables that are no JSON", 4400, ask("{ __typename }")[:-2] + ',"variables":{]}}'),
    begun("extensions that are a list", 4400, ask("{ __typename }", extensions=[])),
    begun("an operation's name that is a list", 4400, ask("{ __typename }", operationName=[])),
    begun("a ping with a text", 4400, '{"type":"ping","payload":"x"}'),
    begun("JSON of 100,000 levels", 4400, DEEP),
    begun("JSON of 100,000 levels inside a message", 4400, f'{{"type":"ping","payload":{{"a":{DEEP}}}}}'),
    begun("NaN", 4400, '{"type":"ping","payload":{"a":NaN}}'),
    begun("a lone surrogate as the id", 4400, '{"type":"complete","id":"\\ud800"}'),
    begun("a mark of byte order", 4400, "\ufeff" + '{"type":"ping"}'),
    begun("a binary frame", 4400, frame(b'{"type":"ping"}', 0x82)),
    begun("text that is not UTF-8", 1007, frame(b"\xff\xfe\xfd")),
    begun("a frame without a mask", 1002, frame(b"{}", masked=False)),
    begun("a frame of a reserved kind", 1002, frame(b"{}", 0x83)),
    begun("a frame that says it is compressed", 1002, frame(b"{}", 0xC1)),
    begun("a continuation of nothing", 1002, frame(b"{}", 0x80)),
    begun("a ping of 200 bytes", 1002, frame(b"x" * 200, 0x89)),
    begun("a ping in two parts", 1002, frame(b"x", 0x09)),
    begun("a close of one byte", 1002, frame(b"x", 0x88)),
    begun("a close with a reserved code", 1002, frame(struct.pack("!H", 1005), 0x88)),
    begun("a frame of 2 MiB", 1009, frame(b" " * 2**21)),
    begun("a frame that announces 2^62 bytes", 1009, b"\x81\xff" + struct.pack("!Q", 2**62) + b"\0\0\0\0"),
    begun("2 MiB in parts", 1009, frame(b" " * 2**19, 0x01) + frame(b" " * 2**19, 0x00) * 3),
    begun("a polite end", 1000, frame(struct.pack("!H", 1000), 0x88)),
]


def healthy(server: Running) -> bool:
    with urllib.request.urlopen(f"{server.url}/healthz", timeout=5) as answer:  # noqa: S310 - http to ourselves
        return bool(answer.status == 200)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_each_ends_with_the_code_of_its_fault_and_the_server_goes_on(server: Running, case: Case) -> None:
    raw = Raw(server.url)
    assert raw.status == 101
    raw.send(*case.frames)
    code, reason = raw.closed()
    raw.end()
    assert code == case.code, reason
    assert reason or code in {1000, 1002, 1007, 1009}
    assert not LEAK.search(reason)
    assert healthy(server)


@pytest.mark.parametrize("protocol", ["", "graphql-ws", "soap"])
def test_another_protocol_is_refused(server: Running, protocol: str) -> None:
    raw = Raw(server.url, protocol=protocol)
    assert raw.closed()[0] == 4406
    raw.end()
    assert healthy(server)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (("Origin: http://evil.example",), 403),
        (("Origin: null",), 403),
        (("Origin: http://[",), 403),
        (("Origin: http://localhost", "Origin: http://localhost"), 400),
        (("Host: evil.example",), 400),
    ],
)
def test_a_foreign_page_is_refused_before_anything_is_read(
    server: Running, headers: tuple[str, ...], status: int
) -> None:
    raw = Raw(server.url, *headers)
    raw.end()
    assert raw.status == status
    assert healthy(server)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{" * 500, "GRAPHQL_PARSE_FAILED"),
        ("{ " + "a: __typename " * 3_000 + "}", "QUERY_TOO_COMPLEX"),
        ("{ traces { nodes { nope } } }", "GRAPHQL_VALIDATION_FAILED"),
        ('subscription { spans(after: "x") { cursor } }', "BAD_CURSOR"),
    ],
)
def test_limits_and_errors_are_those_of_http(server: Running, query: str, code: str) -> None:
    raw = Raw(server.url)
    raw.send(INIT, ask(query))
    raw.hear()
    message = json.loads(raw.hear()[1])
    raw.end()
    assert message["type"] == "error"
    assert message["payload"][0]["extensions"]["code"] == code


def test_many_pings_are_answered_one_by_one(server: Running) -> None:
    raw = Raw(server.url)
    raw.send(INIT, *['{"type":"ping"}'] * 500)
    assert raw.hear()[1] == b'{"type":"connection_ack"}'
    assert [raw.hear()[1] for _ in range(500)] == [b'{"type":"pong"}'] * 500
    raw.end()


def followers(server: Running) -> bytes:
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=5) as answer:  # noqa: S310 - http to ourselves
        return bytes(next(line for line in answer if line.startswith(b"spanwell_followers ")))


def test_subscribers_that_come_and_go_leave_nothing_behind() -> None:
    with serving("--db", ":memory:") as server:
        before = followers(server)
        came = [Raw(server.url) for _ in range(100)]
        for one in came:
            one.send(INIT, ask(FOLLOW))
            assert b"ack" in one.hear()[1]
        for one in came:
            one.end()
        while followers(server) != before:
            time.sleep(0.05)
        assert healthy(server)


def test_a_server_that_is_told_to_stop_does_not_wait_for_subscribers() -> None:
    with serving("--db", ":memory:") as server:
        raw = Raw(server.url)
        raw.send(INIT, ask(FOLLOW), ask("{ __typename }", "2"))
        assert b"ack" in raw.hear()[1]
        assert b'"2"' in raw.hear()[1]
        begin = time.monotonic()
        code, _ = server.stop()
        assert time.monotonic() - begin < 5
        assert code == 0
        assert raw.hear()[1].endswith(b'"complete","id":"2"}')
        assert raw.closed() == (1001, "The server stops.")
        raw.end()

"""What only a real server on a real socket shows."""

import contextlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.http.clients import COUNT, CREATE, LEAK

PROGRAM = """
import socket, sys, uvicorn
from spanwell.app import create_app
from spanwell.http.transport import body
from spanwell.settings import Settings
from spanwell.storage.reference.storage import MemoryStorage
from spanwell.http import uvicorn_hooks
body.PATIENCE = 0.5
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
uvicorn_hooks._HEAD = uvicorn_hooks._TAKING = 0.7
app = create_app(Settings(max_body_bytes=100_000), MemoryStorage())
config = uvicorn.Config(app, http=uvicorn_hooks.HttpConnection, log_level="warning")
uvicorn.Server(config).run([listener])
"""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Start a server of its own process; its bodies may take half a second, its heads and slow readers a bit more."""
    root = Path(__file__).parents[3]
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, cwd=root) as process:
        assert process.stdout is not None
        number = int(process.stdout.readline())
        yield number
        process.terminate()


def talk(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """Send bytes as they are, then return everything that comes back until the server closes or falls silent."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)
        answer = b""
        connection.settimeout(2)
        try:
            while piece := connection.recv(65_536):
                answer += piece
        except (TimeoutError, ConnectionResetError):
            pass
        return answer


def request(body: bytes, *headers: str, method: str = "POST", path: str = "/graphql") -> bytes:
    lines = (
        f"{method} {path} HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        "Connection: close",
        *headers,
    )
    return "\r\n".join((*lines, "", "")).encode() + body


def with_length(query: str) -> bytes:
    body = json.dumps({"query": query}).encode()
    return request(body, f"Content-Length: {len(body)}")


def spans_of(port: int) -> int:
    answer = talk(port, with_length(COUNT))
    return int(json.loads(answer.rpartition(b"\r\n")[2])["data"]["spans"]["totalCount"])


BODY = json.dumps({"query": CREATE}).encode()
LENGTH = f"Content-Length: {len(BODY)}"

REFUSED = {
    "A32 a header of 200 KB": (
        with_length(COUNT).replace(b"Host:", b"X: " + b"x" * 200_000 + b"\r\nHost:"),
        (b"431",),
    ),
    "A33 a URL of 200 KB": (request(b"", method="GET", path="/graphql?query=" + "x" * 200_000), (b"400", b"414")),
    "A34 a length and chunks": (request(b"0\r\n\r\n" + BODY, LENGTH, "Transfer-Encoding: chunked"), (b"400",)),
    "A34 two lengths": (request(BODY, LENGTH, "Content-Length: 3"), (b"400",)),
    "A34 a negative length": (request(BODY, "Content-Length: -1"), (b"400",)),
    "A34 a length that is no number": (request(BODY, "Content-Length: 0x10"), (b"400",)),
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", (b"400",)),
    "no host": (request(BODY, LENGTH).replace(b"Host: localhost\r\n", b""), (b"400",)),
    "two hosts": (request(BODY, LENGTH, "Host: localhost"), (b"400",)),
    "two content types": (request(BODY, LENGTH, "Content-Type: text/plain"), (b"415",)),
    "more than the cap, announced": (request(b"", "Content-Length: 100001"), (b"413",)),
    "more than the cap, in chunks": (
        request(b"ffff\r\n" + b" " * 65_535 + b"\r\nffff\r\n" + b" " * 65_535, "Transfer-Encoding: chunked"),
        (b"413",),
    ),
}
"""What is sent, and the statuses that are right."""


@pytest.mark.parametrize(("sent", "statuses"), REFUSED.values(), ids=REFUSED.keys())
def test_broken_http_is_refused_and_the_next_request_is_answered(
    port: int, sent: bytes, statuses: tuple[bytes, ...]
) -> None:
    before = spans_of(port)
    answer = talk(port, sent)
    assert answer.split(b" ", 2)[1] in statuses
    assert not LEAK.search(answer.decode("utf-8", "replace"))
    assert spans_of(port) == before


@pytest.mark.parametrize("announced", [f"Content-Length: {len(BODY)}", "Transfer-Encoding: chunked"])
def test_a_body_that_never_comes_is_not_waited_for(port: int, announced: str) -> None:
    """A36: half a body keeps a connection for as long as the patience lasts, here half a second."""
    begin = time.monotonic()
    answer = talk(port, request(b"", announced))
    assert answer.startswith(b"HTTP/1.1 408")
    assert b'"TIMEOUT"' in answer
    assert 0.4 < time.monotonic() - begin < 3


@pytest.mark.parametrize("sent", [b"", b"GET /healthz HTT", b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: yyyyyy"])
@pytest.mark.parametrize("pause", [0.0, 0.02])
def test_a_head_that_does_not_end_is_not_waited_for(port: int, sent: bytes, pause: float) -> None:
    """A35: silent, in the middle, or a byte at a time: what comes does not prolong the deadline, here 0.7 seconds."""
    begin = time.monotonic()
    parts = [bytes([byte]) for byte in sent] if pause else [sent]
    with contextlib.suppress(ConnectionError):
        assert talk(port, *parts, pause=pause).startswith(b"HTTP/1.1 408")
    assert 0.6 < time.monotonic() - begin < 4


def test_a_connection_that_falls_silent_after_an_answer_is_closed(port: int) -> None:
    begin = time.monotonic()
    answer = talk(port, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\r\n", pause=0.1)
    assert answer.startswith(b"HTTP/1.1 200")
    assert time.monotonic() - begin < 1.9


def test_an_answer_that_nobody_takes_is_not_kept(port: int) -> None:
    ask = with_length("{ __schema { types { name description fields { name description type { name } } } } }")
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(ask * 40)
        time.sleep(3)
        connection.settimeout(5)
        taken = 0
        with contextlib.suppress(ConnectionError):
            while piece := connection.recv(1 << 20):
                taken += len(piece)
    assert taken < 40 * 60_000


def test_a_client_that_leaves_in_the_middle_of_a_body_writes_nothing(port: int) -> None:
    before = spans_of(port)
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request(BODY[:-5], LENGTH))
    assert spans_of(port) == before


def test_a_body_in_small_pieces_is_read_whole(port: int) -> None:
    sent = with_length(COUNT)
    answer = talk(port, *(sent[at : at + 60] for at in range(0, len(sent), 60)), pause=0.01)
    assert answer.startswith(b"HTTP/1.1 200")


def test_pipelined_requests_are_answered_in_order(port: int) -> None:
    """A37."""
    one = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = b"GET /nope HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    answer = talk(port, one * 200 + last)
    assert answer.count(b"HTTP/1.1 200") == 200
    assert answer.rindex(b"HTTP/1.1 404") > answer.rindex(b"HTTP/1.1 200")

"""A client that costs next to nothing: requests are bytes made beforehand, and an answer is read to its end."""

import socket
from collections.abc import Callable
from selectors import EVENT_READ, DefaultSelector
from time import monotonic, perf_counter

_HEAD = b"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
_GOOD = b'{"data":{'
_CHUNK = 1 << 20
_IDLE = 3.0
"""Seconds without a request after which the server may close a connection; raw DuckDB may take longer between two."""


class Refused(Exception):
    """The server did not answer with data alone."""


class Connection:
    """One connection that is kept, with one request at a time."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._had = bytearray()
        self._whole = 0
        self._connect()

    def _connect(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._used = monotonic()

    def ask(self, body: bytes) -> bytes:
        """Return the answer to a GraphQL request."""
        if monotonic() - self._used > _IDLE:
            self.close()
            self._connect()
        self.send(body)
        while (answer := self.receive()) is None:
            pass
        return answer

    def send(self, body: bytes) -> None:
        """Send a request whose answer is not waited for."""
        self._socket.sendall(_HEAD % len(body) + body)

    def receive(self) -> bytes | None:
        """Read some of an answer, and return it if that was the end. Raises `Refused`."""
        chunk = self._socket.recv(_CHUNK)
        if not chunk:
            raise Refused("the connection was closed")
        self._had += chunk
        if not self._whole and (end := self._had.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._had[:end]).lower()
            self._whole = end + 4 + int(head.partition(b"content-length:")[2].partition(b"\r")[0])
        if not self._whole or len(self._had) < self._whole:
            return None
        answer = bytes(self._had[self._had.find(b"\r\n\r\n") + 4 : self._whole])
        self._had.clear()
        self._whole = 0
        self._used = monotonic()
        if not answer.startswith(_GOOD):
            raise Refused(answer[:300].decode("utf-8", "replace"))
        return answer

    def fileno(self) -> int:
        """Return the socket's number, for selectors."""
        return self._socket.fileno()

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()


def drive(port: int, clients: int, seconds: float, body: Callable[[], bytes]) -> list[float]:
    """Let clients ask one request after another for some seconds; returns how long each took, in milliseconds."""
    selector = DefaultSelector()
    began: dict[int, float] = {}
    taken: list[float] = []
    end = perf_counter() + seconds
    for connection in [Connection(port) for _ in range(clients)]:
        selector.register(connection, EVENT_READ, connection)
        began[connection.fileno()] = perf_counter()
        connection.send(body())
    while selector.get_map():
        for key, _ in selector.select(30):
            client: Connection = key.data
            if client.receive() is None:
                continue
            now = perf_counter()
            taken.append((now - began[key.fd]) * 1_000)
            if now < end:
                began[key.fd] = now
                client.send(body())
            else:
                selector.unregister(client)
                client.close()
    return taken

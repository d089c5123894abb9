"""WebSockets that send what they like."""

import base64
import json
import os
import socket
import struct

INIT = '{"type":"connection_init"}'


def frame(payload: bytes, first: int = 0x81, *, masked: bool = True) -> bytes:
    """Return one frame; the first byte says whether it is the last of its message, and its kind."""
    size = len(payload)
    bit = 0x80 if masked else 0
    if size < 126:
        head = bytes([first, bit | size])
    elif size < 65_536:
        head = bytes([first, bit | 126]) + struct.pack("!H", size)
    else:
        head = bytes([first, bit | 127]) + struct.pack("!Q", size)
    return head + (b"\0\0\0\0" if masked else b"") + payload  # masked with nothing


def ask(query: object, name: object = "1", **payload: object) -> str:
    return json.dumps({"type": "subscribe", "id": name, "payload": {"query": query, **payload}})


class Raw:
    """A socket that became a WebSocket, and sends what it likes."""

    def __init__(self, url: str, *headers: str, protocol: str = "graphql-transport-ws") -> None:
        address = url.removeprefix("http://")
        host, _, port = address.partition(":")
        self.socket = socket.create_connection((host, int(port)), timeout=6)
        lines = [
            "GET /graphql HTTP/1.1",
            f"Host: {address}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            *([f"Sec-WebSocket-Protocol: {protocol}"] if protocol else []),
            *headers,
        ]
        self.socket.sendall("\r\n".join((*lines, "", "")).encode())
        self.stream = self.socket.makefile("rb")
        self.status = int(self.stream.readline().split()[1])
        self.head = b"".join(iter(self.stream.readline, b"\r\n"))

    def send(self, *frames: str | bytes) -> None:
        try:
            for one in frames:
                self.socket.sendall(frame(one.encode()) if isinstance(one, str) else one)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the server closed before all had come

    def hear(self) -> tuple[int, bytes]:
        """Return the kind and the payload of the next frame."""
        first, size = self.stream.read(2)
        if size == 126:
            (size,) = struct.unpack("!H", self.stream.read(2))
        return first & 0x0F, self.stream.read(size)

    def closed(self) -> tuple[int, str]:
        """Return the code and the reason with which the server closes."""
        while (heard := self.hear())[0] != 8:
            assert heard[0] == 1
        return struct.unpack("!H", heard[1][:2])[0], heard[1][2:].decode()

    def end(self) -> None:
        self.stream.close()
        self.socket.close()

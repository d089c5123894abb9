"""A server on a real socket in a thread of this process, so that it can be seen how long its event loop is held."""

import asyncio
import socket
import time
from collections.abc import Generator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import httpx
from graphql import parse

from spanwell.app import create_app
from spanwell.http.streams.channels import Streams
from spanwell.http.transport.hosts import PROBES
from spanwell.http.uvicorn_hooks import Server, server_config
from spanwell.settings import Settings
from spanwell.storage import open_storage
from tests.http.clients import COUNT, LEAK

_ORDINARY = "{" + "traces { nodes { name } } " * 500 + "}"
"""What this machine reads in some 15 ms if it is one of ours; its time is the measure of all others."""

_LONGEST = 10
"""How many times that long the loop may be held: what must be caught takes hundreds of times as long."""

_LARGEST_REFUSAL = 2_000


class Watch:
    """Tells the longest time that a loop was held, in seconds of its thread's processor: waiting does not count.

    `gap` is the longest time between two turns, in which it may have waited for Python's lock, or for a processor.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._last = time.thread_time(), time.perf_counter()
        self.longest = self.gap = 0.0
        self._tick()

    def _tick(self) -> None:
        was, self._last = self._last, (time.thread_time(), time.perf_counter())
        held, gap = (now - then for now, then in zip(self._last, was, strict=True))
        self.longest, self.gap = max(self.longest, held), max(self.gap, gap)
        self._loop.call_later(0.001, self._tick)


class Attacked:
    """A server that runs, a client of it, and how it is judged."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._thread = Thread(target=lambda: asyncio.run(self._serve()))
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._server: Server | None = None
        self._watch: Watch | None = None

    async def _serve(self) -> None:
        storage = open_storage(self.settings.db)
        await storage.init()
        streams = Streams(self.settings.max_streams)
        self._server = Server(server_config(create_app(self.settings, storage, streams)), streams)
        self._watch = Watch(asyncio.get_running_loop())
        await self._server.serve([self._socket])
        await storage.close()

    def start(self) -> None:
        """Start, and wait until it listens."""
        self._thread.start()
        while self._server is None or not self._server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop, and wait until it has."""
        assert self._server is not None
        self._server.should_exit = True
        self._thread.join()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def longest_hold(self) -> float:
        """Return for how many seconds the loop was held at most since the last call."""
        return self.longest_hold_and_gap()[0]

    def longest_hold_and_gap(self) -> tuple[float, float]:
        """Return that, and the longest gap between two turns of the loop."""
        assert self._watch is not None
        found = self._watch.longest, self._watch.gap
        self._watch.longest = self._watch.gap = 0.0
        return found

    @contextmanager
    def unharmed(self) -> Generator[None]:
        """Assert that what the block does neither holds the loop for long nor leaves the server sick."""
        self.longest_hold()
        yield
        held, measure = self.longest_hold(), ordinary()
        assert held < _LONGEST * measure, f"held for {held / measure:.0f} times as long as reading a document"
        with httpx.Client(base_url=self.url) as other:
            assert [other.get(path).status_code for path in sorted(PROBES)] == [200, 200]


def ordinary() -> float:
    """Return how many seconds of a processor it takes at this moment to read an ordinary document."""
    began = time.thread_time()
    parse(_ORDINARY)
    return time.thread_time() - began


@contextmanager
def attacked(**settings: Any) -> Generator[tuple[Attacked, httpx.Client]]:
    """Run a server over a store in memory, and give a client of it."""
    server = Attacked(Settings(db=":memory:", **settings))
    server.start()
    try:
        with httpx.Client(base_url=server.url, timeout=60) as client:
            yield server, client
    finally:
        server.stop()


def count_spans(client: httpx.Client) -> int:
    """Return how many spans the store holds."""
    return int(client.post("/graphql", json={"query": COUNT}).raise_for_status().json()["data"]["spans"]["totalCount"])


def codes_of(response: httpx.Response) -> set[str]:
    """Return the codes of the errors of an answer, which says nothing of our insides, and no more than it must."""
    assert not LEAK.search(response.text)
    errors = response.json().get("errors", [])
    assert not errors or len(response.content) < _LARGEST_REFUSAL
    return {error["extensions"]["code"] for error in errors}

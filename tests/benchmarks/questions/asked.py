"""The two servers over one store, asked over HTTP without a network, and without compression."""

from collections.abc import Coroutine
from typing import Any

import httpx

from spanwell.storage.duckdb import DuckDBStorage
from tests.rules.http_door import HttpDoor

from .by_hand import application
from .case import Case
from .cases import cases

_PLAINLY = {"accept-encoding": "identity"}


class Asked:
    """The whole server behind a door, and a hand-written one beside it."""

    def __init__(self, storage: DuckDBStorage, door: HttpDoor) -> None:
        self._door = door
        cursor = storage._database.cursor
        self.cases = list(cases(cursor()))
        transport = httpx.ASGITransport(application(cursor, self.cases))
        self._client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")

    def ours(self, case: Case) -> bytes:
        """Return the server's answer."""
        client = self._door.client
        if case.is_export:
            return self._content(client.get(case.query, headers=_PLAINLY))
        return self._content(client.post("/graphql", json={"query": case.query}, headers=_PLAINLY))

    def by_hand(self, case: Case) -> bytes:
        """Return the answer of the hand-written server."""
        return self._content(self._client.get(f"/{self.cases.index(case)}", headers=_PLAINLY))

    def _content(self, sent: Coroutine[Any, Any, httpx.Response]) -> bytes:
        answer = self._door.runner.run(sent)
        assert answer.is_success, answer.text[:1000]
        return answer.content

    def close(self) -> None:
        """Close the hand-written one."""
        self._door.runner.run(self._client.aclose())

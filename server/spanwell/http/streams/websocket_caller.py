"""The client that opened a WebSocket, and what it may do."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.websockets import WebSocket

from spanwell.http.transport.doors import Doors
from spanwell.observability.access import Access

from .channels import StillOpen

_TOKEN_NAMES = frozenset({"authorization", "token"})


class Closing(Exception):
    """The connection is to be closed with a code and a reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Caller:
    """The client of a connection, identified by the opening request or by the token in its first message."""

    def __init__(self, doors: Doors, websocket: WebSocket) -> None:
        self._doors = doors
        self._websocket = websocket
        self._token: str | None = None
        self.access: Access | None = None
        self.still_open: StillOpen | None = None
        try:
            self.access = doors.access(websocket)
            self.still_open = doors.still_open(websocket)
        except HTTPException as refusal:
            if refusal.status_code != 401:
                raise

    def begin(self, payload: Mapping[str, Any] | None) -> Access:
        """Return what the client may do. Raises `Closing`."""
        if self.access is not None:
            return self.access
        self._token = _token_in(payload or {})
        if self._token is None:
            raise Closing(4401, "Unauthorized")
        self.access = self._doors.of_token(self._token)
        if self.access is None:
            raise Closing(4403, "Forbidden")
        self.still_open = self._doors.still_open(self._websocket, self._token)
        return self.access

    def take(self) -> None:
        """Count an operation. Raises `TooOften`."""
        self._doors.take(self._websocket, self._token)


def _token_in(payload: Mapping[str, Any]) -> str | None:
    """Return the token of a first message: `{"authorization": "Bearer TOKEN"}`, or the same below `headers`."""
    inner = payload.get("headers")
    for part in (payload, inner if isinstance(inner, dict) else {}):
        for name, value in part.items():
            if name.lower() in _TOKEN_NAMES and isinstance(value, str):
                return value.removeprefix("Bearer ").strip()
    return None

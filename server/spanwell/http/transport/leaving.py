"""Cancels the work for a client that has disconnected."""

import asyncio
from types import TracebackType
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import Scope

_CLIENT_LEFT = 499
"""The status that nginx logs in this case; the client never sees it."""


class EndedByLeaving:
    """Cancels its block when the client disconnects. Raises `HTTPException` then, which nobody receives.

    The server calls `leave` in the request's state: see `spanwell.http.uvicorn_hooks`.
    """

    __slots__ = ("_left", "_state", "_task")

    def __init__(self, scope: Scope) -> None:
        self._state: dict[str, Any] = scope.setdefault("state", {})
        self._task = asyncio.current_task()
        self._left = False

    def __enter__(self) -> None:
        """Begin the block."""
        self._state["leave"] = self._leave

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the block."""
        del self._state["leave"]
        if self._left and kind is asyncio.CancelledError:
            raise HTTPException(_CLIENT_LEFT, "The client disconnected.") from None

    def _leave(self) -> None:
        self._left = True
        if self._task is not None:
            self._task.cancel()

"""Cancels the work for a client that has disconnected."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import Scope

_CLIENT_LEFT = 499
"""The status that nginx logs in this case; the client never sees it."""


@contextmanager
def ended_by_leaving(scope: Scope) -> Generator[None]:
    """Cancel the block when the client disconnects. Raises `HTTPException` then, which nobody receives.

    The server calls `leave` in the request's state: see `spanwell.http.uvicorn_hooks`.
    """
    state: dict[str, Any] = scope.setdefault("state", {})
    left = False

    def leave() -> None:
        nonlocal left
        left = True
        if task is not None:
            task.cancel()

    task = asyncio.current_task()
    state["leave"] = leave
    try:
        yield
    except asyncio.CancelledError:
        if not left:
            raise
        raise HTTPException(_CLIENT_LEFT, "The client disconnected.") from None
    finally:
        del state["leave"]

"""Ends the work for a client that has left."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import Scope

_CLIENT_LEFT = 499
"""What nginx writes into its log; no one reads the answer."""


@contextmanager
def ended_by_leaving(scope: Scope) -> Generator[None]:
    """Cancel what the block waits for when the client leaves. Raises `HTTPException` then, to be sent to no one.

    The server that runs us calls `leave` of the request's state: see `spanwell.http.uvicorn_hooks`.
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

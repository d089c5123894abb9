"""A response that is sent in pieces, as fast as its client reads it."""

import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from spanwell.http.transport.leaving import EndedByLeaving

logger = logging.getLogger(__name__)


class Pieces(Response):
    """Sends all pieces; if one cannot be produced, the connection is aborted."""

    def __init__(self, pieces: AsyncGenerator[bytes], headers: Mapping[str, str], media_type: str) -> None:
        super().__init__(headers=headers, media_type=media_type)
        del self.headers["content-length"]
        self._pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - Starlette's
        """Send all pieces."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        with suppress(HTTPException), EndedByLeaving(scope):
            async with aclosing(self._pieces):
                if scope["method"] != "HEAD":
                    await self._send(scope, send)
        await send({"type": "http.response.body", "body": b""})

    async def _send(self, scope: Scope, send: Send) -> None:
        try:
            async for piece in self._pieces:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        except Exception as error:
            logger.warning("An export was aborted.", exc_info=error)
            scope["state"].get("abort", _nothing)()
            raise


def _nothing() -> None:
    pass

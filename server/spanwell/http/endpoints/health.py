"""Tells whether the process lives, and whether its store answers."""

import asyncio
import logging

from starlette.requests import Request
from starlette.responses import Response

from spanwell.http.transport.responses import json_response
from spanwell.observability.model.errors import Overloaded, StorageUnavailable
from spanwell.observability.storage import ObservabilityStorage

logger = logging.getLogger(__name__)

_NOBODY = ("readyz", "readyz")


async def healthz(_: Request) -> Response:
    """Answer that the process lives."""
    return json_response({"status": "ok"})


class Readiness:
    """Asks the store for a span that does not exist, and whether it can write; `patience` is in seconds."""

    def __init__(self, storage: ObservabilityStorage, patience: float = 2.0) -> None:
        self._storage = storage
        self._patience = patience

    async def readyz(self, _: Request) -> Response:
        """Answer whether the store does."""
        try:
            async with asyncio.timeout(self._patience):
                await self._storage.get_spans([_NOBODY], frozenset({"trace_id"}))
            self._storage.check_ready()
        except (Overloaded, StorageUnavailable) as error:
            return json_response({"status": "unavailable", "reason": str(error)}, 503)
        except Exception:
            logger.exception("the store does not respond")
            return json_response({"status": "unavailable"}, 503)
        return json_response({"status": "ok"})

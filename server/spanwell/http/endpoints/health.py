"""Health checks: whether the process is running, and whether its store works."""

import asyncio
import logging

from starlette.requests import Request
from starlette.responses import Response

from spanwell.http.transport.responses import json_response
from spanwell.observability.model.errors import Overloaded, StorageUnavailable
from spanwell.observability.storage import ObservabilityStorage

logger = logging.getLogger(__name__)

_NOBODY = ("readyz", "readyz")
PATIENCE = 2.0
"""Seconds for the store to respond."""


async def healthz(_: Request) -> Response:
    """Respond 200: the process is running."""
    return json_response({"status": "ok"})


class Readiness:
    """Checks that the store can read and write, within `PATIENCE`."""

    def __init__(self, storage: ObservabilityStorage) -> None:
        self._storage = storage

    async def readyz(self, _: Request) -> Response:
        """Respond 200 if the store is ready, else 503."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._storage.get_spans([_NOBODY], frozenset({"trace_id"}))
            self._storage.check_ready()
        except (Overloaded, StorageUnavailable) as error:
            return json_response({"status": "unavailable", "reason": str(error)}, 503)
        except Exception:
            logger.exception("the store does not respond")
            return json_response({"status": "unavailable"}, 503)
        return json_response({"status": "ok"})

"""Prunes a store at an interval, in the background."""

import asyncio
import logging

from spanwell.observability.model.errors import SpanwellError
from spanwell.observability.storage import ObservabilityStorage

from .pruning import Pruned, Pruner

_log = logging.getLogger(__name__)


class Keeper:
    """Runs retention at an interval, and lets the store compact itself afterwards."""

    def __init__(self, pruner: Pruner, storage: ObservabilityStorage, every: float) -> None:
        self._pruner = pruner
        self._storage = storage
        self._every = every
        self.pruned = Pruned()

    async def run(self) -> None:
        """Run until cancelled; a failure is retried at the next interval."""
        while True:
            try:
                done = await self._pruner.run()
                self.pruned += done
                if done.traces:
                    _log.info("Retention deleted %s traces with %s spans.", done.traces, done.spans)
                await self._storage.reclaim()
            except SpanwellError as error:
                _log.warning("Retention is paused: %s", error)
            except Exception:  # noqa: BLE001 - whatever the failure, the next attempt may succeed
                _log.exception("Retention failed.")
            await asyncio.sleep(self._every)

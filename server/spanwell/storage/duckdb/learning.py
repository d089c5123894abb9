"""Learns attribute keys in the background, soon after spans were written, and saves them."""

import asyncio
import logging
from functools import partial

import duckdb

from spanwell.observability.model.errors import SpanwellError
from spanwell.storage.duckdb.reading.discovering.known_keys import KnownKeys, Unkept, keep
from spanwell.storage.duckdb.reading.readers import Cursor, Readers
from spanwell.storage.duckdb.writing.work import Work
from spanwell.storage.duckdb.writing.writer import Writer

_EVERY = 5.0
"""Seconds between steps while spans are written: a step learns from 20,000 spans in 0.1 to 0.5 s (measured)."""

_log = logging.getLogger(__name__)


class Learning:
    """Learns step by step until all keys are known."""

    def __init__(self, keys: KnownKeys, readers: Readers, writer: Writer) -> None:
        self.keys = keys
        self._readers = readers
        self._writer = writer
        self._task: asyncio.Task[None] | None = None
        self._is_written = False

    def soon(self) -> None:
        """Schedule learning from what was written."""
        self._is_written = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop; the next start learns the rest. A task of an event loop that has ended has stopped already."""
        if self._task is not None and self._task.get_loop() is asyncio.get_running_loop():
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        try:
            while self._is_written:
                self._is_written = False
                await asyncio.sleep(_EVERY)
                while await self._step() and not self._is_written:
                    pass
        except (SpanwellError, duckdb.Error):
            _log.warning("The keys of attributes are not learnt for now.", exc_info=True)

    async def _step(self) -> bool:
        """Learn from the next spans, and save new keys; return whether there may be more."""
        has_more, unkept = await self._readers.search(self._learn)
        if unkept is not None:
            run = partial(keep, unkept)
            await self._writer.write(Work(lambda transaction: transaction.write_beside(run), is_silent=True))
            self.keys.kept(unkept)
        return has_more

    def _learn(self, cursor: Cursor) -> tuple[bool, Unkept | None]:
        return self.keys.learn(cursor), self.keys.unkept()

"""Learns the keys of attributes beside all traffic, soon after spans were written, and keeps them."""

import asyncio
import logging
from functools import partial

import duckdb

from spanwell.observability.model.errors import SpanwellError
from spanwell.storage.duckdb.reading.discovering.known_keys import KnownKeys, Unkept, keep
from spanwell.storage.duckdb.reading.readers import Cursor, Readers
from spanwell.storage.duckdb.writing.writer import Work, Writer

_EVERY = 5.0
"""Seconds between two steps while spans are written: learning from the 20,000 of a step takes some 0.1."""

_log = logging.getLogger(__name__)


class Learning:
    """Learns step by step until all is known."""

    def __init__(self, keys: KnownKeys, readers: Readers, writer: Writer) -> None:
        self.keys = keys
        self._readers = readers
        self._writer = writer
        self._task: asyncio.Task[None] | None = None
        self._is_written = False

    def soon(self) -> None:
        """Learn from what was written, before long."""
        self._is_written = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Leave the rest for the next start."""
        if self._task is not None:
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
        """Learn from the next spans, and keep what is new; return whether there may be more."""
        has_more, unkept = await self._readers.search(self._learn)
        if unkept is not None:
            run = partial(keep, unkept)
            await self._writer.write(Work(lambda transaction: transaction.write_beside(run), is_silent=True))
            self.keys.kept(unkept)
        return has_more

    def _learn(self, cursor: Cursor) -> tuple[bool, Unkept | None]:
        return self.keys.learn(cursor), self.keys.unkept()

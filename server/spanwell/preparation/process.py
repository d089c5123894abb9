"""The server's side: starts the other process when a first big batch comes, and hands batches to it."""

import logging
import os
import pickle
import subprocess
import sys
from queue import LifoQueue
from threading import Lock, Thread, Timer
from typing import IO, Any, cast

from spanwell.observability.model.span_batch import Form, SpanColumns
from spanwell.settings import Settings

logger = logging.getLogger(__name__)

_PATIENCE = 30.0
"""Seconds after which a process that does not answer is ended."""
_PIPE = 1 << 20
"""Bytes that a pipe takes before whoever writes has to wait; as many as Linux gives anyone, a batch or so."""
_KEEPING = {"MALLOC_TRIM_THRESHOLD_": str(1 << 28), "MALLOC_MMAP_THRESHOLD_": str(1 << 26)}
"""Lets glibc keep the memory of one batch for the next, instead of asking the system for each page of it again."""
_BROKEN = (OSError, EOFError, pickle.UnpicklingError)
"""What reading and writing raise if the process has ended."""


class Preparations:
    """As many other processes as the settings say; those that are free, and those that ran last, come first."""

    def __init__(self, settings: Settings) -> None:
        self._all = [Preparation(settings) for _ in range(settings.prepare_processes)]
        self._free: LifoQueue[Preparation] = LifoQueue()
        for preparation in reversed(self._all):
            self._free.put(preparation)

    def spans(self, form: Form, body: bytes | memoryview) -> SpanColumns | None:
        """Do as `Preparation.spans`, as soon as one of them is free."""
        preparation = self._free.get()
        try:
            return preparation.spans(form, body)
        finally:
            self._free.put(preparation)

    def close(self) -> None:
        """End all of them."""
        for preparation in self._all:
            preparation.close()


class Preparation:
    """A worker process that prepares one batch at a time. Until it is running, the server decodes batches itself.

    It is started by the first batch, which does not wait for it, and again after it has ended, for whatever reason.
    """

    def __init__(self, settings: Settings) -> None:
        self._arguments = (str(settings.max_batch_spans), str(settings.max_span_bytes), settings.prices)
        self._lock = Lock()
        self._process: _Process | None = None
        self._starting: Thread | None = None
        self._closed = False

    def spans(self, form: Form, body: bytes | memoryview) -> SpanColumns | None:
        """Have a batch prepared, and wait for it; None if it is to be read as if there were no other process."""
        with self._lock:
            if self._process is None:
                self._start()
                return None
            try:
                done = self._process.ask((form, bytes(body)))
            except _BROKEN:
                logger.warning("A worker process that decodes batches died and is restarted.")
                self._end()
                return None
        from spanwell.storage.duckdb.writing.rows.row_bytes import batch_of_bytes  # noqa: PLC0415 - a server that takes no big batch starts sooner without this

        return None if done is None else batch_of_bytes(done)

    @property
    def pid(self) -> int | None:
        """The id of the process, once it is ready."""
        return self._process.pid if self._process else None

    def close(self) -> None:
        """End the process, once it has answered what it was asked."""
        with self._lock:
            self._closed = True
            self._end()
        if self._starting:
            self._starting.join()

    def _start(self) -> None:
        if not self._closed and (self._starting is None or not self._starting.is_alive()):
            self._starting = Thread(target=self._launch, name="spanwell-prepare", daemon=True)
            self._starting.start()

    def _launch(self) -> None:
        """Start a process, and take it into use when it is ready."""
        process = _Process(self._arguments)
        is_ready = process.is_ready()
        with self._lock:
            if is_ready and not self._closed:
                self._process = process
                return
        process.end()

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None


class _Process:
    """One run of `python -m spanwell.preparation`."""

    def __init__(self, arguments: tuple[str, ...]) -> None:
        command = [sys.executable, "-P", "-m", "spanwell.preparation", *arguments]  # -P: nothing of the working folder
        self._running = subprocess.Popen(  # noqa: S603 - our own module, by the server's own settings
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pipesize=_PIPE,
            process_group=0,
            env=os.environ | _KEEPING,
        )
        self.pid = self._running.pid

    def is_ready(self) -> bool:
        """Wait until it takes questions; False if it has ended instead."""
        try:
            return bool(self._answer())
        except _BROKEN:
            return False

    def ask(self, question: object) -> Any:
        """Return the response to a request. Raises one of `_BROKEN` if there is none in time."""
        source = cast("IO[bytes]", self._running.stdin)
        pickle.dump(question, source, 5)
        source.flush()
        return self._answer()

    def _answer(self) -> Any:
        watch = Timer(_PATIENCE, self._running.kill)
        watch.start()
        try:
            return pickle.load(cast("IO[bytes]", self._running.stdout))  # noqa: S301 - a process of ours wrote it
        finally:
            watch.cancel()

    def end(self) -> None:
        """End it at once, and wait until it is gone."""
        self._running.kill()
        self._running.communicate()

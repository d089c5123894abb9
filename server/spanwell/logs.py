"""What the server logs: a line for each event, as text or JSON, with the id of the request that it belongs to.

A message is a sentence that holds no data of clients; what belongs to it stands in the `fields` of its record.
"""

import json
import logging
import sys
import time
import traceback
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from queue import Full, Queue
from threading import Event, Thread
from types import MappingProxyType
from typing import Any

from typing_extensions import override

from spanwell.http.transport.request_ids import request_id

from .settings import Settings

_MOST_A_SECOND = 20
_MOST_WAITING = 10_000
_PATIENCE = 2.0
_LONGEST_ERROR = 300
_FRAMES = 12


def log_as(settings: Settings) -> None:
    """Log as some settings say, to stderr."""
    handler = Beside()
    handler.setFormatter(_FORMATTERS[settings.log_format]())
    handler.addFilter(AtMost(_MOST_A_SECOND))
    logging.basicConfig(level="WARNING", handlers=[handler], force=True)
    logging.getLogger("spanwell").setLevel(settings.log_level.upper())


class Beside(logging.Handler):
    """Writes lines in a thread: where nobody takes them, as from a pipe that is not read, they are dropped.

    So a log never keeps requests waiting.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines = Queue[str | Event](_MOST_WAITING)
        Thread(target=self._write, name="spanwell-log", daemon=True).start()

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Hand a line to the thread, if it has room."""
        with suppress(Full):
            self._lines.put_nowait(self.format(record))

    @override
    def flush(self) -> None:
        """Wait until all lines are written, but not for ever."""
        written = Event()
        with suppress(Full):
            self._lines.put(written, timeout=_PATIENCE)
            written.wait(_PATIENCE)

    def _write(self) -> None:
        while True:
            line = self._lines.get()
            if isinstance(line, Event):
                line.set()
                continue
            with suppress(OSError, ValueError):  # stderr may be closed
                sys.stderr.write(line + "\n")
                sys.stderr.flush()


class AtMost(logging.Filter):
    """Lets so many lines of a kind pass in a second, so that whatever goes wrong everywhere fills no disk."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self._second = 0
        self._seen = Counter[tuple[str, str]]()
        self._left_out = Counter[tuple[str, str]]()

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record passes; it is told how many of its kind did not since the last that did."""
        if int(record.created) != self._second:
            self._second = int(record.created)
            self._seen.clear()
        kind = record.name, str(record.msg)
        self._seen[kind] += 1
        if record.levelno > logging.DEBUG and self._seen[kind] > self._most:
            self._left_out[kind] += 1
            return False
        record.left_out = self._left_out.pop(kind, 0)
        return True


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """Return what belongs to an event, and what went wrong."""
    named: dict[str, Any] = {"request_id": request_id.get()} if request_id.get() else {}
    found = named | getattr(record, "fields", {})
    if left_out := getattr(record, "left_out", 0):
        found["left_out"] = left_out
    if record.exc_info and record.exc_info[1] is not None:
        found |= _error(record.exc_info[1])
    return found


def _error(error: BaseException) -> dict[str, str]:
    """Return an exception as a line: what it and its cause say first, and the places from the innermost outwards."""
    frames = traceback.extract_tb(error.__traceback__)[: -_FRAMES - 1 : -1]
    places = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames)
    cause = {"cause": _said(error.__cause__)} if error.__cause__ is not None else {}
    return {"error": _said(error)} | cause | {"at": places}


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:_LONGEST_ERROR]}"


class _Text(logging.Formatter):
    """Time, level, logger, message, and `name=value` for each field; texts in quotes where they need them."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        parts = [_moment(record), record.levelname, f"{record.name}:", _plain(record.getMessage())]
        parts += [f"{name}={_value(value)}" for name, value in _fields(record).items()]
        return " ".join(parts)


class _Json(logging.Formatter):
    """The same as an object."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        line = {"time": _moment(record), "level": record.levelname, "logger": record.name}
        return json.dumps(line | {"message": record.getMessage()} | _fields(record), default=str, ensure_ascii=False)


_FORMATTERS: Mapping[str, type[logging.Formatter]] = MappingProxyType({"text": _Text, "json": _Json})


def _moment(record: logging.LogRecord) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03}Z"


def _value(value: object) -> str:
    text = str(value)
    return text if text.isprintable() and text and not set(' "=').intersection(text) else json.dumps(text)


def _plain(text: str) -> str:
    return text if text.isprintable() else json.dumps(text)[1:-1]

"""A line an event, whatever is in it, with the id of its request."""

import json
import logging
import sys
from collections.abc import Iterator
from io import StringIO
from threading import Event

import pytest

from spanwell import logs
from spanwell.http.transport.request_ids import request_id
from spanwell.logs import AtMost, log_as
from spanwell.settings import LogFormat, Settings
from tests.running import serving

log = logging.getLogger("spanwell.test")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("spanwell")
    handlers, level, our_level = root.handlers[:], root.level, ours.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    ours.setLevel(our_level)


def fail() -> None:
    raise ValueError("first line\nsecond line") from OSError("full")


def logged(capsys: pytest.CaptureFixture[str], log_format: LogFormat) -> str:
    log_as(Settings(log_format=log_format))
    reset = request_id.set("r-1")
    try:
        fail()
    except ValueError:
        log.exception("It failed\x1b[31m.", extra={"fields": {"seconds": 1.5, "path": "/a b", "name": "x"}})
    request_id.reset(reset)
    logging.getLogger().handlers[0].flush()
    text = capsys.readouterr().err
    assert text.count("\n") == 1
    assert "second line" not in text
    return text


def test_an_event_is_a_line_of_text(capsys: pytest.CaptureFixture[str]) -> None:
    line = logged(capsys, "text")
    assert "Z ERROR spanwell.test: It failed\\u001b[31m. request_id=r-1 seconds=1.5 " in line
    assert ' path="/a b" name=x error="ValueError: first line" cause="OSError: full" at="test_logs.py:' in line


def test_an_event_is_an_object(capsys: pytest.CaptureFixture[str]) -> None:
    line = json.loads(logged(capsys, "json"))
    assert line["time"].endswith("Z")
    assert line | {"level": "ERROR", "logger": "spanwell.test", "request_id": "r-1", "seconds": 1.5} == line
    assert line["message"] == "It failed\x1b[31m."
    assert line["at"].startswith("test_logs.py:")


def test_what_goes_wrong_all_the_time_is_logged_a_few_times_a_second() -> None:
    some = AtMost(2)

    def passes(second: float, level: int = logging.ERROR) -> int | None:
        record = logging.LogRecord("spanwell", level, "", 0, "It failed.", (), None)
        record.created = second
        return record.__dict__["left_out"] if some.filter(record) else None

    assert [passes(1.0), passes(1.5), passes(1.6), passes(1.7), passes(2.0), passes(2.1)] == [0, 0, None, None, 2, 0]
    assert passes(2.2, logging.DEBUG) == 0


class Stuck(StringIO):
    """A stream that takes nothing until it is let."""

    go = Event()

    def write(self, text: str) -> int:
        self.go.wait()
        return super().write(text)


def test_a_log_that_nobody_takes_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    stuck = Stuck()
    monkeypatch.setattr(logs, "_PATIENCE", 0.01)
    monkeypatch.setattr(logs, "_MOST_WAITING", 10)
    monkeypatch.setattr(sys, "stderr", stuck)
    handler = logs.Beside()
    for number in range(100):
        handler.emit(logging.LogRecord("spanwell", logging.ERROR, "", 0, f"{number}", (), None))
    handler.flush()
    stuck.go.set()
    monkeypatch.setattr(logs, "_PATIENCE", 60)
    handler.flush()
    assert 10 <= len(stuck.getvalue().splitlines()) <= 11


def test_requests_are_logged_for_those_who_debug_without_what_they_hold() -> None:
    with serving("--db", ":memory:", "--log-level", "debug", "--log-format", "json") as server:
        server.ask('{ spans(filter: {name: {eq: "secret"}}) { totalCount } }')
        code, said = server.stop()
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    (line,) = [line for line in lines if line["logger"] == "spanwell.requests"]
    assert line | {"method": "POST", "path": "/graphql", "status": 200, "level": "DEBUG"} == line
    assert line["request_id"]
    assert line["seconds"] > 0
    assert "secret" not in said
    assert code == 0

"""Progress is a line that changes on a terminal, and now and then a line of its own elsewhere."""

import sys

import pytest

from spanwell.commands import progress
from spanwell.commands.progress import Progress


class Clock:
    """Stands for the module `time`."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(progress, "time", made)
    return made


def test_in_a_log_there_is_a_line_every_few_seconds(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    told = Progress("spans")
    told.total = 4_000
    clock.now += 1
    told.at(500)
    assert capsys.readouterr().err == ""
    clock.now += 4
    told.at(1_000)
    told.over()
    assert capsys.readouterr().err == "1,000 of 4,000 spans, 200/s, 15 s left\n"
    assert told.done == 1_000


def test_on_a_terminal_one_line_changes_and_is_gone_at_the_end(
    clock: Clock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    told = Progress("spans")
    for done in (100, 200):
        clock.now += 1
        told.at(done)
    told.over()
    assert capsys.readouterr().err == "\r\x1b[K100 spans, 100/s\r\x1b[K200 spans, 100/s\r\x1b[K"

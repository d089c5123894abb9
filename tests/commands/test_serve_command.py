"""Parts of serving that a running server does not show."""

import sys

import pytest

from server.commands.serve_command import _loop_factory


def test_the_server_runs_on_uvloop_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _loop_factory()
    assert found is not None
    assert found.__module__.startswith("uvloop")
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert _loop_factory() is None

"""Parts of serving that a running server does not show."""

import ctypes
import subprocess
import sys

import pytest

from spanwell.collector import few_arenas
from spanwell.commands.serve_command import _loop_factory


def test_the_server_runs_on_uvloop_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _loop_factory()
    assert found is not None
    assert found.__module__.startswith("uvloop")
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert _loop_factory() is None


def test_a_c_library_without_arenas_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    few_arenas()


def test_what_no_request_needs_is_not_loaded_before_the_first() -> None:
    """Protobuf and demo traces take a tenth of the time that a server takes to start."""
    script = "import sys, spanwell.commands.serve_command, spanwell.app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "spanwell.http.endpoints.graphql" in loaded
    assert not loaded & {
        "google.protobuf",
        "opentelemetry",
        "spanwell.otlp",
        "spanwell.http.endpoints.otlp",
        "spanwell.demo",
        "nanoarrow",
    }

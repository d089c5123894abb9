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


def loaded_by(modules: str) -> set[str]:
    """Return all modules that are loaded along with some."""
    script = f"import sys, {modules}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_store_opens_before_the_api_is_loaded() -> None:
    """A long log is read, without Python, while Python loads the rest."""
    assert not loaded_by("spanwell.commands.serve_command") & {
        "strawberry",
        "graphql",
        "uvicorn",
        "starlette.responses",
    }


def test_what_no_request_needs_is_not_loaded_before_the_first() -> None:
    """Protobuf and demo traces take a tenth of the time that a server takes to start."""
    loaded = loaded_by("spanwell.commands.serve_command, spanwell.app")
    assert "spanwell.http.endpoints.graphql" in loaded
    assert not loaded & {
        "google.protobuf",
        "opentelemetry",
        "spanwell.otlp",
        "spanwell.http.endpoints.otlp",
        "spanwell.demo",
        "nanoarrow",
    }

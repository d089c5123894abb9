"""The other process comes and goes, and no batch is lost by it."""

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pytest

from spanwell.preparation.process import Preparation, Preparations
from spanwell.settings import Settings
from spanwell.storage.duckdb.writing.rows.row_bytes import batch_of_bytes
from tests.running import Running, serving

from .batches import FORMS, as_json, inputs

T = TypeVar("T")
pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks processes up in /proc")


def awaited(look: Callable[[], T | None]) -> T:
    """Return what comes to be seen within 30 seconds."""
    until = time.monotonic() + 30
    while (found := look()) is None:
        assert time.monotonic() < until
        time.sleep(0.02)
    return found


def is_there(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.fixture
def preparation() -> Iterator[Preparation]:
    with closing(Preparation(Settings())) as made:
        yield made


def test_the_first_batch_starts_it_and_does_not_wait(preparation: Preparation) -> None:
    assert preparation.pid is None
    assert preparation.spans("graphql", FORMS["graphql"]) is None
    spans = awaited(lambda: preparation.spans("graphql", FORMS["graphql"]))
    assert [span.span_id for span in spans] == ["s0", "s1", "s2"]
    assert preparation.spans("graphql", b"nonsense") is None
    assert preparation.spans("otlp-protobuf", memoryview(FORMS["otlp-protobuf"])) is not None


def test_it_leaves_scarce_processors_to_the_server(preparation: Preparation) -> None:
    awaited(lambda: preparation.spans("graphql", FORMS["graphql"]))
    pid = preparation.pid
    assert pid is not None
    assert os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, 0)


def test_nothing_of_the_working_folder_runs_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("spanwell", "pickle", "signal", "msgspec"):
        (tmp_path / f"{name}.py").write_text(f"open('{name}-ran', 'w')")
    monkeypatch.chdir(tmp_path)
    with closing(Preparation(Settings())) as preparation:
        assert awaited(lambda: preparation.spans("graphql", FORMS["graphql"]))
    assert not [*tmp_path.glob("*-ran")]


def test_one_that_has_ended_is_replaced(preparation: Preparation, caplog: pytest.LogCaptureFixture) -> None:
    awaited(lambda: preparation.spans("graphql", FORMS["graphql"]))
    first = preparation.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert preparation.spans("graphql", FORMS["graphql"]) is None
    assert "died and is restarted" in caplog.text
    assert awaited(lambda: preparation.spans("graphql", FORMS["graphql"]))
    assert preparation.pid not in {first, None}


def test_one_that_hangs_is_ended(preparation: Preparation, monkeypatch: pytest.MonkeyPatch) -> None:
    awaited(lambda: preparation.spans("graphql", FORMS["graphql"]))
    monkeypatch.setattr("spanwell.preparation.process._PATIENCE", 0.2)
    assert preparation.pid is not None
    os.kill(preparation.pid, signal.SIGSTOP)
    assert preparation.spans("graphql", FORMS["graphql"]) is None


def test_an_answer_is_whole_even_if_the_process_is_stopped_amid_it(
    monkeypatch: pytest.MonkeyPatch, preparation: Preparation
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")  # without buffers, a write that is interrupted writes a part
    awaited(lambda: preparation.spans("graphql", FORMS["graphql"]))
    process = preparation._process
    assert process is not None
    source = process._running.stdin
    assert source is not None
    pickle.dump(("graphql", as_json(inputs(5_000))), source)
    source.flush()
    for _ in range(20):  # it waits for somebody to read the answer, which is larger than a pipe
        time.sleep(0.05)
        os.kill(process.pid, signal.SIGSTOP)
        os.kill(process.pid, signal.SIGCONT)
    assert len(batch_of_bytes(process._answer())) == 5_000


def test_one_that_cannot_start_leaves_everything_to_the_server(tmp_path: Path) -> None:
    with closing(Preparation(Settings(prices=str(tmp_path / "missing.toml")))) as preparation:
        for _ in range(3):
            assert preparation.spans("graphql", FORMS["graphql"]) is None
            time.sleep(0.2)
        assert preparation.pid is None


def test_closing_ends_it(preparation: Preparation) -> None:
    awaited(lambda: preparation.spans("graphql", FORMS["graphql"]))
    pid = preparation.pid
    assert pid is not None
    preparation.close()
    assert not is_there(pid)
    assert preparation.spans("graphql", FORMS["graphql"]) is None
    assert preparation.pid is None


def test_closing_while_it_starts_ends_it_too() -> None:
    preparation = Preparation(Settings())
    preparation.spans("graphql", FORMS["graphql"])
    preparation.close()
    assert preparation.pid is None


def test_a_batch_does_not_wait_for_one_that_keeps_a_process_busy() -> None:
    with closing(Preparations(Settings(prepare_processes=2))) as preparations, ThreadPoolExecutor(1) as pool:
        awaited(lambda: preparations.spans("graphql", FORMS["graphql"]))
        (busy,) = (one.pid for one in preparations._all if one.pid is not None)
        os.kill(busy, signal.SIGSTOP)
        waiting = pool.submit(preparations.spans, "graphql", FORMS["graphql"])
        try:
            awaited(lambda: preparations.spans("otlp-json", FORMS["otlp-json"]))
            assert not waiting.done()
        finally:
            os.kill(busy, signal.SIGCONT)
        assert waiting.result() is not None


def child_of(server: Running) -> int | None:
    children = Path(f"/proc/{server.process.pid}/task").glob("*/children")
    found = [int(pid) for each in children for pid in each.read_text().split()]
    return found[0] if found else None


CREATE = "mutation ($spans: [CreateSpanInput!]!) { batchCreateSpans(spans: $spans) { createdCount updatedCount } }"


def send(server: Running, trace: str) -> None:
    """Send a batch of more than 64 KiB."""
    spans = [{**each, "traceId": trace, "input": "x" * 1_000} for each in inputs(100)]
    made = server.ask(CREATE, {"spans": spans})
    assert made["data"]["batchCreateSpans"] == {"createdCount": 100, "updatedCount": 0}, json.dumps(made)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_with_its_server_and_what_it_prepared_is_stored(tmp_path: Path, number: signal.Signals) -> None:
    with serving("--db", str(tmp_path / "s.duckdb")) as server:
        send(server, "first")
        pid = awaited(lambda: child_of(server))
        for round_ in range(10):
            send(server, f"t{round_}")
            time.sleep(0.1)
        assert is_there(pid)
        server.stop(number)
        awaited(lambda: None if is_there(pid) else True)
    with serving("--db", str(tmp_path / "s.duckdb"), "--prepare-processes", "0") as server:
        assert server.ask("{ spans(first: 0) { totalCount } }")["data"]["spans"]["totalCount"] == 1_100
        send(server, "last")
        assert child_of(server) is None


def test_it_ends_without_a_word_when_its_server_was_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "spanwell.preparation", "10", "1000000", ""],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert pickle.load(process.stdout) == "ready"  # noqa: S301 - our own process wrote it
        process.stdout.close()
        pickle.dump(("graphql", FORMS["graphql"]), process.stdin)
        process.stdin.close()
        assert process.wait(60) == -signal.SIGPIPE
        assert process.stderr is not None
        assert process.stderr.read() == b""


def test_it_ends_without_a_word_when_its_server_was_killed_amid_a_batch() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "spanwell.preparation", "10", "1000000", ""],
        input=pickle.dumps(("graphql", FORMS["graphql"]))[:-10],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")

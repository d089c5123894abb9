"""Exports of other programs come in with the meaning that they have there, and what is none fails with a sentence."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from spanwell.importing import ImportFailed
from spanwell.importing.batches import MARK
from spanwell.observability.derivation.derived import derived
from spanwell.observability.model.span import Span, SpanStatus
from tests.importing.exports import BEGAN, CHILD, ENDED, FILES, ROOT, TRACE, plain
from tests.importing.stores import Store
from tests.making import START


def written(path: Path, content: object) -> Path:
    """Write a document, or text as it is."""
    path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")
    return path


def stored(store: Store, trace_id: str, span_id: str) -> Span:
    return derived(store.span(trace_id, span_id))


@pytest.mark.parametrize("name", FILES)
def test_spans_come_in_with_their_meaning(store: Store, tmp_path: Path, name: str) -> None:
    store.add(written(tmp_path / "export.json", FILES[name]))
    root, child = stored(store, TRACE, ROOT), stored(store, TRACE, CHILD)
    assert (root.name, root.parent_span_id, root.status) == ("chat", None, SpanStatus.SUCCESS)
    assert (child.parent_span_id, child.status) == (ROOT, SpanStatus.ERROR)
    assert "no tide" in f"{child.status_message}{child.error_info}"
    assert (root.started_at, root.duration_ms, root.input_tokens) == (START, 1000.0, 3)
    assert "s" in {root.session_id, json.loads(root.metadata or "{}").get("session_id")}


@pytest.mark.parametrize("name", ["CloudWatch's lines", "LangSmith's page", "Tempo's trace", "MLflow's trace"])
def test_a_mark_of_byte_order_is_no_part_of_a_file(store: Store, tmp_path: Path, name: str) -> None:
    path = written(tmp_path / "export.json", FILES[name])
    path.write_bytes(MARK + path.read_bytes())
    store.add(path)
    assert stored(store, TRACE, ROOT).name == "chat"


@pytest.mark.parametrize("name", ["LangSmith's runs", "Braintrust's rows"])
def test_what_a_run_was_given_and_returned_comes_in(store: Store, tmp_path: Path, name: str) -> None:
    store.add(written(tmp_path / "export.json", FILES[name]))
    root = stored(store, TRACE, ROOT)
    assert (root.type, root.model, root.tags) == ("llm", "gpt-4o", ["a"])
    assert root.input is not None
    assert "!" in str(root.output)


OTHERS: dict[str, object] = {
    "a package": {"name": "x", "version": "1.0.0", "dependencies": {"left-pad": "1"}},
    "a list of numbers": [1, 2, 3],
    "an empty object": {},
    "OTLP without spans": {"resourceSpans": []},
    "Tempo's without spans": {"trace": {"resourceSpans": []}},
    "something with a trace": {"trace": {"a": 1}},
    "logs of OTLP": {"resourceLogs": [{"scopeLogs": []}]},
    "messages that are no spans": {"events": [{"message": "{}"}], "@message": "x"},
    "LangSmith's project": {"runs": [], "run_type": "x"},
    "half a document": '{"resourceSpans": [',
    "half a list of documents": '[{"resourceSpans": []},',
    "half a run": '[{"id": "a", "run_type": "llm", "start_time": "2026-01-01T00:00:00"',
    "a log of a program": "INFO started\nINFO ended\n",
    "nothing": "",
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_file_of_spans_fails_with_a_sentence(store: Store, tmp_path: Path, name: str) -> None:
    file = written(tmp_path / "other.json", OTHERS[name])
    with pytest.raises(ImportFailed) as failed:
        store.add(file)
    assert str(file) in str(failed.value)
    assert str(failed.value).rstrip().endswith(".")
    assert store.counts() == (0, 0)


def test_the_command_fails_for_what_is_no_file_of_spans(tmp_path: Path) -> None:
    file = written(tmp_path / "other.json", {"resourceSpans": []})
    command = [sys.executable, "-m", "spanwell", "import", "--db", str(tmp_path / "x.duckdb"), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode != 0
    assert "contains no spans" in done.stderr


LINE = {"traceId": "t", "spanId": "a", "name": "n", "startedAt": BEGAN, "endedAt": ENDED}


@pytest.mark.parametrize(
    ("status", "expected"), [("ERROR", "ERROR"), ("error", "ERROR"), ("OK", "SUCCESS"), (None, "SUCCESS")]
)
def test_the_status_of_a_line_is_kept(store: Store, tmp_path: Path, status: object, expected: str) -> None:
    store.add(written(tmp_path / "a.jsonl", json.dumps({**LINE, "status": status})))
    assert stored(store, "t", "a").status == expected


@pytest.mark.parametrize("status", ["melted", 5, ["ERROR"]])
def test_a_status_that_means_nothing_is_not_dropped_in_silence(store: Store, tmp_path: Path, status: object) -> None:
    with pytest.raises(ImportFailed, match="`status` is not a span status"):
        store.add(written(tmp_path / "a.jsonl", json.dumps({**LINE, "status": status})))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": {"code": "melted"}}, "status` is not a span status"),
        ({"kind": "melted"}, "kind` is not a span kind"),
        ({"startTimeUnixNano": None, "endTimeUnixNano": None}, "startTime` is missing"),
        ({"startTimeUnixNano": "soon"}, "startTime` is not an RFC 3339 date"),
        ({"spanId": ""}, "spanId` is missing"),
    ],
)
def test_what_cannot_be_read_is_named(store: Store, tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ImportFailed, match=said):
        store.add(written(tmp_path / "a.json", [plain(ROOT, **changes)]))

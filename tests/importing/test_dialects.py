"""Exports of other programs come in with the meaning that they have there, and what is none fails with a sentence."""

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from spanwell.importing import ImportFailed
from spanwell.observability.derivation.derived import derived
from spanwell.observability.model.span import Span, SpanStatus
from tests.making import START

from .stores import Store

TRACE, ROOT, CHILD = "ab" * 16, "cd" * 8, "ef" * 8
BEGAN, ENDED = "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"


def written(path: Path, content: object) -> Path:
    """Write a document, or text as it is."""
    path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")
    return path


def base64_id(text: str) -> str:
    return base64.b64encode(bytes.fromhex(text)).decode()


def plain(span_id: str, **changes: Any) -> dict[str, Any]:
    """Return a span as CloudWatch keeps those of AgentCore."""
    return {
        "resource": {"attributes": {"service.name": "ferry"}},
        "scope": {"name": "strands"},
        "traceId": TRACE,
        "spanId": span_id,
        "name": "chat",
        "kind": "CLIENT",
        "startTimeUnixNano": START,
        "endTimeUnixNano": START + 10**9,
        "attributes": {"session.id": "s", "gen_ai.usage.input_tokens": 3},
        "status": {"code": "OK"},
        **changes,
    }


PLAIN = [plain(ROOT), plain(CHILD, parentSpanId=ROOT, status={"code": "ERROR", "message": "no tide"})]
PHOENIX: list[dict[str, Any]] = [
    {
        "name": "chat",
        "span_kind": "LLM",
        "parent_id": parent,
        "start_time": "2026-01-01T00:00:00+00:00",
        "end_time": "2026-01-01T00:00:01+00:00",
        "status_code": code,
        "status_message": message,
        "attributes": {"session": {"id": "s"}, "llm": {"token_count": {"prompt": 3}}, "metadata": {"plan": "gold"}},
        "events": [],
        "context": {"trace_id": TRACE, "span_id": span_id},
    }
    for span_id, parent, code, message in ((ROOT, None, "OK", ""), (CHILD, ROOT, "ERROR", "no tide"))
]
PHOENIX_ROWS = [
    {
        "name": "chat",
        "span_kind": "LLM",
        "parent_id": row["parent_id"],
        "start_time": "2026-01-01T00:00:00",
        "end_time": "2026-01-01T00:00:01",
        "status_code": row["status_code"],
        "status_message": row["status_message"],
        "context.trace_id": TRACE,
        "context.span_id": row["context"]["span_id"],
        "attributes.session.id": "s",
        "attributes.llm.token_count.prompt": 3,
        "attributes.tool.name": None,
    }
    for row in PHOENIX
]
MLFLOW = {
    "info": {"trace_id": "tr-1", "trace_metadata": {"mlflow.trace.session": "s"}},
    "data": {
        "spans": [
            {
                "trace_id": base64_id(TRACE),
                "span_id": base64_id(span_id),
                "parent_span_id": parent,
                "name": "chat",
                "start_time_unix_nano": START,
                "end_time_unix_nano": START + 10**9,
                "status": {"code": code, "message": message},
                "attributes": {"mlflow.spanType": '"LLM"', "mlflow.chat.tokenUsage": '{"input_tokens": 3}'},
            }
            for span_id, parent, code, message in (
                (ROOT, "", "STATUS_CODE_OK", ""),
                (CHILD, base64_id(ROOT), "STATUS_CODE_ERROR", "no tide"),
            )
        ]
    },
}
LANGSMITH = [
    {
        "id": span_id,
        "trace_id": TRACE,
        "parent_run_id": parent,
        "name": "chat",
        "run_type": "llm",
        "start_time": "2026-01-01T00:00:00",
        "end_time": "2026-01-01T00:00:01.000000",
        "inputs": {"question": "?"},
        "outputs": {"answer": "!"},
        "error": error,
        "prompt_tokens": 3,
        "extra": {"metadata": {"session_id": "s", "ls_model_name": "gpt-4o"}},
        "tags": ["a"],
    }
    for span_id, parent, error in ((ROOT, None, None), (CHILD, ROOT, "no tide"))
]
BRAINTRUST = [
    {
        "id": f"row {span_id}",
        "span_id": span_id,
        "root_span_id": TRACE,
        "span_parents": [parent] if parent else None,
        "span_attributes": {"name": "chat", "type": "llm"},
        "metrics": {"start": START / 10**9, "end": START / 10**9 + 1, "prompt_tokens": 3},
        "metadata": {"model": "gpt-4o", "session_id": "s"},
        "input": [{"role": "user"}],
        "output": "!",
        "error": error,
        "tags": ["a"],
    }
    for span_id, parent, error in ((ROOT, None, None), (CHILD, ROOT, "no tide"))
]


def tempo(names: tuple[str, str, str]) -> dict[str, Any]:
    """Return a trace of Tempo's API, whose names changed."""
    resources, scopes, scope = names
    spans = [
        {
            "traceId": base64_id(TRACE),
            "spanId": base64_id(span_id),
            "parentSpanId": parent,
            "name": "chat",
            "kind": "SPAN_KIND_CLIENT",
            "startTimeUnixNano": str(START),
            "endTimeUnixNano": str(START + 10**9),
            "attributes": [
                {"key": "session.id", "value": {"stringValue": "s"}},
                {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "3"}},
            ],
            "status": {"code": code, "message": message},
        }
        for span_id, parent, code, message in (
            (ROOT, None, "STATUS_CODE_OK", ""),
            (CHILD, base64_id(ROOT), "STATUS_CODE_ERROR", "no tide"),
        )
    ]
    return {resources: [{"resource": {"attributes": []}, scopes: [{scope: {"name": "x"}, "spans": spans}]}]}


FILES: dict[str, object] = {
    "CloudWatch's lines": "\n".join(map(json.dumps, PLAIN)),
    "CloudWatch's list": PLAIN,
    "CloudWatch's messages": {"events": [{"timestamp": 1, "message": json.dumps(each)} for each in PLAIN]},
    "CloudWatch's results": {"results": [[{"field": "@message", "value": json.dumps(each)}] for each in PLAIN]},
    "Phoenix' spans": PHOENIX,
    "Phoenix' lines": "\n".join(map(json.dumps, PHOENIX)),
    "Phoenix' table": PHOENIX_ROWS,
    "MLflow's trace": MLFLOW,
    "MLflow's traces": [MLFLOW],
    "MLflow's search": {"traces": [MLFLOW]},
    "LangSmith's runs": LANGSMITH,
    "LangSmith's page": {"runs": LANGSMITH},
    "LangSmith's tree": {**LANGSMITH[0], "child_runs": [LANGSMITH[1]]},
    "LangSmith's lines": "\n".join(map(json.dumps, LANGSMITH)),
    "Braintrust's rows": BRAINTRUST,
    "Braintrust's page": {"events": BRAINTRUST},
    "Braintrust's lines": "\n".join(map(json.dumps, BRAINTRUST)),
    "Tempo's trace": tempo(("batches", "scopeSpans", "scope")),
    "Tempo's older trace": tempo(("batches", "instrumentationLibrarySpans", "instrumentationLibrary")),
    "Tempo's newer trace": {"trace": tempo(("resourceSpans", "scopeSpans", "scope"))},
    "Tempo's newer trace of batches": {"trace": tempo(("batches", "scopeSpans", "scope"))},
}


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
    assert "holds no spans" in done.stderr


LINE = {"traceId": "t", "spanId": "a", "name": "n", "startedAt": BEGAN, "endedAt": ENDED}


@pytest.mark.parametrize(
    ("status", "expected"), [("ERROR", "ERROR"), ("error", "ERROR"), ("OK", "SUCCESS"), (None, "SUCCESS")]
)
def test_the_status_of_a_line_is_kept(store: Store, tmp_path: Path, status: object, expected: str) -> None:
    store.add(written(tmp_path / "a.jsonl", json.dumps({**LINE, "status": status})))
    assert stored(store, "t", "a").status == expected


@pytest.mark.parametrize("status", ["melted", 5, ["ERROR"]])
def test_a_status_that_means_nothing_is_not_dropped_in_silence(store: Store, tmp_path: Path, status: object) -> None:
    with pytest.raises(ImportFailed, match="`status` names no outcome of a span"):
        store.add(written(tmp_path / "a.jsonl", json.dumps({**LINE, "status": status})))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": {"code": "melted"}}, "status` names no outcome"),
        ({"kind": "melted"}, "kind` names no kind"),
        ({"startTimeUnixNano": None, "endTimeUnixNano": None}, "startTime` is missing"),
        ({"startTimeUnixNano": "soon"}, "startTime` is not a date"),
        ({"spanId": ""}, "spanId` is missing"),
    ],
)
def test_what_cannot_be_read_is_named(store: Store, tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ImportFailed, match=said):
        store.add(written(tmp_path / "a.json", [plain(ROOT, **changes)]))

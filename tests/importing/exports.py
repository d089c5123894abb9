"""Traces of one failed call below another, as other programs export them."""

import base64
import json
from typing import Any

from tests.making import START

TRACE, ROOT, CHILD = "ab" * 16, "cd" * 8, "ef" * 8
BEGAN, ENDED = "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"


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
MLFLOW: dict[str, Any] = {
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


OLD_MLFLOW = {
    "info": {"request_id": "r", "request_metadata": {"mlflow.trace.session": "s"}},
    "data": {
        "spans": [
            {
                "name": "chat",
                "context": {"trace_id": f"0x{TRACE}", "span_id": f"0x{span_id}"},
                "parent_id": parent,
                "start_time": START,
                "end_time": START + 10**9,
                "status_code": code,
                "status_message": message,
                "attributes": {"mlflow.chat.tokenUsage": '{"input_tokens": 3}'},
            }
            for span_id, parent, code, message in ((ROOT, None, "OK", ""), (CHILD, f"0x{ROOT}", "ERROR", "no tide"))
        ]
    },
}
PHOENIX_OTLP = [
    {
        "name": "chat",
        "trace_id": TRACE,
        "span_id": span_id,
        "parent_span_id": parent,
        "start_time_unix_nano": START,
        "end_time_unix_nano": START + 10**9,
        "status": {"code": code, "message": message},
        "attributes": [
            {"key": "session.id", "value": {"string_value": "s"}},
            {"key": "llm.token_count.prompt", "value": {"int_value": "3"}},
            {"key": "tag.tags", "value": {"array_value": {"values": [{"string_value": "a"}]}}},
            {"key": "deep", "value": {"kvlist_value": {"values": [{"key": "a", "value": {"bool_value": True}}]}}},
            {"key": "odd", "value": {"melted": 1}},
        ],
    }
    for span_id, parent, code, message in ((ROOT, None, 1, ""), (CHILD, ROOT, 2, "no tide"))
]
PHOENIX_SHOWN = [
    {
        **{name: row[name] for name in ("name", "events")},
        "spanKind": "llm",
        "context": {"traceId": TRACE, "spanId": row["context"]["span_id"]},
        "parentId": row["parent_id"],
        "startTime": row["start_time"],
        "endTime": row["end_time"],
        "statusCode": row["status_code"],
        "statusMessage": row["status_message"],
        "attributes": json.dumps(row["attributes"]),
    }
    for row in PHOENIX
]
USAGE: list[dict[str, Any]] = [
    {"outputs": {"usage_metadata": {"input_tokens": 3, "output_tokens": 2}}},
    {"extra": {"metadata": {"session_id": "s", "usage_metadata": {"input_tokens": 3}}}},
    {"outputs": {"generations": [[{"message": {"kwargs": {"usage_metadata": {"input_tokens": 3}}}}]]}},
    {"outputs": {"llm_output": {"token_usage": {"prompt_tokens": 3}}}},
]
LANGSMITH_USAGE = [
    [{**{name: value for name, value in run.items() if name != "prompt_tokens"}, **usage} for run in LANGSMITH]
    for usage in USAGE
]
FILES: dict[str, object] = {
    "CloudWatch's lines": "\n".join(map(json.dumps, PLAIN)),
    "CloudWatch's list": PLAIN,
    "CloudWatch's messages": {"events": [{"timestamp": 1, "message": json.dumps(each)} for each in PLAIN]},
    "CloudWatch's table": [{"@timestamp": "2026", "@message": each} for each in PLAIN],
    "CloudWatch's results": {"results": [[{"field": "@message", "value": json.dumps(each)}] for each in PLAIN]},
    "Phoenix' spans": PHOENIX,
    "Phoenix' lines": "\n".join(map(json.dumps, PHOENIX)),
    "Phoenix' table": PHOENIX_ROWS,
    "MLflow's trace": MLFLOW,
    "MLflow's traces": [MLFLOW],
    "MLflow's search": {"traces": [MLFLOW]},
    "MLflow's table": [
        {
            "trace_id": "tr-1",
            "trace_metadata": {"mlflow.trace.session": "s"},
            "spans": json.dumps(MLFLOW["data"]["spans"]),
        }
    ],
    "MLflow's older trace": OLD_MLFLOW,
    "Phoenix' spans of OTLP": {"data": PHOENIX_OTLP, "next_cursor": None},
    "Phoenix' spans as they are shown": "\n".join(map(json.dumps, PHOENIX_SHOWN)),
    **{f"LangSmith's usage {at}": runs for at, runs in enumerate(LANGSMITH_USAGE)},
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
    "Tempo's ids that nothing fills up": json.loads(
        json.dumps(tempo(("batches", "scopeSpans", "scope"))).replace("=", "")
    ),
    "OTLP's documents in a list": [tempo(("resourceSpans", "scopeSpans", "scope"))],
    "Tempo's newer trace of batches": {"trace": tempo(("batches", "scopeSpans", "scope"))},
}

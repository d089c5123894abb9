"""What the files of older versions in `files` hold. Each was made by the code of its version, from these requests.

python -m tests.storage.old_files URL      sends them to a running server of any version
"""

import argparse
import json
import urllib.request
from typing import Any

_CREATE = "mutation ($spans: [CreateSpanInput!]!) { batchCreateSpans(spans: $spans) { createdCount } }"
_UPDATE = "mutation ($updates: [UpdateSpanInput!]!) { batchUpdateSpans(updates: $updates) { updatedCount } }"
_DELETE = 'mutation { batchDeleteTraces(traceIds: ["deleted"]) { deletedTraceCount } }'


def _span(trace_id: str, span_id: str, parent: str | None = None, begin: int = 0, end: int = 1, **fields: Any) -> Any:
    """Return a span from one second of a minute to another."""
    moments = {"startedAt": f"2026-01-01T00:00:{begin:02}.123456789Z", "endedAt": f"2026-01-01T00:00:{end:02}Z"}
    return {"traceId": trace_id, "spanId": span_id, "parentSpanId": parent, "name": span_id, **moments, **fields}


def _usage(model: str, tokens: int, cost: float) -> dict[str, Any]:
    counted = {"gen_ai.usage.input_tokens": tokens, "gen_ai.usage.output_tokens": tokens, "gen_ai.usage.cost": cost}
    return {"attributes": {"gen_ai.request.model": model, "gen_ai.provider.name": "p", **counted}}


_REQUEST = {"http.request.method": "POST", "a.b": 1.5, "list": [1, "x"], "big": 123456789012345678901234567890}
_AGENT = [
    _span(
        "agent",
        "root",
        None,
        0,
        30,
        type="agent_run",
        sessionId="s",
        userId="u",
        tags=["a", "b"],
        **_usage("m", 15, 0.3),
    ),
    _span("agent", "call", "root", 1, 5, type="model_generation", **_usage("m", 10, 0.1)),
    _span("agent", "tool", "root", 6, 9, type="tool_call", input={"q": 'a "b" \n c'}, output=["d", None, 1.25]),
    _span("agent", "delegate", "tool", 7, 8, type="agent_run", **_usage("n", 5, 0.2)),
    _span("agent", "inner", "delegate", 7, 8, type="model_generation", **_usage("n", 5, 0.2)),
]
_SHOP = [
    _span("shop", "root", None, 10, 20, serviceName="web", kind="SERVER", attributes=_REQUEST, environment="dev"),
    _span("shop", "failed", "root", 11, 12, serviceName="cart", errorInfo={"message": "no"}, statusMessage="no"),
    _span("shop", "event", "root", 13, 13, isEvent=True, metadata={"deep": {"x": [1, 2]}}, resource={"host": "h"}),
]
_ODD = [
    _span("rootless", "late", "gone", 22, 24, serviceName="mail"),
    _span("rootless", "early", "gone", 21, 25, links=[{"traceId": "shop", "spanId": "root"}]),
    {"traceId": "running", "spanId": "root", "name": "still", "startedAt": "2026-01-01T00:00:40+01:00", "tags": ["c"]},
    _span("deleted", "root"),
]
REQUESTS = (
    *((_CREATE, {"spans": spans}) for spans in (_AGENT, _SHOP, _ODD)),
    (_UPDATE, {"updates": [{"traceId": "agent", "spanId": "tool", "name": "changed", "endedAt": None}]}),
    (_CREATE, {"spans": [_span("shop", "later", "failed", 11, 12, input="text", threadId="t")]}),
    (_DELETE, {}),
)
"""Mutations in their order, of fields that every version has."""


def main() -> None:
    """Send them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    url = parser.parse_args().url
    for query, variables in REQUESTS:
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"{url}/graphql", body, {"content-type": "application/json"})  # noqa: S310 - http to ourselves
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 - as above
            print(response.read().decode(), flush=True)  # noqa: T201 - what a person watches


if __name__ == "__main__":
    main()

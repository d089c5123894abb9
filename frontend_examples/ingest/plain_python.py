"""Send spans with nothing but Python's standard library, through the GraphQL mutation `batchCreateSpans`.

Run it beside a server (`spanwell serve`):

    python plain_python.py [http://127.0.0.1:8000/graphql]

Expect `{'createdCount': 2, 'updatedCount': 0}`: the answer comes once both spans are on disk. Run it again with the
trace id that it printed and nothing changes; that is why a client that is not sure may simply send again. In the
playground, `{ trace(traceId: "...") { name status durationMs totalTokens } }` says
`answer a question`, `SUCCESS`, 1500 and 52.
"""

import json
import sys
import urllib.request
import uuid

URL = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000/graphql"
TRACE_ID = sys.argv[2] if len(sys.argv) > 2 else uuid.uuid4().hex

MUTATION = """
mutation Send($spans: [CreateSpanInput!]!) {
  batchCreateSpans(spans: $spans) { createdCount updatedCount }
}
"""

SPANS = [
    {
        "traceId": TRACE_ID,
        "spanId": "0000000000000001",
        "name": "answer a question",
        "type": "agent_run",
        "serviceName": "plain-python",
        "startedAt": "2026-01-31T09:30:00Z",
        "endedAt": "2026-01-31T09:30:01.5Z",
        "input": {"question": "How far is the moon?"},
    },
    {
        "traceId": TRACE_ID,
        "spanId": "0000000000000002",
        "parentSpanId": "0000000000000001",
        "name": "chat small-model",
        "type": "model_generation",
        "serviceName": "plain-python",
        "startedAt": "2026-01-31T09:30:00.1Z",
        "endedAt": "2026-01-31T09:30:01.4Z",
        "attributes": {
            "gen_ai.request.model": "small-model",
            "gen_ai.usage.input_tokens": 40,
            "gen_ai.usage.output_tokens": 12,
        },
    },
]

body = json.dumps({"query": MUTATION, "variables": {"spans": SPANS}}).encode()
request = urllib.request.Request(URL, body, {"content-type": "application/json"})
with urllib.request.urlopen(request, timeout=30) as response:
    answer = json.load(response)
if "errors" in answer:
    sys.exit(answer["errors"][0]["message"])
print(answer["data"]["batchCreateSpans"])
print(f"trace {TRACE_ID}")

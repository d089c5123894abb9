"""`python -m tests.attack.large_traces [SPANS]` stores a chain and a fan of so many spans in a trace each.

It tells how long the server takes to store, read, page and delete them, and how long its event loop was held at most.
"""

import time
from collections.abc import Iterator
from typing import Any

import httpx

from .attacked import attacked
from .lane import argument

_BATCH = 10_000
_BEGAN = 1_767_225_600_000
_CREATE = "mutation($s: [CreateSpanInput!]!) { batchCreateSpans(spans: $s) { createdCount } }"
_TRACE = "query($t: ID!) { trace(traceId: $t) { spanCount hasError rootSpan { spanId hasChildError } } }"
_PAGES = (
    "query($t: ID!, $a: String) { trace(traceId: $t) { spans(first: 10000, after: $a) { nodes { spanId parentSpanId }"
    " pageInfo { hasNextPage endCursor } } } }"
)
_DELETE = "mutation($t: ID!) { batchDeleteTraces(traceIds: [$t]) { deletedSpanCount } }"


def spans(trace: str, count: int, *, deep: bool) -> Iterator[dict[str, Any]]:
    """Yield a chain, each span the parent of the next, or a root with children; the last span failed."""
    for at in range(count):
        parent = {} if not at else {"parentSpanId": f"s{at - 1 if deep else 0}"}
        failed = {"errorInfo": {"message": "m"}} if at == count - 1 else {}
        yield {"traceId": trace, "spanId": f"s{at}", "name": "n", "startedAt": _BEGAN + at, **parent, **failed}


class Timed:
    """Asks a server, and prints how long each answer took."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def ask(self, what: str, query: str, **variables: Any) -> Any:
        began = time.monotonic()
        answer = self._client.post("/graphql", json={"query": query, "variables": variables}).json()
        print(f"  {what}: {time.monotonic() - began:.2f} s", flush=True)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]


def try_out(timed: Timed, trace: str, count: int, *, deep: bool) -> None:
    """Store a trace, read it in all ways, and delete it."""
    made = list(spans(trace, count, deep=deep))
    for first in range(0, count, _BATCH):
        timed.ask(f"spans from {first:,}", _CREATE, s=made[first : first + _BATCH])
    read = timed.ask("the trace", _TRACE, t=trace)["trace"]
    assert read == {"spanCount": count, "hasError": True, "rootSpan": {"spanId": "s0", "hasChildError": True}}, read
    found: list[dict[str, Any]] = []
    after = None
    while after is not None or not found:
        page = timed.ask("a page", _PAGES, t=trace, a=after)["trace"]["spans"]
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None
    assert [each["spanId"] for each in found] == [f"s{at}" for at in range(count)]
    assert timed.ask("the deletion", _DELETE, t=trace)["batchDeleteTraces"] == {"deletedSpanCount": count}


def main() -> None:
    count = int(argument("large_traces", __doc__, "100000"))
    with attacked(max_body_bytes=64 * 1024**2) as (server, client):
        for trace, deep in (("chain", True), ("fan", False)):
            print(f"a {trace} of {count:,} spans")
            try_out(Timed(client), trace, count, deep=deep)
            print(f"  the loop was held for {server.longest_hold() * 1_000:.0f} ms at most")


if __name__ == "__main__":
    main()

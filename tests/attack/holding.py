"""`python -m tests.attack.holding` tells what holds the event loop longest: all named attacks, and heavy requests.

The store holds 20,000 spans unless told otherwise, and each request asks for as much of them as it may. It is sent
three times; shown are the longest processor time of the loop's thread and the longest gap between two of its turns, in
milliseconds.
"""

import gzip
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import httpx

from tests.benchmarks.otlp import request_of
from tests.benchmarks.spans import BATCH, Source

from .attacked import Attacked, attacked
from .graphql.test_documents import DOCUMENTS, VARIABLES
from .graphql.test_inputs import FOUND, REFUSED, TAKEN
from .hog import CREATE, HOGS
from .http.test_transport import REFUSED as REQUESTS
from .lane import argument
from .leaving import HEAVY

_TOLD = 25
_BOUND = 0.05
_EVERY = (
    "traceId spanId name type startedAt endedAt durationMs status input output metadata attributes tags userId"
    " sessionId threadId environment serviceName totalTokens costUsd model errorInfo createdAt updatedAt resource scope"
)
_QUANTILES = " ".join(f"q{at}: quantile(q: 0.{at:02})" for at in range(1, 90))
_QUERIES = [
    f"{{ spans(first: 1000) {{ nodes {{ {_EVERY} }} }} }}",
    f"{{ traces(first: 100) {{ nodes {{ traceId spans(first: 10) {{ nodes {{ {_EVERY} }} }} }} }} }}",
    "{ " + " ".join(f"a{at}: spans(first: 1000) {{ nodes {{ name attributes }} }}" for at in range(20)) + " }",
    "{ spans(first: 1000) { edges { cursor node { id inputPreview outputPreview parent { id name } } } } }",
    f'{{ spanStats(first: 1000, groupBy: [{{field: "spanId"}}]) {{ keys durationMs {{ {_QUANTILES} }} }} }}',
    "{ spanStats(buckets: 10000) { bucketStart count durationMs { p50 p90 p99 } } }",
    "{ __schema { types { name fields { name args { name type { name } } } } } }",
    '{ spanFields { name types } spanFieldValues(field: "name") { value count } }',
    "{ callTree { path count } }",
    "{ __typename " + "#" * 1_000_000 + "\n}",
    "{ " + " ".join(f"a{at}: __typename" for at in range(100)) + " }",
    HEAVY,
    *HOGS,
]
_IN = "query($v: [String!]) { spans(filter: {name: {in: $v}}) { totalCount } }"
_SEARCH = "query($v: String) { spans(filter: {search: $v}) { totalCount } }"


def _batch(started_at: object) -> dict[str, Any]:
    return {"s": [{"traceId": f"b{at}", "spanId": "s", "name": "n", "startedAt": started_at} for at in range(10_000)]}


_VARIABLES: Mapping[str, tuple[str, Any]] = {
    "200,000 values": (_IN, {"v": ["x"] * 200_000}),
    "1,000,000 values": (_IN, {"v": ["x"] * 1_000_000}),
    "a text of 20 MB": (_SEARCH, {"v": "x" * 20_000_000}),
    "200 filters": (FOUND, {"f": {"or": [{"name": {"contains": f"{at}"}} for at in range(200)]}}),
    "a batch of 10,000": (CREATE, _batch(1_767_225_600_000)),
    "a bad batch of 10,000": (CREATE, _batch("x")),
}


class Sent(NamedTuple):
    """A request, and what it is called."""

    name: str
    body: bytes | list[bytes]
    headers: Mapping[str, str] = {"content-type": "application/json"}
    method: str = "POST"
    url: str = "/graphql"


def requests() -> Iterator[Sent]:
    """Yield every request."""
    for name, document in DOCUMENTS.items():
        yield graphql(name, document)
    for name, (query, parts) in VARIABLES.items():
        yield graphql(name, query, **parts)
    for query in _QUERIES:
        yield graphql(query[:100], query)
    for name, (query, variables) in [*REFUSED.items(), *_VARIABLES.items()]:
        yield graphql(name, query, variables=variables)
    for name, (spans, _) in TAKEN.items():
        yield graphql(name, CREATE, variables={"s": spans})
    for case in REQUESTS:
        yield Sent(case.name, case.body, case.headers, case.method, case.url)
    packed = gzip.compress(request_of(Source(1).next().spans).SerializeToString())
    headers = {"content-type": "application/x-protobuf", "content-encoding": "gzip"}
    yield Sent("1,000 spans of OTLP", packed, headers, url="/v1/traces")


def graphql(name: str, query: str, **parts: Any) -> Sent:
    return Sent(name, json.dumps({"query": query, **parts}).encode())


def holds(server: Attacked, client: httpx.Client) -> Iterator[tuple[float, float, str]]:
    """Yield how long each request held the loop at most, the longest gap, and what it was."""
    for sent in requests():
        longest = gap = 0.0
        for encoding in ("identity", "gzip", "zstd"):
            server.longest_hold()
            headers = {**sent.headers, "accept-encoding": encoding}
            answer = client.request(sent.method, sent.url, content=sent.body, headers=headers)
            held, between = server.longest_hold_and_gap()
            longest, gap = max(longest, held), max(gap, between)
        yield longest, gap, f"{sent.name}: {answer.status_code}, {len(answer.content):,} bytes"


def main() -> None:
    spans = int(argument("holding", __doc__, "20000"))
    sys.setswitchinterval(0.001)  # as `serve` does
    with attacked(max_batch_spans=10_000) as (server, client):
        source = Source(1)
        for _ in range(spans // BATCH):
            client.post("/graphql", json={"query": CREATE, "variables": {"s": source.next().spans}}).raise_for_status()
        found = sorted(holds(server, client), reverse=True)
    for held, gap, what in found[:_TOLD]:
        print(f"{held * 1_000:6.1f} ms, gap {gap * 1_000:6.1f} ms  {what}")
    over = sum(held > _BOUND for held, _, _ in found), sum(gap > _BOUND for _, gap, _ in found)
    longest = max((gap, what) for _, gap, what in found)
    print(f"{len(found)} requests; over {_BOUND * 1_000:.0f} ms: {over[0]} held, {over[1]} gaps, the longest {longest}")


if __name__ == "__main__":
    main()

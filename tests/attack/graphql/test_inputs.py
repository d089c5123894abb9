"""What a hostile client may give as a value: it is taken for what it is, or refused by its name."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from tests.attack.attacked import Attacked, attacked, codes_of

START = "2026-01-31T09:30:00Z"
KEYS = [
    *("a", "a.b", "gen_ai.request.model", 'a"b', "a'b", "a*b", "*", "**", "$", "$.a", "a[0]", "[0]", "0", "#", "#-1"),
    *("a/b", "a~b", "~1", "", "%", "_", "a\\b", "ключ", "a b", "a\0b", "\n", "😀", "?", "'; drop table t; --", "a`b"),
]
CREATE = "mutation($s: [CreateSpanInput!]!) { batchCreateSpans(spans: $s) { createdCount updatedCount } }"
FOUND = "query($f: SpanFilter) { spans(filter: $f) { nodes { spanId } } }"
TRACE = "query($t: ID!) { trace(traceId: $t) { spanCount hasError durationMs rootSpan { name } } }"
DELETE = "mutation($f: TraceFilter!) { deleteTraces(filter: $f) { deletedTraceCount } }"
UPDATE = "mutation($u: UpdateSpanInput!) { updateSpan(update: $u) { span { name } } }"


def span(trace: str, span_id: str, **fields: Any) -> dict[str, Any]:
    return {"traceId": trace, "spanId": span_id, "name": span_id, "startedAt": START, **fields}


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Attacked, httpx.Client]]:
    with attacked(max_span_bytes=200_000, max_batch_spans=10_000, max_body_bytes=4_000_000) as (server, client):
        spans = [span("keys", f"k{at}", attributes={key: "here"}) for at, key in enumerate(KEYS)]
        assert ask(client, CREATE, s=spans)["data"]
        yield server, client


def post(client: httpx.Client, query: str, **variables: Any) -> httpx.Response:
    return client.post("/graphql", json={"query": query, "variables": variables})


def ask(client: httpx.Client, query: str, **variables: Any) -> Any:
    return post(client, query, **variables).json()


@pytest.mark.parametrize("at", range(len(KEYS)), ids=lambda at: f"C1-C6 {KEYS[at]!r}")
def test_a_key_of_an_attribute_is_a_key_and_nothing_else(running: tuple[Attacked, httpx.Client], at: int) -> None:
    key = KEYS[at] or "/"  # a key that begins with a slash is a pointer, and that one names the empty key
    answer = ask(running[1], FOUND, f={"attributes": [{"key": key, "string": {"eq": "here"}}]})
    assert answer["data"]["spans"]["nodes"] == [{"spanId": f"k{at}"}]


def listed(arguments: str) -> tuple[str, Mapping[str, Any]]:
    return f"{{ traces{arguments} {{ totalCount }} }}", {}


def created(*spans: Any) -> tuple[str, Mapping[str, Any]]:
    return CREATE, {"s": [*spans]}


def begun(moment: Any) -> tuple[str, Mapping[str, Any]]:
    return created(span("t", "s") | {"startedAt": moment})


REFUSED: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "C7 an order that is SQL": (
        "query($o: [TraceOrder!]) { traces(orderBy: $o) { totalCount } }",
        {"o": [{"field": "NAME; DROP TABLE spans"}]},
    ),
    "C7 a direction that is SQL": listed("(orderBy: [{field: NAME, direction: DESC_1}])"),
    "C9 a pattern that is none": (FOUND, {"f": {"name": {"regex": "(a"}}}),
    "C9 a pattern that looks back": (FOUND, {"f": {"name": {"regex": "(a)\\1"}}}),
    "C9 a pattern of 1 GB": (FOUND, {"f": {"name": {"regex": "((a{1000}){1000}){1000}"}}}),
    "C10 first -1": listed("(first: -1)"),
    "C10 first 1,001": listed("(first: 1001)"),
    "C10 first 2^31 - 1": listed("(first: 2147483647)"),
    "C10 first 2^31": listed("(first: 2147483648)"),
    "C10 first and last": listed("(first: 1, last: 1)"),
    "C10 offset -1": listed("(offset: -1)"),
    "C11 a random cursor": listed('(after: "aGVsbG8=")'),
    "C11 a cursor of SQL": listed('(after: "\' OR 1=1--")'),
    "C11 a cursor of 100 KB": listed(f'(after: "{"x" * 100_000}")'),
    "C11 an empty cursor": listed('(after: "")'),
    "C12 the year 0": begun("0000-01-01T00:00:00Z"),
    "C12 beyond the last year": begun("9999-12-31T23:59:59-14:00"),
    "C12 before the first year": begun("0001-01-01T00:00:00+14:00"),
    "C12 minus infinity": begun("-infinity"),
    "C12 the 30th of February": begun("2026-02-30T00:00:00Z"),
    "C12 a leap second": begun("2026-01-01T00:00:60Z"),
    "C12 nothing": begun(""),
    "C14 300 years": created(span("t", "s", endedAt="2326-01-01T00:00:00Z")),
    "C23 one more than a batch": created(*[span("t", "s")] * 10_001),
    "C25 a span that is too large": created(span("t", "s", attributes={"a": "x" * 300_000})),
    "C27 JSON of 2,000 levels": (
        (
            'mutation { createSpan(span: {traceId: "t", spanId: "s", name: "s", startedAt: '
            f'"{START}", input: {"[" * 2_000}{"]" * 2_000}}}) {{ span {{ name }} }} }}'
        ),
        {},
    ),
    "C31 an empty id": created(span("", "s")),
    "C32 an id of 129 characters": created(span("t" * 129, "s")),
    "C33 an id that is null": created(span("t", "s") | {"spanId": None}),
    "C34 a field that is none": created(span("t", "s", nope=1)),
    "C35 a field that is derived": created(span("t", "s", hasChildError=True)),
    "C36 a kind that is none": created(span("t", "s", kind="ROOT")),
    "C37 a tag that is an object": created(span("t", "s", tags=[{}])),
    "C38 an update without its ids": (UPDATE, {"u": {"name": "n"}}),
    "C39 an update that takes the name away": (UPDATE, {"u": {"traceId": "keys", "spanId": "k0", "name": None}}),
    "C40 an update of the identity": (UPDATE, {"u": {"traceId": "keys", "spanId": "k0", "id": "x"}}),
    "C41 a delete by an empty filter": (DELETE, {"f": {}}),
    "C41 a delete by what is true of all": (DELETE, {"f": {"not": {"or": []}}}),
    "C42 a delete without a filter": (DELETE, {"f": None}),
    "C43 a delete of the empty id": ('mutation { batchDeleteTraces(traceIds: [""]) { deletedTraceCount } }', {}),
    "C44 a delete of more than a batch": (
        "mutation($i: [ID!]!) { batchDeleteTraces(traceIds: $i) { deletedTraceCount } }",
        {"i": ["t"] * 10_001},
    ),
}


@pytest.mark.parametrize(("query", "variables"), REFUSED.values(), ids=REFUSED.keys())
def test_what_makes_no_sense_is_refused_and_nothing_is_changed(
    running: tuple[Attacked, httpx.Client], query: str, variables: Mapping[str, Any]
) -> None:
    server, client = running
    with server.unharmed():
        answer = post(client, query, **variables)
    assert codes_of(answer) <= {
        "BAD_USER_INPUT",
        "BAD_CURSOR",
        "GRAPHQL_VALIDATION_FAILED",
        "QUERY_TOO_COMPLEX",
        "GRAPHQL_PARSE_FAILED",
    }, answer.text[:500]
    assert codes_of(answer), answer.text[:500]
    assert not answer.json().get("data")
    assert ask(client, "{ spans { totalCount } }")["data"]["spans"]["totalCount"] == len(KEYS)


def chain(trace: str, count: int, **last: Any) -> list[dict[str, Any]]:
    return [
        span(trace, f"s{at}", parentSpanId=f"s{at - 1}" if at else None) | (last if at == count - 1 else {})
        for at in range(count)
    ]


ENDED = "2026-01-31T09:30:01Z"
TAKEN: Mapping[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "C14 an end before the start": ([span("c14", "s", endedAt="2026-01-31T09:29:59Z")], {"durationMs": -1000}),
    "C15 a span twice": ([span("c15", "s")] * 2, {"spanCount": 1}),
    "C16 a span with other content": (
        [span("c16", "s"), span("c16", "s", name="n")],
        {"spanCount": 1, "rootSpan": {"name": "n"}},
    ),
    "C18 its own parent": ([span("c18", "s", parentSpanId="s")], {"spanCount": 1}),
    "C19 a cycle of 1,000": ([*chain("c19", 1000)[1:], span("c19", "s0", parentSpanId="s999")], {"spanCount": 1_000}),
    "C20 a parent of another trace": ([span("c20", "s", parentSpanId="k0")], {"spanCount": 1, "rootSpan": None}),
    "C21 a chain of 5,000": (chain("c21", 5_000, errorInfo={"message": "m"}), {"spanCount": 5_000, "hasError": True}),
    "C22 5,000 children": (
        [span("c22", "s0"), *(span("c22", f"s{at}", parentSpanId="s0") for at in range(1, 5_000))],
        {"spanCount": 5_000},
    ),
    "C23 a large batch with times as numbers": (
        [span("c23", f"s{at}", startedAt=1_767_225_600_000 + at) for at in range(2_000)],
        {"spanCount": 2_000},
    ),
    "C26 1,000 attributes with long keys": (
        [span("c26", "s", attributes={f"{at}" + "k" * 100: at for at in range(1_000)})],
        {"spanCount": 1},
    ),
    "C29 a script as a name": (
        [span("c29", "s", name="<script>alert(1)</script>")],
        {"rootSpan": {"name": "<script>alert(1)</script>"}},
    ),
    "C30 line breaks and colours in a name": (
        [span("c30", "s", name="a\r\nb\x1b[31m\0")],
        {"rootSpan": {"name": "a\r\nb\x1b[31m\0"}},
    ),
}


@pytest.mark.parametrize(("spans", "seen"), TAKEN.values(), ids=TAKEN.keys())
def test_what_is_odd_but_true_is_kept(
    running: tuple[Attacked, httpx.Client], spans: list[dict[str, Any]], seen: dict[str, Any]
) -> None:
    """C17 and C24 are among the rules: a batch merges its own records in order, and is stored whole or not at all."""
    server, client = running
    trace = spans[0]["traceId"]
    with server.unharmed():
        for _ in range(2):
            assert "errors" not in ask(client, CREATE, s=spans)
        answer = ask(client, TRACE, t=trace)["data"]["trace"]
    assert answer | seen == answer
    ask(client, "mutation($t: [ID!]!) { batchDeleteTraces(traceIds: $t) { deletedSpanCount } }", t=[trace])


AFTER = "query($a: String) { traces(first: 1, after: $a) { pageInfo { endCursor } } }"
OF_SPANS = "query($a: String) { spans(first: 1, after: $a) { totalCount } }"
FILTERED = 'query($a: String) { traces(first: 1, after: $a, filter: {name: {eq: "n"}}) { totalCount } }'


def test_a_cursor_is_good_for_its_own_list_alone_and_as_it_was_given(running: tuple[Attacked, httpx.Client]) -> None:
    """C11."""
    server, client = running
    cursor = ask(client, AFTER)["data"]["traces"]["pageInfo"]["endCursor"]
    flipped = f"{cursor[:-5]}{'A' if cursor[-5] != 'A' else 'B'}{cursor[-4:]}"
    wrong = [(OF_SPANS, cursor), (FILTERED, cursor), (AFTER, cursor[:-8]), (AFTER, flipped), (AFTER, cursor * 2)]
    with server.unharmed():
        for query, after in wrong:
            assert codes_of(post(client, query, a=after)) == {"BAD_CURSOR"}


def test_wildcards_are_letters_and_a_range_that_ends_before_it_begins_is_empty(
    running: tuple[Attacked, httpx.Client],
) -> None:
    """C8, C13."""
    for condition in (
        {"name": {"contains": "%"}},
        {"name": {"startsWith": "_"}},
        {"name": {"iContains": "*"}},
        {"startedAt": {"gt": ENDED, "lt": START}},
    ):
        assert ask(running[1], FOUND, f=condition)["data"]["spans"]["nodes"] == []


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1E400"])
def test_no_answer_holds_what_is_no_json(running: tuple[Attacked, httpx.Client], text: str) -> None:
    """C28."""
    body = json.dumps({"query": CREATE, "variables": {"s": [span("c28", "s", input="HERE")]}}).replace('"HERE"', text)
    answer = running[1].post("/graphql", content=body.encode(), headers={"content-type": "application/json"})
    assert codes_of(answer) == {"BAD_USER_INPUT"}

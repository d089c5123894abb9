"""From a record a client comes to its neighbours, and sees the beginnings of what is long."""

from typing import Any

import pytest

from spanwell.graphql.resolvers import relatives
from spanwell.observability.model.columns import Json
from spanwell.observability.model.identifiers import global_id
from tests.graphql.asking import Asker
from tests.making import ended

A, B = "000000000000000000000000000000aa", "4bf92f3577b34da6a3ce929d0e0e4736"
EVENTS = (
    '[{"name":"exception","timeUnixNano":"1767225600000000005","attributes":{"exception.type":"E"}},'
    '{"name":"log","timestamp":"2026-01-01"},{"time":"soon"},{"timestamp":1767225600000},7]'
)
LINKS = '[{"traceId":"4BF92F35-77B3-4DA6-A3CE-929D0E0E4736","spanId":"b1","attributes":{"k":1}},{"attributes":{}}]'


@pytest.fixture
def asker() -> Asker:
    return Asker(
        ended(A, "a1", session_id="s", thread_id="h", input=Json('"a long question"')),
        ended(A, "a2", "a1", name="mid", events=Json(EVENTS), links=Json(LINKS), output=Json('{"deep":[1,2,3]}')),
        ended(A, "a3", "a2", name="leaf", error_info=Json('{"message":"declined","code":1}')),
        ended(A, "a4", "gone", error_info=Json('"broken"'), status_message="not this"),
        ended(B, "b1", session_id="s", status_message="slow", error_info=Json('{"code":2}')),
    )


def of(asker: Asker, span_id: str, selected: str, trace_id: str = A) -> Any:
    query = f"query ($t: ID!, $s: ID!) {{ span(traceId: $t, spanId: $s) {{ {selected} }} }}"
    return asker.ask(query, {"t": trace_id, "s": span_id})["span"]


@pytest.mark.parametrize(("page", "statements"), [(1_000, 2), (1, 6)])
def test_all_spans_of_a_list_learn_who_links_to_them_by_one_statement_unless_those_are_many(
    monkeypatch: pytest.MonkeyPatch, page: int, statements: int
) -> None:
    def link(span_id: str) -> Json:
        return Json(f'[{{"traceId":"{A}","spanId":"{span_id}"}}]')

    asker = Asker(
        *(ended(A, span_id, name="linked") for span_id in ("a1", "a2", "a3", "a4")),
        *(ended(B, f"b{n}", links=link(f"a{n % 3 + 1}")) for n in range(3)),
        ended(B, "b9", links=Json(f'[{{"traceId":"{B}","spanId":"a1"}},{{"traceId":"{A}","spanId":"b1"}}]')),
    )
    asked, list_spans = list[Any](), asker.storage.list_spans

    async def counted(query: Any) -> Any:
        asked.append(query)
        return await list_spans(query)

    monkeypatch.setattr(relatives, "LARGEST_PAGE", page)
    monkeypatch.setattr(asker.storage, "list_spans", counted)
    found = asker.ask(
        '{ spans(filter: {name: {eq: "linked"}}, first: 10) { nodes { spanId linkedFrom(first: 1) { spanId } } } }'
    )
    linked = {node["spanId"]: [each["spanId"] for each in node["linkedFrom"]] for node in found["spans"]["nodes"]}
    assert linked == {"a1": ["b0"], "a2": ["b1"], "a3": ["b2"], "a4": []}
    assert len(asked) == statements


def test_a_span_knows_its_trace_its_parent_and_what_is_above_it(asker: Asker) -> None:
    found = of(asker, "a3", "trace { traceId spanCount } parent { name parent { spanId } } ancestors { spanId name }")
    assert found["trace"] == {"traceId": A, "spanCount": 4}
    assert found["parent"] == {"name": "mid", "parent": {"spanId": "a1"}}
    assert [each["spanId"] for each in found["ancestors"]] == ["a2", "a1"]
    assert of(asker, "a1", "parent { spanId } ancestors { spanId }") == {"parent": None, "ancestors": []}
    assert of(asker, "a4", "parent { spanId } ancestors { spanId }") == {"parent": None, "ancestors": []}


def test_events_and_links_are_records_beside_their_json(asker: Asker) -> None:
    found = of(asker, "a2", "spanEvents { name time attributes } spanLinks { traceId spanId span { spanId name } }")
    assert found["spanEvents"] == [
        {"name": "exception", "time": "2026-01-01T00:00:00.000000005Z", "attributes": {"exception.type": "E"}},
        {"name": "log", "time": "2026-01-01T00:00:00Z", "attributes": None},
        {"name": None, "time": None, "attributes": None},
        {"name": None, "time": "2026-01-01T00:00:00Z", "attributes": None},
    ]
    assert [link["span"] for link in found["spanLinks"]] == [{"spanId": "b1", "name": "span b1"}, None]
    assert found["spanLinks"][0]["traceId"] == B
    assert of(asker, "a1", "spanEvents { name } spanLinks { spanId }") == {"spanEvents": [], "spanLinks": []}


def test_a_span_knows_who_links_to_it(asker: Asker) -> None:
    assert of(asker, "b1", "linkedFrom { spanId name }", B) == {"linkedFrom": [{"spanId": "a2", "name": "mid"}]}
    assert of(asker, "a1", "linkedFrom { spanId }") == {"linkedFrom": []}


def test_previews_are_the_beginnings_of_texts(asker: Asker) -> None:
    assert of(asker, "a1", "inputPreview(maxChars: 6) outputPreview") == {
        "inputPreview": "a long",
        "outputPreview": None,
    }
    assert of(asker, "a2", "outputPreview(maxChars: 9)") == {"outputPreview": '{"deep":['}
    messages = [of(asker, span_id, "errorMessage")["errorMessage"] for span_id in ("a1", "a3", "a4")]
    assert [*messages, of(asker, "b1", "errorMessage", B)["errorMessage"]] == [None, "declined", "broken", "slow"]
    assert asker.bad_input("{ spans(first: 1) { nodes { inputPreview(maxChars: 0) } } }").endswith("maxChars")


def test_a_trace_knows_its_first_error(asker: Asker) -> None:
    found = asker.ask("{ traces { nodes { traceId firstError { spanId errorMessage } } } }")["traces"]["nodes"]
    assert {each["traceId"]: (each["firstError"] or {}).get("errorMessage") for each in found} == {
        A: "declined",
        B: "slow",
    }


def test_sessions_and_threads_are_nodes_with_traces(asker: Asker) -> None:
    session = asker.ask(
        '{ session(sessionId: "s") { id traceCount traces(first: 1) { totalCount nodes { traceId } } } }'
    )
    assert session["session"]["traceCount"] == session["session"]["traces"]["totalCount"] == 2
    found = asker.ask(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }",
        {"ids": [session["session"]["id"], global_id("Thread", "h"), global_id("Thread", "none")]},
    )["nodes"]
    assert [each and each["__typename"] for each in found] == ["Session", "Thread", None]
    assert asker.ask('{ thread(threadId: "x") { id } session(sessionId: "x") { id } }') == {
        "thread": None,
        "session": None,
    }
    listed = asker.ask(
        "{ sessions { nodes { id traces { nodes { traceId } } } } threads { nodes { traces { totalCount } } } }"
    )
    assert [len(each["traces"]["nodes"]) for each in listed["sessions"]["nodes"]] == [2]
    assert listed["threads"]["nodes"] == [{"traces": {"totalCount": 1}}]

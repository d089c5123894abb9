"""Sessions and threads: lists with a filter and cursors, the newest activity first."""

from typing import Any

import pytest

from spanwell.observability.model.columns import Json
from tests.graphql.asking import Asker
from tests.making import at, ended

NODE = (
    "traceCount errorCount firstActivityAt lastActivityAt inputTokens outputTokens totalTokens costUsd lastInput userId"
    " lastTraceId"
)
ARGUMENTS = "$filter: TraceFilter, $first: Int, $after: String, $last: Int, $before: String"
GIVEN = "filter: $filter, first: $first, after: $after, last: $last, before: $before"
LISTS = {
    name: f"query({ARGUMENTS}) {{ page: {name}({GIVEN}) {{ totalCount nodes {{ id: {label} {NODE} }}"
    f" edges {{ cursor node {{ id: {label} }} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
    for name, label in (("sessions", "sessionId"), ("threads", "threadId"))
}


@pytest.fixture(params=LISTS)
def query(request: pytest.FixtureRequest) -> str:
    return LISTS[request.param]


@pytest.fixture
def asker() -> Asker:
    """Give five conversations, of which c0 is the newest and has two traces; and a trace of none."""
    usage = Json('{"usage":{"inputTokens":3,"outputTokens":4},"gen_ai.usage.cost":0.25}')
    both = [{"session_id": f"c{i}", "thread_id": f"c{i}"} for i in range(5)]
    return Asker(
        *(ended(f"t{i}", "a", started_at=at(-i), **names, attributes=usage) for i, names in enumerate(both)),
        ended("later", "a", started_at=at(8), ended_at=at(9), input=Json('"hi"'), user_id="ada", **both[0]),
        ended("later", "b", "a", started_at=at(8), ended_at=at(9), error_info=Json('"broken"')),
        ended("alone", "a", started_at=at(60)),
    )


def ids(page: Any) -> list[str]:
    return [node["id"] for node in page["nodes"]]


def test_a_conversation_sums_up_its_traces(asker: Asker, query: str) -> None:
    page = asker.ask(query)["page"]
    assert ids(page) == ["c0", "c1", "c2", "c3", "c4"]
    assert page["totalCount"] == 5
    assert page["nodes"][0] == {
        "id": "c0",
        "traceCount": 2,
        "errorCount": 1,
        "firstActivityAt": "2026-01-01T00:00:00Z",
        "lastActivityAt": "2026-01-01T00:00:09Z",
        "inputTokens": 3,
        "outputTokens": 4,
        "totalTokens": 7,
        "costUsd": 0.25,
        "lastInput": "hi",
        "userId": "ada",
        "lastTraceId": "later",
    }


def test_a_filter_says_which_traces_are_summed_up(asker: Asker, query: str) -> None:
    page = asker.ask(query, {"filter": {"hasError": {"eq": False}}})["page"]
    assert page["nodes"][0]["traceCount"] == 1
    page = asker.ask(query, {"filter": {"userId": {"eq": "ada"}}})["page"]
    assert (ids(page), page["totalCount"]) == (["c0"], 1)


def test_cursors_lead_forward_and_back(asker: Asker, query: str) -> None:
    seen, after, more = list[str](), None, True
    while more:
        page = asker.ask(query, {"first": 2, "after": after})["page"]
        seen += ids(page)
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert seen == ["c0", "c1", "c2", "c3", "c4"]
    page = asker.ask(query, {"last": 2, "before": after})["page"]
    assert (ids(page), page["pageInfo"]["hasPreviousPage"]) == (["c2", "c3"], True)


def test_a_cursor_belongs_to_its_list_and_filter(asker: Asker) -> None:
    after = asker.ask(LISTS["sessions"], {"first": 1})["page"]["pageInfo"]["endCursor"]
    other = {"filter": {"userId": {"eq": "ada"}}, "after": after}
    assert asker.failure(LISTS["sessions"], other)["extensions"]["code"] == "BAD_CURSOR"
    assert asker.failure(LISTS["threads"], {"after": after})["extensions"]["code"] == "BAD_CURSOR"


@pytest.mark.parametrize(
    ("given", "element"),
    [({"first": -1}, "first"), ({"last": 1_001}, "last"), ({"first": 1, "last": 1}, "last")],
)
def test_arguments_have_bounds(asker: Asker, query: str, given: dict[str, Any], element: str) -> None:
    assert asker.bad_input(query, given) == element


def test_pages_count_toward_the_cost_of_a_query(asker: Asker) -> None:
    query = " ".join(f"x{i}: sessions(first: 1000) {{ totalCount }}" for i in range(100))
    failure = asker.failure(f"{{ {query} threads(first: 1) {{ totalCount }} }}")
    assert failure["extensions"]["code"] == "QUERY_TOO_COMPLEX"


SORTED = """query($having: ConversationFilter, $order: [ConversationOrder!], $first: Int, $after: String) {
  page: sessions(having: $having, orderBy: $order, first: $first, after: $after) {
    totalCount nodes { id: sessionId } pageInfo { hasNextPage endCursor } } }"""


@pytest.mark.parametrize(
    ("having", "found"),
    [
        ({"traceCount": {"gte": 2}}, ["c0"]),
        ({"errorCount": {"eq": 0}, "costUsd": {"lte": 0.25}}, ["c1", "c2", "c3", "c4"]),
        ({"firstActivityAt": {"lt": "2025-12-31T23:59:58Z"}}, ["c3", "c4"]),
        (
            {"or": [{"traceCount": {"gt": 1}}, {"not": {"firstActivityAt": {"gt": "2025-12-31T23:59:56Z"}}}]},
            ["c0", "c4"],
        ),
        ({"totalTokens": {"isNull": True}}, []),
        ({"traces": {"some": {"hasError": {"eq": True}}}}, ["c0"]),
        ({"traces": {"none": {"userId": {"eq": "ada"}}}, "costUsd": {"gt": 0}}, ["c1", "c2", "c3", "c4"]),
        ({"traces": {"every": {"spanCount": {"eq": 1}}}, "firstActivityAt": {"gt": "2025-12-31T23:59:58Z"}}, ["c1"]),
        ({"traces": {"some": {"spans": {"some": {"parent": {"some": {"input": {"eq": "hi"}}}}}}}}, ["c0"]),
    ],
)
def test_conversations_are_left_out_by_what_they_sum_up(asker: Asker, having: Any, found: list[str]) -> None:
    page = asker.ask(SORTED, {"having": having})["page"]
    assert (ids(page), page["totalCount"]) == (found, len(found))


def test_only_the_traces_of_the_list_count_for_conditions_on_traces(asker: Asker) -> None:
    query = """query($traces: ConversationTracesFilter!) {
      sessions(filter: {userId: {isNull: true}}, having: {traces: $traces}) { nodes { sessionId } totalCount } }"""
    assert asker.ask(query, {"traces": {"some": {"hasError": {"eq": True}}}})["sessions"]["totalCount"] == 0
    assert asker.ask(query, {"traces": {"every": {"hasError": {"eq": False}}}})["sessions"]["totalCount"] == 5


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ([{"field": "TRACE_COUNT"}, {"field": "ID", "direction": "ASC"}], ["c0", "c1", "c2", "c3", "c4"]),
        ([{"field": "FIRST_ACTIVITY_AT", "direction": "ASC"}], ["c4", "c3", "c2", "c1", "c0"]),
        ([{"field": "COST", "nulls": "LAST"}, {"field": "ID"}], ["c4", "c3", "c2", "c1", "c0"]),
    ],
)
def test_conversations_are_sorted_by_what_they_sum_up_page_by_page(asker: Asker, order: Any, found: list[str]) -> None:
    seen, after, more = list[str](), None, True
    while more:
        page = asker.ask(SORTED, {"order": order, "first": 2, "after": after})["page"]
        seen += ids(page)
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert seen == found
    elsewhere = {"having": {"traceCount": {"gt": 0}}, "order": order, "after": after}
    assert asker.failure(SORTED, elsewhere)["extensions"]["code"] == "BAD_CURSOR"
    assert asker.failure(SORTED, {"after": after})["extensions"]["code"] == "BAD_CURSOR"

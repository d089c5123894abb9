"""Pages: their size, their cursors, and that they stay in place while spans arrive."""

import asyncio
from typing import Any

import pytest

from spanwell.observability.model.columns import Json
from spanwell.observability.questions.queries import Window
from tests.graphql.asking import Asker
from tests.making import at, ended, span

INFO = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
ARGUMENTS = "$first: Int, $after: String, $last: Int, $before: String, $offset: Int"
GIVEN = "first: $first, after: $after, last: $last, before: $before, offset: $offset"
LISTS = {
    name: f"query({ARGUMENTS}) {{ page: {name}({GIVEN}) "
    f"{{ totalCount {INFO} edges {{ cursor node {{ traceId }} }} }} }}"
    for name in ("traces", "spans")
}
OF_TRACE = (
    f'query({ARGUMENTS}) {{ trace(traceId: "t") {{ page: spans({GIVEN}) '
    f"{{ totalCount {INFO} edges {{ cursor node {{ spanId }} }} }} }} }}"
)


def seven() -> Asker:
    """Seven traces of one span each, t0 the newest."""
    return Asker(*(ended(f"t{i}", "s", started_at=at(-i)) for i in range(7)))


def ids(page: Any) -> list[str]:
    return [edge["node"].get("spanId") or edge["node"]["traceId"] for edge in page["edges"]]


@pytest.fixture(params=LISTS)
def query(request: pytest.FixtureRequest) -> str:
    return LISTS[request.param]


def test_following_end_cursors_visits_everything_once(query: str) -> None:
    asker, seen, after, more = seven(), list[str](), None, True
    while more:
        page = asker.ask(query, {"first": 3, "after": after})["page"]
        seen += ids(page)
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        assert page["totalCount"] == 7
    assert seen == [f"t{i}" for i in range(7)]


def test_following_start_cursors_backwards_visits_everything_once(query: str) -> None:
    asker, seen, before, more = seven(), list[str](), None, True
    while more:
        page = asker.ask(query, {"last": 3, "before": before})["page"]
        seen = ids(page) + seen
        before, more = page["pageInfo"]["startCursor"], page["pageInfo"]["hasPreviousPage"]
    assert seen == [f"t{i}" for i in range(7)]


def test_a_cursor_is_the_same_wherever_it_is_shown(query: str) -> None:
    page = seven().ask(query, {"first": 3})["page"]
    assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
    assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
    assert len({edge["cursor"] for edge in page["edges"]}) == 3


def test_a_page_lies_between_two_cursors(query: str) -> None:
    asker = seven()
    cursors = [edge["cursor"] for edge in asker.ask(query)["page"]["edges"]]
    page = asker.ask(query, {"after": cursors[1], "before": cursors[5]})["page"]
    assert ids(page) == ["t2", "t3", "t4"]


def test_a_page_stays_in_place_while_spans_arrive_and_go(query: str) -> None:
    asker = seven()
    after = asker.ask(query, {"first": 3})["page"]["pageInfo"]["endCursor"]
    asyncio.run(asker.storage.batch_create_spans([ended("new", "s", started_at=at(60))]))
    asyncio.run(asker.storage.batch_delete_traces(["t2"]))
    page = asker.ask(query, {"first": 3, "after": after})["page"]
    assert ids(page) == ["t3", "t4", "t5"]
    assert page["pageInfo"]["hasPreviousPage"] is True


def test_an_offset_skips_for_page_numbers(query: str) -> None:
    page = seven().ask(query, {"first": 2, "offset": 4})["page"]
    assert ids(page) == ["t4", "t5"]
    assert page["pageInfo"] | {"startCursor": "", "endCursor": ""} == {
        "hasNextPage": True,
        "hasPreviousPage": True,
        "startCursor": "",
        "endCursor": "",
    }


def test_an_empty_page_has_no_cursors(query: str) -> None:
    page = Asker().ask(query)["page"]
    nothing = {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None}
    assert page == {"totalCount": 0, "pageInfo": nothing, "edges": []}
    page = seven().ask(query, {"first": 0})["page"]
    assert page == {"totalCount": 7, "pageInfo": {**nothing, "hasNextPage": True}, "edges": []}


def test_a_page_holds_fifty_unless_asked_otherwise(query: str) -> None:
    asker = Asker()
    asker.answer(query)
    assert asker.storage.calls[0].query is not None
    assert asker.storage.calls[0].query.window == Window(50)
    asker.answer(query, {"first": None, "last": None, "offset": None})
    assert asker.storage.calls[0].query.window == Window(50)


REFUSED = [
    ({"first": -1}, "first"),
    ({"last": -1}, "last"),
    ({"first": 1, "last": 1}, "last"),
    ({"offset": -1}, "offset"),
    ({"offset": 1, "last": 1}, "offset"),
]


@pytest.mark.parametrize(("given", "element"), [*REFUSED, ({"first": 1001}, "first"), ({"last": 1001}, "last")])
def test_pages_that_make_no_sense_are_refused_by_argument(query: str, given: Any, element: str) -> None:
    assert Asker().bad_input(query, given) == element


@pytest.mark.parametrize(("given", "element"), [*REFUSED, ({"first": 10_001}, "first"), ({"last": 10_001}, "last")])
def test_pages_within_a_trace_are_refused_the_same_way(given: Any, element: str) -> None:
    assert Asker(span("t", "s")).bad_input(OF_TRACE, given) == element


def test_the_largest_pages_are_allowed(query: str) -> None:
    assert len(ids(seven().ask(query, {"first": 1000})["page"])) == 7
    assert len(ids(Asker(span("t", "s")).ask(OF_TRACE, {"last": 10_000})["trace"]["page"])) == 1


def test_an_offset_does_not_go_with_a_cursor(query: str) -> None:
    asker = seven()
    cursor = asker.ask(query, {"first": 1})["page"]["pageInfo"]["endCursor"]
    for name in ("after", "before"):
        assert asker.bad_input(query, {name: cursor, "offset": 1}) == "offset"


@pytest.mark.parametrize("cursor", ["", "x", "WyJ4Il0", "ключ", "a" * 10_000, "====", "AAAAAAAAAAAA"])
@pytest.mark.parametrize("name", ["after", "before"])
def test_a_damaged_cursor_says_so(query: str, name: str, cursor: str) -> None:
    assert Asker().failure(query, {name: cursor})["extensions"]["code"] == "BAD_CURSOR"


def test_a_cursor_with_one_letter_changed_says_so(query: str) -> None:
    asker = seven()
    cursor = asker.ask(query, {"first": 1})["page"]["pageInfo"]["endCursor"]
    for place in range(len(cursor)):
        other = "A" if cursor[place] != "A" else "B"
        damaged = cursor[:place] + other + cursor[place + 1 :]
        assert asker.failure(query, {"after": damaged})["extensions"]["code"] == "BAD_CURSOR"


def test_a_cursor_belongs_to_its_list_filter_and_order() -> None:
    asker = Asker(span("t", "a"), span("t", "b", started_at=at(1)))
    page = "first: 1 {} ) {{ pageInfo {{ endCursor }} }}"
    lists = [
        "traces(" + page.format("") + " }",
        'traces(filter: {name: {eq: "span a"}} ' + page.format("") + " }",
        "traces(orderBy: {field: NAME} " + page.format("") + " }",
        "spans(" + page.format("") + " }",
        'spans(filter: {traceId: {eq: "t"}} ' + page.format("") + " }",
        "spans(orderBy: {field: NAME} " + page.format("") + " }",
        "spans(orderBy: {field: NAME, direction: ASC} " + page.format("") + " }",
        "spans(orderBy: {field: NAME, nulls: LAST} " + page.format("") + " }",
    ]
    cursors = [
        next(iter(asker.ask("{ " + one)["spans" if one[0] == "s" else "traces"].values()))["endCursor"] for one in lists
    ]
    assert len(set(cursors)) == len(cursors)
    for i, one in enumerate(lists):
        for j, cursor in enumerate(cursors):
            asked = "{ " + one.replace("first: 1", f'first: 1, after: "{cursor}"')
            failures = asker.answer(asked).failures
            assert [failure["extensions"]["code"] for failure in failures] == ([] if i == j else ["BAD_CURSOR"])


def test_the_order_that_is_usual_and_the_same_asked_for_share_their_cursors() -> None:
    asker = seven()
    cursor = asker.ask("{ traces(first: 3) { pageInfo { endCursor } } }")["traces"]["pageInfo"]["endCursor"]
    query = "query($after: String) { traces(orderBy: {field: STARTED_AT}, after: $after) { nodes { traceId } } }"
    assert asker.ask(query, {"after": cursor})["traces"]["nodes"][0] == {"traceId": "t3"}


def test_null_filters_and_orders_share_cursors_with_absent_ones() -> None:
    asker = seven()
    cursor = asker.ask("{ spans(first: 3) { pageInfo { endCursor } } }")["spans"]["pageInfo"]["endCursor"]
    query = "query($after: String) { spans(filter: null, orderBy: null, after: $after) { nodes { traceId } } }"
    assert asker.ask(query, {"after": cursor})["spans"]["nodes"][0] == {"traceId": "t3"}


def test_spans_of_a_trace_have_pages_and_cursors_of_their_own() -> None:
    asker = Asker(*(span("t", f"s{i}", started_at=at(i // 2)) for i in range(7)), span("other", "x"))
    seen, after, more = list[str](), None, True
    while more:
        page = asker.ask(OF_TRACE, {"first": 3, "after": after})["trace"]["page"]
        seen += ids(page)
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        assert page["totalCount"] == 7
    assert seen == [f"s{i}" for i in range(7)]


ORDERED = "query($by: [SpanOrder!]) { spans(orderBy: $by) { nodes { spanId } } }"


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (None, "dcba"),
        ([], "dcba"),
        ({"field": "STARTED_AT", "direction": "ASC"}, "abcd"),
        ({"field": "ENDED_AT"}, "dcab"),
        ({"field": "ENDED_AT", "nulls": "LAST"}, "cabd"),
        ({"field": "ENDED_AT", "direction": "ASC"}, "bacd"),
        ({"field": "ENDED_AT", "direction": "ASC", "nulls": "FIRST"}, "dbac"),
        ({"field": "ENDED_AT", "direction": "ASC", "nulls": None}, "bacd"),
        ({"field": "DURATION"}, "dacb"),
        ({"field": "NAME", "direction": "ASC"}, "dbca"),
        ({"field": "TOTAL_TOKENS"}, "bcad"),
        ({"field": "COST", "direction": "ASC"}, "abcd"),
        ({"field": "CREATED_AT"}, "abcd"),
        ({"field": "UPDATED_AT"}, "abcd"),
        ([{"field": "TOTAL_TOKENS", "nulls": "LAST"}, {"field": "NAME", "direction": "ASC"}], "adbc"),
    ],
)
def test_spans_are_sorted_by_what_is_asked_for(by: Any, expected: str) -> None:
    """`d` runs; where the keys say nothing, trace and span ids decide."""
    usage = Json('{"usage": {"inputTokens": 7, "cost": 0.5}}')
    less = Json('{"usage": {"inputTokens": 3}}')
    asker = Asker(
        span("t", "a", name="z", started_at=at(0), ended_at=at(5), attributes=usage),
        span("t", "b", name="m", started_at=at(1), ended_at=at(2)),
        span("t", "c", name="n", started_at=at(2), ended_at=at(6)),
        span("t", "d", name="A", started_at=at(3), attributes=less),
    )
    found = asker.ask(ORDERED, {"by": by})["spans"]["nodes"]
    assert "".join(node["spanId"] for node in found) == expected


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (None, ["t2", "t1"]),
        ({"field": "SPAN_COUNT"}, ["t1", "t2"]),
        ({"field": "ERROR_COUNT", "direction": "ASC"}, ["t2", "t1"]),
        ({"field": "DURATION"}, ["t2", "t1"]),
        ({"field": "DURATION", "nulls": "LAST"}, ["t1", "t2"]),
        ({"field": "ENDED_AT", "direction": "ASC"}, ["t1", "t2"]),
        ({"field": "TOTAL_TOKENS"}, ["t1", "t2"]),
        ({"field": "COST"}, ["t1", "t2"]),
        ({"field": "NAME"}, ["t1", "t2"]),
        ({"field": "NAME", "direction": "ASC"}, ["t2", "t1"]),
    ],
)
def test_traces_are_sorted_by_what_is_asked_for(by: Any, expected: list[str]) -> None:
    asker = Asker(
        ended("t1", "a", name="b"),
        ended("t1", "b", "a", error_info=Json("1")),
        span("t2", "a", name="a", started_at=at(9)),
    )
    query = "query($by: [TraceOrder!]) { traces(orderBy: $by) { nodes { traceId } } }"
    assert [node["traceId"] for node in asker.ask(query, {"by": by})["traces"]["nodes"]] == expected

"""Arguments are read once while they are the same, and a known document follows the variables of each request."""

from typing import Any

import pytest

from spanwell.graphql.library import call_of
from tests.graphql.asking import Asker
from tests.making import at, span

LISTS = "query ($f: SpanFilter) { traces { nodes { spans(filter: $f) { nodes { spanId } } } } }"


@pytest.fixture
def asker() -> Asker:
    return Asker(*(span(f"t{number}", each, started_at=at(number)) for number in range(3) for each in ("a", "b")))


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the descriptions of the fields whose arguments are read."""
    found: list[str] = []

    def noted(schema: Any, field: Any, values: Any) -> Any:
        found.append(str(field.type))
        return call_of(schema, field, values)

    monkeypatch.setattr("spanwell.graphql.fast.field_calls.call_of", noted)
    return found


def spans_of(data: Any) -> list[list[str]]:
    return [[each["spanId"] for each in trace["spans"]["nodes"]] for trace in data["traces"]["nodes"]]


def test_a_known_document_follows_the_variables_of_each_request(asker: Asker) -> None:
    for wanted in ("a", "b", "a"):
        assert spans_of(asker.ask(LISTS, {"f": {"spanId": {"eq": wanted}}})) == [[wanted]] * 3


def test_a_page_within_a_known_trace_follows_a_variable(asker: Asker) -> None:
    query = (
        'query ($n: Int) { trace(traceId: "t1") { spans(first: $n) { nodes { spanId } pageInfo { hasNextPage } } } }'
    )
    for first, wanted in ((1, ["a"]), (2, ["a", "b"]), (0, []), (None, ["a", "b"])):
        found = asker.ask(query, {"n": first})["trace"]["spans"]
        assert [each["spanId"] for each in found["nodes"]] == wanted
        assert found["pageInfo"]["hasNextPage"] == (len(wanted) < 2)


def test_an_order_in_a_known_document_follows_a_variable(asker: Asker) -> None:
    query = "query ($o: [TraceOrder!]) { traces(orderBy: $o) { nodes { traceId } } }"
    for direction, wanted in (("ASC", "t0"), ("DESC", "t2"), ("ASC", "t0")):
        order = [{"field": "STARTED_AT", "direction": direction}]
        assert asker.ask(query, {"o": order})["traces"]["nodes"][0]["traceId"] == wanted


def test_variables_within_lists_and_objects_are_variables(asker: Asker) -> None:
    query = "query ($id: String!) { spans(filter: {and: [{spanId: {in: [$id]}}]}) { totalCount nodes { spanId } } }"
    for wanted in ("a", "b"):
        assert {each["spanId"] for each in asker.ask(query, {"id": wanted})["spans"]["nodes"]} == {wanted}


def test_arguments_are_read_once_for_all_objects_of_a_list(asker: Asker, reads: list[str]) -> None:
    asker.ask(LISTS, {"f": {"spanId": {"eq": "a"}}})
    assert reads == ["TraceConnection!", "SpanConnection!"]


def test_arguments_without_variables_are_read_once_for_all_requests(asker: Asker, reads: list[str]) -> None:
    for wanted in ("a", "b"):
        asker.ask(LISTS, {"f": {"spanId": {"eq": wanted}}})
    assert reads == ["TraceConnection!", "SpanConnection!", "SpanConnection!"]


def test_invalid_arguments_are_errors_of_their_fields(asker: Asker) -> None:
    query = "query ($n: Int) { traces(first: $n) { nodes { traceId } } }"
    for first in (-1, 2_000, -1):
        assert asker.failure(query, {"n": first})["extensions"]["element"] == "first"
    assert len(asker.ask(query, {"n": 2})["traces"]["nodes"]) == 2

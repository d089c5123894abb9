"""Global ids: every record has one, and is found by it."""

from base64 import urlsafe_b64encode

import msgspec
import pytest

from spanwell.observability.model.identifiers import global_id
from tests.graphql.asking import Asker
from tests.making import span

STRANGE = ["a", "ключ", "😀", 'a"b', "a\0b", "a/b", " ", "Span", "x" * 128]
NODE = "query($id: ID!) { node(id: $id) { __typename id ... on Span { traceId spanId } ... on Trace { traceId } } }"
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


@pytest.mark.parametrize("strange", STRANGE)
def test_records_are_found_by_the_id_they_show(strange: str) -> None:
    asker = Asker(span(strange, strange[::-1]), span("other", strange))
    query = "query($t: ID!, $s: ID!) { span(traceId: $t, spanId: $s) { id } trace(traceId: $t) { id } }"
    shown = asker.ask(query, {"t": strange, "s": strange[::-1]})
    found = asker.ask(NODE, {"id": shown["span"]["id"]})["node"]
    assert found == {"__typename": "Span", "id": shown["span"]["id"], "traceId": strange, "spanId": strange[::-1]}
    found = asker.ask(NODE, {"id": shown["trace"]["id"]})["node"]
    assert found == {"__typename": "Trace", "id": shown["trace"]["id"], "traceId": strange}


def test_a_span_has_one_id_wherever_it_is_shown() -> None:
    asker = Asker(span("t", "s"))
    data = asker.ask(
        '{ spans { nodes { id } } rootSpan(traceId: "t") { id } '
        'trace(traceId: "t") { rootSpan { id } spans { nodes { id } } } }'
    )
    shown = [
        *data["spans"]["nodes"],
        data["rootSpan"],
        data["trace"]["rootSpan"],
        *data["trace"]["spans"]["nodes"],
    ]
    assert shown == [{"id": global_id("Span", "t", "s")}] * 4


def test_spans_of_two_traces_with_one_span_id_have_two_ids() -> None:
    nodes = Asker(span("a", "s"), span("b", "s")).ask("{ spans { nodes { id } } }")["spans"]["nodes"]
    assert len({node["id"] for node in nodes}) == 2


def forged(*parts: object) -> str:
    return urlsafe_b64encode(msgspec.json.encode(parts)).decode().rstrip("=")


UNKNOWN = [
    *("", "x", "ключ", "====", "a" * 10_000, forged(), forged("Span"), forged("Span", "t"), forged("Trace", "t", "s")),
    *(forged("Span", "t", "s", "x"), forged("Trace", "nope"), forged("Span", "t", "nope"), forged("Query", "t")),
    *(forged("span", "t", "s"), forged("Span", 1, 2), forged({"a": 1}), "bnVsbA", "W10"),
]


@pytest.mark.parametrize("unknown", UNKNOWN)
def test_an_id_that_is_not_there_or_makes_no_sense_is_null(unknown: str) -> None:
    asker = Asker(span("t", "s"))
    assert asker.ask(NODE, {"id": unknown}) == {"node": None}
    known = forged("Trace", "t")
    found = asker.ask(NODES, {"ids": [known, unknown, known]})["nodes"]
    assert found == [{"__typename": "Trace", "id": known}, None, {"__typename": "Trace", "id": known}]


def test_a_thousand_ids_cost_two_reads_and_come_back_in_their_order() -> None:
    asker = Asker(*(span(f"t{i}", "s") for i in range(500)))
    ids = [i for n in range(500) for i in (global_id("Span", f"t{n}", "s"), global_id("Trace", f"t{n}"))]
    assert [node["id"] for node in asker.ask(NODES, {"ids": ids})["nodes"]] == ids
    assert sorted(asker.called) == ["get_spans", "get_traces"]


def test_more_ids_than_a_thousand_are_refused() -> None:
    asker = Asker()
    assert asker.bad_input(NODES, {"ids": ["x"] * 1001}) == "ids"
    assert asker.ask(NODES, {"ids": ["x"] * 1000})["nodes"] == [None] * 1000
    assert asker.called == []


def test_no_ids_are_no_records() -> None:
    assert Asker().ask(NODES, {"ids": []}) == {"nodes": []}

"""What mutations write, what they answer, and that a refused one writes nothing."""

from typing import Any

import pytest

from spanwell.observability.model.columns import Json, Kind, Origin
from spanwell.observability.model.span import GIVEN_COLUMNS, SPAN_COLUMNS, Span, SpanKind, StatusCode
from spanwell.observability.service import WriteLimits
from tests.graphql.asking import Asker
from tests.making import START, at, ended, span

CREATE = (
    "mutation($span: CreateSpanInput!) { createSpan(span: $span) "
    "{ createdCount updatedCount span { name status type tags } } }"
)
BATCH = "mutation($spans: [CreateSpanInput!]!) { batchCreateSpans(spans: $spans) { createdCount updatedCount } }"
UPDATE = (
    "mutation($update: UpdateSpanInput!) { updateSpan(update: $update) "
    "{ updatedCount notFound { index traceId spanId } span { name status } } }"
)
UPDATES = (
    "mutation($updates: [UpdateSpanInput!]!) { batchUpdateSpans(updates: $updates) "
    "{ updatedCount notFound { index traceId spanId } } }"
)
DELETE = "mutation($ids: [ID!]!) { batchDeleteTraces(traceIds: $ids) { deletedTraceCount deletedSpanCount } }"
CLEAR = "mutation { dangerouslyClearAll { deletedTraceCount deletedSpanCount } }"

MOMENT = "2026-01-01T00:00:00Z"


def given(span_id: str = "s", trace_id: str = "t", /, **more: Any) -> dict[str, Any]:
    return {"traceId": trace_id, "spanId": span_id, "name": "n", "startedAt": MOMENT, **more}


def stored(asker: Asker, span_id: str = "s", trace_id: str = "t") -> Span:
    found = asker.storage.find((trace_id, span_id))
    assert found is not None
    return found


SAMPLES: dict[Kind, tuple[Any, Any]] = {
    Kind.TEXT: ("x", "x"),
    Kind.TIME: ("2026-01-01T00:00:01.5Z", at(1.5)),
    Kind.FLAG: (True, True),
    Kind.TEXTS: (["b", "a", "b"], ["b", "a", "b"]),
    Kind.JSON: ([{"a": None}], Json('[{"a":null}]')),
}
ENUMS: dict[str, tuple[Any, Any]] = {"kind": ("CLIENT", SpanKind.CLIENT), "status_code": ("OK", StatusCode.OK)}


@pytest.mark.parametrize("column", GIVEN_COLUMNS, ids=lambda column: column.name)
def test_every_given_column_is_stored_by_creates_and_by_updates(column: Any) -> None:
    sent, expected = ENUMS.get(column.name) or SAMPLES[column.kind]
    asker = Asker(span("t", "updated"))
    asker.ask(BATCH, {"spans": [given("created", **{column.label: sent})]})
    assert getattr(stored(asker, "created"), column.name) == expected
    asker.ask(UPDATES, {"updates": [{"traceId": "t", "spanId": "updated", column.label: sent}]})
    assert getattr(stored(asker, "updated"), column.name) == expected


def test_a_create_needs_no_more_than_identity_name_and_start() -> None:
    asker = Asker()
    data = asker.ask(CREATE, {"span": given()})["createSpan"]
    assert data == {
        "createdCount": 1,
        "updatedCount": 0,
        "span": {"name": "n", "status": "RUNNING", "type": "generic", "tags": None},
    }
    assert stored(asker) == span("t", "s", name="n", started_at=START, created_at=1, updated_at=1)


def test_nulls_of_a_create_are_not_given() -> None:
    optional = {column.label: None for column in GIVEN_COLUMNS if not column.required}
    asker = Asker()
    asker.ask(BATCH, {"spans": [given(**optional)]})
    assert stored(asker) == span("t", "s", name="n", created_at=1, updated_at=1)


def test_nulls_of_a_create_keep_what_is_stored() -> None:
    asker = Asker(ended("t", "s", tags=["x"], input=Json("1"), type="tool_call", kind=SpanKind.CLIENT))
    before = stored(asker)
    optional = {column.label: None for column in GIVEN_COLUMNS if not column.required}
    data = asker.ask(BATCH, {"spans": [given(**{**optional, "name": "span s"})]})
    assert data["batchCreateSpans"] == {"createdCount": 0, "updatedCount": 0}
    assert stored(asker) == before


def test_a_batch_that_is_sent_again_changes_nothing() -> None:
    asker = Asker()
    spans = [given("a", endedAt=MOMENT), given("b", parentSpanId="a")]
    counts = [asker.ask(BATCH, {"spans": spans})["batchCreateSpans"] for _ in range(2)]
    assert counts == [{"createdCount": 2, "updatedCount": 0}, {"createdCount": 0, "updatedCount": 0}]


def test_a_start_and_an_end_make_one_span() -> None:
    asker = Asker()
    asker.ask(CREATE, {"span": given(tags=["x"])})
    data = asker.ask(CREATE, {"span": given(endedAt=MOMENT)})["createSpan"]
    assert (data["createdCount"], data["updatedCount"]) == (0, 1)
    assert data["span"] == {"name": "n", "status": "SUCCESS", "type": "generic", "tags": ["x"]}


def test_an_update_changes_what_it_names_and_no_more() -> None:
    asker = Asker(ended("t", "s", tags=["x"], input=Json("1")))
    data = asker.ask(UPDATE, {"update": {"traceId": "t", "spanId": "s", "name": "new"}})["updateSpan"]
    assert data == {"updatedCount": 1, "notFound": [], "span": {"name": "new", "status": "SUCCESS"}}
    assert stored(asker) == ended(
        "t",
        "s",
        name="new",
        tags=["x"],
        input=Json("1"),
        created_at=1,
        updated_at=2,
        duration_ms=1000.0,
        status="SUCCESS",
    )


@pytest.mark.parametrize("column", [c for c in GIVEN_COLUMNS if not c.required], ids=lambda column: column.name)
def test_null_in_an_update_clears(column: Any) -> None:
    _, value = ENUMS.get(column.name) or SAMPLES[column.kind]
    asker = Asker(span("t", "s", None, **({} if column.name == "parent_span_id" else {column.name: value})))
    asker.ask(UPDATES, {"updates": [{"traceId": "t", "spanId": "s", column.label: None}]})
    assert getattr(stored(asker), column.name) == column.default


@pytest.mark.parametrize("label", ["name", "startedAt"])
def test_what_a_span_cannot_be_without_cannot_be_cleared(label: str) -> None:
    asker = Asker(span("t", "s"))
    before = stored(asker)
    assert asker.bad_input(UPDATE, {"update": {"traceId": "t", "spanId": "s", label: None}}) == f"update.{label}"
    assert stored(asker) == before


def test_literal_nulls_and_absent_variables_differ_in_an_update() -> None:
    asker = Asker(span("t", "s", user_id="ada", input=Json("1")))
    query = (
        'mutation($user: String, $input: JSON) { updateSpan(update: {traceId: "t", spanId: "s", '
        "userId: $user, input: $input}) { updatedCount } }"
    )
    asker.ask(query)
    assert (stored(asker).user_id, stored(asker).input) == ("ada", "1")
    asker.ask(query, {"user": None, "input": None})
    assert (stored(asker).user_id, stored(asker).input) == (None, None)


def test_json_is_replaced_whole() -> None:
    asker = Asker(span("t", "s", attributes=Json('{"a":1,"b":2}')))
    asker.ask(UPDATES, {"updates": [{"traceId": "t", "spanId": "s", "attributes": {"c": 3}}]})
    assert stored(asker).attributes == '{"c":3}'


def test_updates_without_their_span_are_named_and_the_others_applied() -> None:
    asker = Asker(span("t", "s"))
    updates = [{"traceId": trace, "spanId": "s", "name": "new"} for trace in ("nope", "t", "T")]
    data = asker.ask(UPDATES, {"updates": updates})["batchUpdateSpans"]
    assert data == {
        "updatedCount": 1,
        "notFound": [
            {"index": 0, "traceId": "nope", "spanId": "s"},
            {"index": 2, "traceId": "T", "spanId": "s"},
        ],
    }
    assert stored(asker).name == "new"


def test_one_update_without_its_span_says_so() -> None:
    data = Asker().ask(UPDATE, {"update": {"traceId": "t", "spanId": "s"}})["updateSpan"]
    assert data == {"updatedCount": 0, "span": None, "notFound": [{"index": 0, "traceId": "t", "spanId": "s"}]}


def test_deleting_answers_how_much_is_gone() -> None:
    asker = Asker(span("a", "1"), span("a", "2"), span("b", "1"), span("c", "1"))
    data = asker.ask(DELETE, {"ids": ["a", "nope", "c", "a"]})["batchDeleteTraces"]
    assert data == {"deletedTraceCount": 2, "deletedSpanCount": 3}
    assert asker.ask(DELETE, {"ids": []})["batchDeleteTraces"] == {"deletedTraceCount": 0, "deletedSpanCount": 0}
    assert asker.ask(CLEAR)["dangerouslyClearAll"] == {"deletedTraceCount": 1, "deletedSpanCount": 1}
    assert asker.ask("{ spans { totalCount } }") == {"spans": {"totalCount": 0}}


def test_clearing_everything_can_be_switched_off() -> None:
    asker = Asker(span("t", "s"), limits=WriteLimits(clear_all=False))
    assert asker.failure(CLEAR)["extensions"]["code"] == "FORBIDDEN"
    assert stored(asker).span_id == "s"


def test_mutations_of_one_request_happen_in_their_order() -> None:
    asker = Asker()
    query = """mutation($a: CreateSpanInput!) {
        one: createSpan(span: $a) { createdCount }
        two: batchDeleteTraces(traceIds: ["t"]) { deletedSpanCount }
        three: createSpan(span: $a) { createdCount }
    }"""
    assert asker.ask(query, {"a": given()}) == {
        "one": {"createdCount": 1},
        "two": {"deletedSpanCount": 1},
        "three": {"createdCount": 1},
    }


def test_hex_ids_are_stored_in_lower_case_and_read_back() -> None:
    asker = Asker()
    sent = given("CD" * 8, "AB" * 16, parentSpanId="EF" * 8)
    assert asker.ask(CREATE, {"span": sent})["createSpan"]["span"]["name"] == "n"
    kept = stored(asker, "cd" * 8, "ab" * 16)
    assert kept.parent_span_id == "ef" * 8
    update = {"traceId": "AB" * 16, "spanId": "CD" * 8, "name": "new"}
    assert asker.ask(UPDATE, {"update": update})["updateSpan"]["span"]["name"] == "new"


BAD = [
    ({"traceId": ""}, "traceId"),
    ({"spanId": ""}, "spanId"),
    ({"spanId": "x" * 129}, "spanId"),
    ({"parentSpanId": ""}, "parentSpanId"),
    ({"startedAt": "yesterday"}, "startedAt"),
    ({"startedAt": "2300-01-01T00:00:00Z"}, "startedAt"),
    ({"endedAt": "2026-01-01T00"}, "endedAt"),
    ({"kind": "NOPE"}, "kind"),
    ({"isEvent": "yes"}, "isEvent"),
    ({"tags": [1]}, "tags[0]"),
    ({"input": float("nan")}, "input"),
]


@pytest.mark.parametrize(("wrong", "label"), BAD)
def test_a_bad_span_is_named_by_index_and_field_and_nothing_is_stored(wrong: Any, label: str) -> None:
    asker = Asker()
    spans = [given("a"), given("b"), {**given("c"), **wrong}]
    assert asker.bad_input(BATCH, {"spans": spans}) == f"spans[2].{label}"
    assert asker.bad_input(CREATE, {"span": {**given(), **wrong}}) == f"span.{label}"
    assert asker.ask("{ spans { totalCount } }") == {"spans": {"totalCount": 0}}


@pytest.mark.parametrize(("wrong", "label"), BAD)
def test_a_bad_update_is_named_by_index_and_field_and_nothing_is_changed(wrong: Any, label: str) -> None:
    asker = Asker(span("t", "s"))
    before = stored(asker)
    good = {"traceId": "t", "spanId": "s", "name": "new"}
    assert asker.bad_input(UPDATES, {"updates": [good, {**good, **wrong}]}) == f"updates[1].{label}"
    assert asker.bad_input(UPDATE, {"update": {**good, **wrong}}) == f"update.{label}"
    assert stored(asker) == before


@pytest.mark.parametrize("derived", [c.label for c in SPAN_COLUMNS if c.origin is Origin.DERIVED] + ["id"])
def test_what_the_server_derives_cannot_be_given(derived: str) -> None:
    assert (
        derived
        in Asker().bad_input(CREATE, {"span": given(**{derived: None})})
        + Asker().failure(CREATE, {"span": given(**{derived: None})})["message"]
    )


def test_batches_that_are_too_large_are_refused_by_name() -> None:
    asker = Asker(limits=WriteLimits(batch_spans=2, span_bytes=100))
    assert asker.bad_input(BATCH, {"spans": [given(str(i)) for i in range(3)]}) == "spans"
    assert asker.bad_input(UPDATES, {"updates": [{"traceId": "t", "spanId": "s"}] * 3}) == "updates"
    assert asker.bad_input(DELETE, {"ids": ["a", "b", "c"]}) == "traceIds"
    assert asker.bad_input(BATCH, {"spans": [given("a"), given("b", input="x" * 200)]}) == "spans[1]"
    assert asker.bad_input(CREATE, {"span": given(input="x" * 200)}) == "span"
    assert asker.ask("{ spans { totalCount } }") == {"spans": {"totalCount": 0}}


def test_an_empty_batch_is_fine() -> None:
    asker = Asker()
    assert asker.ask(BATCH, {"spans": []})["batchCreateSpans"] == {"createdCount": 0, "updatedCount": 0}
    assert asker.ask(UPDATES, {"updates": []})["batchUpdateSpans"] == {"updatedCount": 0, "notFound": []}


def test_a_span_may_be_written_in_a_literal() -> None:
    asker = Asker()
    asker.ask(
        'mutation { batchCreateSpans(spans: [{traceId: "t", spanId: "s", name: "n", kind: SERVER, tags: ["a", "b"], '
        'isEvent: true, startedAt: "2026-01-01T00:00:00Z", attributes: {z: 1, a: [null]}}]) { createdCount } }'
    )
    kept = stored(asker)
    assert (kept.kind, kept.tags, kept.is_event) == (SpanKind.SERVER, ["a", "b"], True)
    assert kept.attributes == '{"z":1,"a":[null]}'


def test_the_store_says_how_it_likes_to_be_written_to() -> None:
    data = Asker().ask("{ tracingStrategy { preferred supported } }")["tracingStrategy"]
    assert data == {"preferred": "BATCH_WITH_UPDATES", "supported": ["REALTIME", "BATCH_WITH_UPDATES"]}

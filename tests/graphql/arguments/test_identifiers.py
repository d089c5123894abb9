"""An id finds its record in whichever usual form it is written."""

from typing import Any

import pytest

from spanwell.observability.model.identifiers import (
    forms_of_span_identifier,
    forms_of_trace_identifier,
    global_id,
    parse_global_id,
)
from tests.graphql.asking import Asker
from tests.making import span
from tests.strategies import json_text

LOW, UUID = "b3ce929d0e0e4736", "4bf92f35-77b3-4da6-a3ce-929d0e0e4736"
PADDED, PLAIN = "0" * 16 + LOW, UUID.replace("-", "")
CREATE = "mutation ($span: CreateSpanInput!) { createSpan(span: $span) { span { traceId spanId parentSpanId } } }"
FORMS = [LOW, LOW.upper(), PADDED, PADDED.upper(), UUID, UUID.upper(), PLAIN.upper()]


@pytest.fixture
def asker() -> Asker:
    return Asker(span(PADDED, "00000000000000ab"), span(PLAIN, PLAIN, "00000000000000ab"), span("Own-Id", "x"))


def listed(asker: Asker, **asked: Any) -> set[str]:
    found = asker.ask("query ($f: SpanFilter) { spans(filter: $f) { nodes { traceId } } }", {"f": asked})
    return {node["traceId"] for node in found["spans"]["nodes"]}


@pytest.mark.parametrize("form", FORMS)
def test_any_form_of_an_id_finds_the_trace_and_its_spans(asker: Asker, form: str) -> None:
    stored = PADDED if form.lower().endswith(LOW) else PLAIN
    found = asker.ask(
        "query ($t: ID!) { trace(traceId: $t) { traceId } rootSpan(traceId: $t) { traceId } }", {"t": form}
    )
    assert found["trace"] == {"traceId": stored}
    for asked in ({"eq": form}, {"in": [form, "z"]}, {"startsWith": form}, {"contains": form}, {"endsWith": form}):
        assert listed(asker, traceId=asked) == {stored}, asked
    assert listed(asker, traceId={"ne": form}) == {PADDED, PLAIN, "Own-Id"} - {stored}


@pytest.mark.parametrize("form", FORMS)
def test_spans_that_name_a_trace_in_any_form_are_in_it(form: str) -> None:
    asker = Asker()
    given = {
        "traceId": form,
        "spanId": UUID,
        "parentSpanId": "00000000000000AB",
        "name": "n",
        "startedAt": 1770000000000,
    }
    made = asker.ask(CREATE, {"span": given})["createSpan"]["span"]
    assert made["traceId"] in {PADDED, PLAIN}
    assert (made["spanId"], made["parentSpanId"]) == (PLAIN, "00000000000000ab")


@pytest.mark.parametrize(
    ("beginning", "found"),
    [
        ("B3CE", {PADDED}),
        ("4BF92F35-77B3-4D", {PLAIN}),
        ("4BF92F35-", {PLAIN}),
        ("Own", {"Own-Id"}),
        ("own", set[str]()),
    ],
)
def test_the_beginning_of_an_id_is_found_in_any_form(asker: Asker, beginning: str, found: set[str]) -> None:
    assert listed(asker, traceId={"startsWith": beginning}) == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ('prefix: "B3CE"', {PADDED}),
        ('prefix: "0000000000000000B3"', {PADDED}),
        ('prefix: "4BF92F35-77B3-4D"', {PLAIN}),
        ('contains: "77B34DA6", prefix: "4bf9"', {PLAIN}),
        ('contains: "92f35-77b3"', set[str]()),
        ('prefix: "own-"', {"Own-Id"}),
        ('contains: "n-i"', {"Own-Id"}),
        ('prefix: "O.n"', set[str]()),
        ('prefix: ""', {PADDED, PLAIN, "Own-Id"}),
    ],
)
@pytest.mark.parametrize("field", ["traceId", "trace.traceId"])
def test_ids_are_completed_in_any_form(asker: Asker, field: str, asked: str, found: set[str]) -> None:
    values = asker.ask(f'{{ spanFieldValues(field: "{field}", {asked}) {{ value }} }}')["spanFieldValues"]
    assert {each["value"] for each in values} == found


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("stored", FORMS)
def test_a_link_is_found_by_any_form_of_its_ids_whichever_it_has(form: str, stored: str) -> None:
    asker = Asker(span("t", "s", links=json_text([{"traceId": stored, "spanId": UUID}])), span("u", "s"))

    def found(key: str, **asked: Any) -> bool:
        return listed(asker, attributes=[{"key": key, "level": "LINK", "string": asked}]) == {"t"}

    is_same = form.lower().endswith(LOW) is stored.lower().endswith(LOW)
    assert found("/traceId", eq=form) is found("/traceId", **{"in": ["z", form]}) is is_same
    assert found("/spanId", eq=PLAIN.upper())
    assert not found("/spanId", eq=LOW)
    assert found("/traceId", startsWith=stored[:4])


def test_global_ids_and_updates_and_deletes_take_any_form(asker: Asker) -> None:
    for parts in (("Trace", UUID.upper()), ("Span", UUID, UUID.upper())):
        assert parse_global_id(global_id(*parts)) == (parts[0], *[PLAIN] * (len(parts) - 1))
        found = asker.ask("query ($id: ID!) { node(id: $id) { id } }", {"id": global_id(*parts)})
        assert found["node"] is not None
    update = "mutation ($u: [UpdateSpanInput!]!) { batchUpdateSpans(updates: $u) { updatedCount } }"
    changed = asker.ask(update, {"u": [{"traceId": UUID, "spanId": UUID, "name": "m"}]})
    assert changed == {"batchUpdateSpans": {"updatedCount": 1}}
    delete = "mutation ($t: [ID!]!) { batchDeleteTraces(traceIds: $t) { deletedTraceCount } }"
    assert asker.ask(delete, {"t": [UUID, LOW.upper()]}) == {"batchDeleteTraces": {"deletedTraceCount": 2}}


def test_global_ids_of_other_shapes_are_left_as_they_are() -> None:
    assert parse_global_id(global_id("Span", "a", "b", "c")) == ("Span", "a", "b", "c")
    assert parse_global_id(global_id("Session", UUID)) == ("Session", UUID)


def test_other_documents_may_write_an_id_in_each_of_its_forms() -> None:
    assert set(forms_of_trace_identifier(PADDED)) >= {PADDED, LOW, LOW.upper(), "00000000-0000-0000-b3ce-929d0e0e4736"}
    assert set(forms_of_span_identifier(PLAIN)) == {PLAIN, PLAIN.upper(), UUID, UUID.upper()}
    assert forms_of_span_identifier("own") == ("own",)

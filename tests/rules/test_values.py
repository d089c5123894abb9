"""What is stored comes back as it was sent."""

import json

import pytest

from spanwell.observability.model.columns import Json, Kind, Nanos
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.span import GIVEN_COLUMNS, Span, SpanKind, StatusCode
from spanwell.observability.model.times import EARLIEST, LATEST
from tests.making import START, at, span

from .door import Door

DOCUMENTS = [
    '{"b":1,"a":{"z":1,"y":2}}',
    "123456789012345678901234567890",
    "-123456789012345678901234567890",
    "1e21",
    "0.1",
    '"\\u0000 in the middle\\u0000"',
    '"ключ 😀 \\u2028 \\u061c"',
    '"{\\"looks\\":\\"like JSON\\"}"',
    '"null"',
    '""',
    "[]",
    "{}",
    "[null,true,false,[[]]]",
    '{"":1,"a.b":2,"a/b":3,"$":4,"\'":5}',
    '"' + "long " * 50_000 + '"',
    "[" * 100 + "]" * 100,
]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda text: text[:30])
def test_json_keeps_its_meaning(door: Door, document: str) -> None:
    door.create(span("t", "a", input=Json(document), attributes=Json(f'{{"k":{document}}}')))
    found = door.stored("t", "a")
    assert found.input is not None
    assert json.dumps(json.loads(found.input)) == json.dumps(json.loads(document))
    assert found.attributes is not None
    assert json.dumps(json.loads(found.attributes)["k"]) == json.dumps(json.loads(document))


@pytest.mark.parametrize("nanos", [0, 1, 999_999_999, START + 123_456_789, -1, EARLIEST, LATEST])
def test_moments_keep_their_nanoseconds(door: Door, nanos: int) -> None:
    door.create(span("t", "a", started_at=Nanos(nanos), ended_at=Nanos(nanos)))
    found = door.stored("t", "a")
    assert (found.started_at, found.ended_at, found.duration_ms) == (nanos, nanos, 0.0)
    assert door.summary("t").started_at == nanos


@pytest.mark.parametrize("nanos", [EARLIEST - 1, LATEST + 1])
def test_a_moment_that_no_store_can_hold_is_refused_by_name(door: Door, nanos: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        door.create(span("t", "a"), span("t", "b", ended_at=Nanos(nanos)))
    assert refused.value.element == "spans[1].endedAt"
    assert door.spans().total == 0


TEXTS = ["", " ", "a\0b", "ключ", "😀", "' OR 1=1--", '"', "\\", "%_*", "\r\n\x1b[31m", "x" * 100_000, "e\u0301"]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text)[:20])
def test_text_keeps_every_character(door: Door, text: str) -> None:
    door.create(span("t", "a", name=text, user_id=text, tags=[text, "b", text]))
    found = door.stored("t", "a")
    assert (found.name, found.user_id, found.tags) == (text, text, [text, "b", text])


def test_no_tags_and_an_empty_list_of_tags_are_two_things(door: Door) -> None:
    door.create(span("t", "a"), span("t", "b", tags=[]))
    assert (door.stored("t", "a").tags, door.stored("t", "b").tags) == (None, [])


VALUES = {
    Kind.TEXT: "some text",
    Kind.TIME: at(3),
    Kind.FLAG: True,
    Kind.TEXTS: ["x", "y"],
    Kind.JSON: Json('{"k":[1,2.5,"x"]}'),
}
ENUMS = {"kind": SpanKind.PRODUCER, "status_code": StatusCode.OK}


def test_every_field_that_a_client_may_give_comes_back(door: Door) -> None:
    given = {c.name: ENUMS.get(c.name, VALUES.get(c.kind)) for c in GIVEN_COLUMNS}
    made = Span(trace_id="t", span_id="a", **given)  # type: ignore[arg-type] # values go by the columns' kinds
    door.create(made)
    found = door.stored("t", "a")
    assert {name: getattr(found, name) for name in given} == given

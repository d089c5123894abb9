"""Moments and JSON on their way in and out, by variables and by literals."""

from typing import Any

import msgspec
import pytest

from spanwell.observability.model.columns import Json
from tests.making import START, span

from .asking import Asker

CREATE = "mutation($span: CreateSpanInput!) { createSpan(span: $span) { span { input } } }"
STARTED = "mutation($at: DateTime!) { createSpan(span: {%s, startedAt: $at}) { span { startedAt endedAt } } }"
IDENTITY = 'traceId: "t", spanId: "s", name: "n"'
GIVEN = {"traceId": "t", "spanId": "s", "name": "n", "startedAt": "2026-01-01T00:00:00Z"}

VALUES = [
    True,
    False,
    0,
    -0.0,
    1.0,
    1e21,
    0.1,
    5e-324,
    10**30 - 7,
    -(10**30),
    2**53 + 1,
    2**64,
    "",
    "ключ 😀 \u2028",
    "a\0b",
    '{"looks": "like JSON"}',
    "null",
    [],
    {},
    [None, [None]],
    {"z": 1, "a": {"y": None, "b": [1, 2.5, "x"]}, "": 0, "a.b": 1, "A": 2},
]


def stored(asker: Asker, column: str = "input") -> Any:
    found = asker.storage.find(("t", "s"))
    assert found is not None
    return getattr(found, column)


def same(one: Any, other: Any) -> bool:
    """Compare as text, so that 1 is not 1.0 and the order of keys counts."""
    return msgspec.json.encode(one) == msgspec.json.encode(other)


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_json_in_a_variable_comes_back_as_it_was_sent(value: Any) -> None:
    data = Asker().ask(CREATE, {"span": {**GIVEN, "input": value}})
    assert same(data["createSpan"]["span"]["input"], value)


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_json_that_is_a_variable_of_its_own_comes_back_as_it_was_sent(value: Any) -> None:
    query = (
        'mutation($v: JSON) { createSpan(span: {%s, startedAt: "2026-01-01T00:00:00Z", input: $v}) { span { input } } }'
    )
    data = Asker().ask(query % IDENTITY, {"v": value})
    assert same(data["createSpan"]["span"]["input"], value)


LITERALS = [
    ("123456789012345678901234567890", 123456789012345678901234567890),
    ("-0", 0),
    ("1e21", 1e21),
    ("1.0", 1.0),
    ('"a\\u0000b"', "a\0b"),
    ('"\\u{1F600} \\uD83D\\uDE00"', "😀 😀"),
    ('"""block\n  text"""', "block\ntext"),
    ('"{\\"a\\": 1}"', '{"a": 1}'),
    ("true", True),
    ("[1, [null, {}]]", [1, [None, {}]]),
    ("{z: 1, a: {y: null, b: [1, 2.5]}, A: 2}", {"z": 1, "a": {"y": None, "b": [1, 2.5]}, "A": 2}),
]


@pytest.mark.parametrize(("literal", "value"), LITERALS)
def test_json_in_a_literal_comes_back_as_it_was_written(literal: str, value: Any) -> None:
    data = Asker().ask(_create(f"input: {literal}"))
    assert same(data["createSpan"]["span"]["input"], value)


def _create(given: str, variables: str = "") -> str:
    begun = f'{IDENTITY}, startedAt: "2026-01-01T00:00:00Z"'
    return f"mutation {variables} {{ createSpan(span: {{{begun}, {given}}}) {{ span {{ input }} }} }}"


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_json_variable_inside_a_json_literal_keeps_its_value(value: Any) -> None:
    query = _create("input: {a: [$v], b: $v}", "($v: JSON)")
    data = Asker().ask(query, {"v": value})
    assert same(data["createSpan"]["span"]["input"], {"a": [value], "b": value})


@pytest.mark.parametrize(
    ("kind", "value"),
    [("String", "x"), ("Int", 3), ("Float", 1.5), ("Boolean", True), ("DateTime", "2026-01-01T00:00:00+02:00")],
)
def test_any_variable_inside_a_json_literal_keeps_its_value(kind: str, value: Any) -> None:
    data = Asker().ask(_create("input: {a: $v}", f"($v: {kind})"), {"v": value})
    assert data["createSpan"]["span"]["input"] == {"a": value}


def test_an_absent_variable_inside_a_json_literal_leaves_its_key_out() -> None:
    data = Asker().ask(_create("input: {a: $v, b: 1}", "($v: JSON)"))
    assert data["createSpan"]["span"]["input"] == {"b": 1}


def test_the_default_of_a_json_variable_counts_where_it_is_absent() -> None:
    data = Asker().ask(_create("input: {a: $v}", "($v: JSON = {b: [1]})"))
    assert data["createSpan"]["span"]["input"] == {"a": {"b": [1]}}


def test_json_is_kept_as_text_that_nothing_has_parsed() -> None:
    asker = Asker()
    asker.ask(CREATE, {"span": {**GIVEN, "input": {"b": 10**30, "a": [1.0]}}})
    assert stored(asker) == '{"b":1000000000000000000000000000000,"a":[1.0]}'


@pytest.mark.parametrize("text", ['{"b": 1,  "a": 2}', "1.50", "1E5", '"\\u0041"'])
def test_stored_json_goes_out_byte_for_byte(text: str) -> None:
    """Stores may hold JSON that came another way; it is not parsed on its way out either."""
    asker = Asker(span("t", "s", input=Json(text)))
    assert asker.ask('{ span(traceId: "t", spanId: "s") { input } }')["span"]["input"] == msgspec.json.decode(text)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")], "\ud800", {"\udfff": 1}], ids=repr)
def test_what_is_not_json_is_refused_and_nothing_is_stored(value: Any) -> None:
    asker = Asker()
    assert asker.bad_input(CREATE, {"span": {**GIVEN, "input": value}}) == "span.input"
    assert asker.storage.find(("t", "s")) is None


@pytest.mark.parametrize("literal", ["1e999", "[-1e999]", "{a: 1e400}", "9" * 5_000])
def test_a_literal_number_that_cannot_be_kept_is_refused(literal: str) -> None:
    asker = Asker()
    failure = asker.failure(_create(f"input: {literal}"))
    assert failure["extensions"]["code"] in {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"}
    assert asker.storage.find(("t", "s")) is None


def test_json_that_nests_too_deeply_is_refused() -> None:
    deep: Any = []
    for _ in range(5_000):
        deep = [deep]
    failure = Asker().failure(CREATE, {"span": {**GIVEN, "input": deep}})
    assert failure["extensions"]["code"] == "BAD_USER_INPUT"
    assert len(failure["message"]) < 300


MOMENTS = [
    ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
    ("2026-01-31T09:30:00.25Z", "2026-01-31T09:30:00.25Z"),
    ("2026-01-31T09:30:00.123456789Z", "2026-01-31T09:30:00.123456789Z"),
    ("2026-01-31T09:30:00.100000000Z", "2026-01-31T09:30:00.1Z"),
    ("2026-01-31T09:30:00.1234567899Z", "2026-01-31T09:30:00.123456789Z"),
    ("2026-01-31T00:30:00+05:45", "2026-01-30T18:45:00Z"),
    ("2026-12-31T23:30:00-08:00", "2027-01-01T07:30:00Z"),
    ("1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999999999Z"),
    ("2024-02-29T12:00:00z", "2024-02-29T12:00:00Z"),
]


@pytest.mark.parametrize(("sent", "shown"), MOMENTS)
def test_moments_are_kept_to_the_nanosecond_and_shown_in_utc(sent: str, shown: str) -> None:
    data = Asker().ask(STARTED % IDENTITY, {"at": sent})
    assert data["createSpan"]["span"] == {"startedAt": shown, "endedAt": None}
    literal = f'mutation {{ createSpan(span: {{{IDENTITY}, startedAt: "{sent}"}}) {{ span {{ startedAt }} }} }}'
    assert Asker().ask(literal)["createSpan"]["span"]["startedAt"] == shown


NO_MOMENTS = [
    *("2026-01-01T00", "2026-01", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:60Z"),
    *("now", "", "1", "2026-01-01T00:00:00+24:00", "9999-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    *("2026-01-01T00:00:00Z\n", "٢٠٢٦-01-01T00:00:00Z", 1767225600, 1.5, True, [], {}),
]


@pytest.mark.parametrize("sent", NO_MOMENTS, ids=repr)
def test_what_is_no_moment_is_refused_by_its_name(sent: Any) -> None:
    asker = Asker()
    assert asker.bad_input(CREATE, {"span": {**GIVEN, "startedAt": sent}}) == "span.startedAt"
    assert asker.storage.find(("t", "s")) is None


@pytest.mark.parametrize(
    "sent", [1767225600000, "1767225600000", "2026-01-01", "2026-01-01T00:00", "2026-01-01T01:00[Europe/Berlin]"]
)
def test_moments_are_taken_as_people_send_them(sent: object) -> None:
    asker = Asker()
    asker.ask(CREATE, {"span": {**GIVEN, "startedAt": sent}})
    found = asker.ask(
        "query($at: DateTime!) { spans(filter: {startedAt: {eq: $at}}) { nodes { startedAt } } }", {"at": sent}
    )
    assert found["spans"]["nodes"] == [{"startedAt": "2026-01-01T00:00:00Z"}]


def test_seconds_are_no_milliseconds() -> None:
    failure = Asker().failure("{ spans(filter: {startedAt: {gt: 1767225600}}) { totalCount } }")
    assert "milliseconds since 1970, not seconds" in failure["message"]


@pytest.mark.parametrize("literal", ["true", "NOW", "{}"])
def test_what_is_no_text_says_what_a_moment_looks_like(literal: str) -> None:
    failure = Asker().failure(f"{{ spans(filter: {{startedAt: {{gt: {literal}}}}}) {{ totalCount }} }}")
    assert failure["extensions"]["code"] == "BAD_USER_INPUT"
    assert "is not an RFC 3339 date and time" in failure["message"]


def test_a_moment_is_found_to_the_nanosecond() -> None:
    asker = Asker(span("t", "a"), span("t", "b", started_at=START + 1))
    query = "query($at: DateTime!) { spans(filter: {startedAt: {eq: $at}}) { nodes { spanId } } }"
    found = asker.ask(query, {"at": "2026-01-01T01:00:00.000000001+01:00"})
    assert found["spans"]["nodes"] == [{"spanId": "b"}]

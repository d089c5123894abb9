"""Model, tokens and cost are read from the attributes of every convention."""

import json
from typing import Any

import pytest

from spanwell.observability.conventions.rows.row import Way
from spanwell.observability.conventions.usage import KEYS, read_usage
from spanwell.observability.model.columns import Json
from tests.strategies import json_text


def attributes(way: Way, value: object) -> Json:
    """Return attributes with one value where a way leads, as plain data."""
    for part in reversed(way.path or ()):
        value = {part: value}
    return json_text({way.key: value, "other": {"deep": [1]}})


def as_text(way: Way, value: object) -> Json:
    """Return the same with JSON in a text."""
    found = json.loads(attributes(way, value))
    return json_text({way.key: json.dumps(found[way.key])})


WAYS = [pytest.param(field, way, id=f"{field} {way.key}") for field, ways in KEYS.items() for way in ways]
STATED = {"model": "gpt-4o", "provider": "openai"}


@pytest.mark.parametrize(("field", "way"), WAYS)
def test_every_way_of_the_table_is_read(field: str, way: Way) -> None:
    value: Any = STATED.get(field, 12)
    start, expected = 0, {"s": 12_000, "s/token": 1 / 12, "moment": 12 / 1e6}.get(way.unit, value)
    assert read_usage(attributes(way, value), start)[field] == expected
    if way.path is not None:
        assert read_usage(as_text(way, value), start)[field] == expected


def test_a_key_may_be_written_with_escapes() -> None:
    assert read_usage(Json('{"\\u006dodel": "m"}')) == {"model": "m"}


def test_the_first_key_of_the_table_wins() -> None:
    given = json_text({"gen_ai.request.model": "asked", "gen_ai.response.model": "answered", "model": "own"})
    assert read_usage(given)["model"] == "answered"


def test_all_tokens_are_those_stated_or_else_the_sum() -> None:
    assert read_usage(json_text({"usage": {"inputTokens": 3, "outputTokens": 4}}))["total_tokens"] == 7
    assert read_usage(json_text({"usage": {"inputTokens": 3, "totalTokens": 9}}))["total_tokens"] == 9
    assert read_usage(json_text({"usage": {"outputTokens": 4}}))["total_tokens"] == 4
    assert read_usage(json_text({"usage": {"inputTokens": 2**31 - 1, "outputTokens": 1}}))["total_tokens"] == 2**31 - 1


@pytest.mark.parametrize("value", ["12", True, None, -1, 1.5, 2**31, 10**30, [], {}])
def test_what_is_no_count_is_not_read(value: object) -> None:
    assert read_usage(json_text({"gen_ai.usage.input_tokens": value})) == {}


@pytest.mark.parametrize("value", ["0.5", True, None, -0.5, 1e300, []])
def test_what_is_no_cost_is_not_read(value: object) -> None:
    assert read_usage(json_text({"gen_ai.usage.cost": value})) == {}


@pytest.mark.parametrize("text", ["null", "[]", '"text"', "5", "{}", '{"usage":5}', '{"model":5,"provider":""}'])
def test_attributes_of_any_shape_are_fine(text: str) -> None:
    assert read_usage(Json(text)) == {}
    assert read_usage(None) == {}


def test_attributes_that_nest_too_deeply_state_nothing() -> None:
    assert read_usage(Json('{"model":' + "[" * 100_000 + "]" * 100_000 + "}")) == {}

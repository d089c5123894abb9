"""Model, tokens and cost are read from the attributes of every convention."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from spanwell.observability.conventions.event_usage import read_usage
from spanwell.observability.conventions.rows.row import Way, ways_of
from spanwell.observability.conventions.rows.usage_objects import MEMBERS, OBJECTS
from spanwell.observability.conventions.usage import KEYS
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


@pytest.mark.parametrize("value", ["12 tokens", "-12", "1.5", "", True, None, -1, 1.5, 2**31, 10**30, [], {}])
def test_what_is_no_count_is_not_read(value: object) -> None:
    assert read_usage(json_text({"gen_ai.usage.input_tokens": value})) == {}


@pytest.mark.parametrize("value", ["$0.5", "nan", "1e300", True, None, -0.5, 1e300, []])
def test_what_is_no_cost_is_not_read(value: object) -> None:
    assert read_usage(json_text({"gen_ai.usage.cost": value, "gen_ai.usage.input_cost": value})) == {}


def test_numbers_may_be_texts() -> None:
    """Spring AI's attributes are all texts."""
    found = read_usage(json_text({"gen_ai.usage.input_tokens": "12", "gen_ai.usage.cost": "2.5e-3"}))
    assert found == {"input_tokens": 12, "total_tokens": 12, "cost_usd": 0.0025}


OBJECTS_OF_USAGE = [way for ways in ways_of(OBJECTS).values() for way in ways]
MEMBERS_OF_USAGE = [(field, member) for field, members in MEMBERS.items() for member in members]


def nested(path: Sequence[str], value: Any) -> Any:
    """Return a value in the place where a path leads to."""
    for part in reversed(path):
        value = [value] if part == "0" else {part: value}
    return value


@pytest.mark.parametrize(("field", "member"), MEMBERS_OF_USAGE, ids=str)
@pytest.mark.parametrize("way", OBJECTS_OF_USAGE, ids=lambda way: "/".join((way.key, *way.path)))
def test_an_object_states_tokens_under_any_name(field: str, member: str, way: Way) -> None:
    inner = nested((*(way.path or ()), *member.split("/")), 12)
    assert read_usage(json_text({way.key: inner}))[field] == 12
    assert read_usage(json_text({way.key: json.dumps(inner)}))[field] == 12


def test_of_two_names_in_an_object_the_better_one_wins() -> None:
    for usage in ({"input": 5, "inputTokens": 6}, {"inputTokens": 6, "input": 5}):
        assert read_usage(json_text({"usage": usage}))["input_tokens"] == 6
    assert read_usage(json_text({"usage": {"inputTokens": "many", "input": 5}}))["input_tokens"] == 5
    assert read_usage(json_text({"usage": {"input": 5}, "input_tokens": 7}))["input_tokens"] == 7


@pytest.mark.parametrize(
    "stated",
    [
        {"gen_ai.usage.input_cost": 0.1, "gen_ai.usage.output_cost": 0.2},
        {"llm.cost.prompt": "0.1", "llm.cost.completion": 0.2},
        {"langfuse.observation.cost_details": '{"input": 0.1, "output": 0.2}'},
        {"mlflow.llm.cost": '{"input_cost": 0.3}'},
        {"llm.cost.prompt": 0.1, "llm.cost.total": 0.3},
    ],
)
def test_a_cost_that_comes_in_parts_is_their_sum(stated: dict[str, Any]) -> None:
    assert read_usage(json_text(stated))["cost_usd"] == 0.3


@pytest.mark.parametrize(
    ("output", "reasoning", "total", "expected"),
    [(50, 200, None, 50), (50, 20, 170, 70), (50, 20, 150, 50), (50, 20, None, 50), (None, 20, None, None)],
)
def test_output_includes_reasoning_wherever_a_source_counts_it_beside(
    output: int | None, reasoning: int, total: int | None, expected: int | None
) -> None:
    names = ("input_tokens", "output_tokens", "reasoning_tokens", "total_tokens")
    stated = dict(zip((f"gen_ai.usage.{name}" for name in names), (100, output, reasoning, total), strict=True))
    found = read_usage(json_text(stated))
    assert (found.get("output_tokens"), found["total_tokens"]) == (expected, 100 + (expected or 0))


@pytest.mark.parametrize("total", [0, 5])
def test_all_tokens_are_no_fewer_than_their_parts(total: int) -> None:
    assert (
        read_usage(json_text({"usage": {"inputTokens": 3, "outputTokens": 4, "totalTokens": total}}))["total_tokens"]
        == 7
    )


@pytest.mark.parametrize("text", ["null", "[]", '"text"', "5", "{}", '{"usage":5}', '{"model":5,"provider":""}'])
def test_attributes_of_any_shape_are_fine(text: str) -> None:
    assert read_usage(Json(text)) == {}
    assert read_usage(None) == {}


def test_attributes_that_nest_too_deeply_state_nothing() -> None:
    assert read_usage(Json('{"model":' + "[" * 100_000 + "]" * 100_000 + "}")) == {}


CACHES = [
    ({"gen_ai.usage.input_tokens": 1200, "gen_ai.usage.cache_read.input_tokens": 50_000}, 51_200),
    ({"gen_ai.usage.input_tokens": 1200, "gen_ai.usage.cache_read.input_tokens": 1_000}, 1_200),
    ({"gen_ai.usage.input_tokens": 100, "gen_ai.usage.cache_creation.input_tokens": 500}, 600),
    ({"input_tokens": 6, "cache_read_tokens": 5, "cache_creation_tokens": 1}, 12),
    ({"usage": {"input_tokens": 100, "cache_read_input_tokens": 10}}, 110),
    ({"usage": {"inputTokens": 100, "cacheReadInputTokens": 10, "cacheWriteInputTokens": 5}}, 115),
    ({"usage": {"inputTokens": 100, "inputDetails": {"cacheRead": 10}}}, 100),
    ({"usage": {"input_tokens": 100, "output_tokens": 5, "total_tokens": 105, "cache_read_input_tokens": 10}}, 100),
    ({"gen_ai.usage.input_tokens": 100, "gen_ai.usage.cache_write_input_tokens": 10}, 110),
    ({"langfuse.observation.usage_details": '{"input": 100, "input_cached_tokens": 20}'}, 120),
]


@pytest.mark.parametrize(("stated", "expected"), CACHES)
def test_input_includes_caches_wherever_a_source_counts_them_beside_it(stated: dict[str, Any], expected: int) -> None:
    assert read_usage(json_text(stated))["input_tokens"] == expected


@pytest.mark.parametrize("output", [0, 300])
@pytest.mark.parametrize("cached", [0, 100, 5_000])
@pytest.mark.parametrize("written", [0, 100, 5_000])
def test_the_stated_total_tells_whether_caches_are_counted_beside(output: int, cached: int, written: int) -> None:
    names = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "total_tokens")
    values = (1_000, output, cached, written, 1_000 + output + cached + written)
    stated = dict(zip((f"gen_ai.usage.{name}" for name in names), values, strict=True))
    found = read_usage(json_text(stated))
    assert (found["input_tokens"], found["total_tokens"]) == (1_000 + cached + written, values[-1])


def test_a_total_that_leaves_caches_out_is_mended_with_the_input() -> None:
    stated = {"gen_ai.usage.input_tokens": 10, "gen_ai.usage.total_tokens": 12, "gen_ai.usage.output_tokens": 2}
    found = read_usage(json_text({**stated, "gen_ai.usage.cache_read_input_tokens": 100}))
    assert (found["input_tokens"], found["total_tokens"]) == (110, 112)


SECOND = 10**9


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"gen_ai.server.time_to_first_token": 0.25}, 250.0),
        ({"gen_ai.server.time_to_first_token": 250}, 250.0),
        ({"ai.response.msToFirstChunk": 250.5}, 250.5),
        ({"completionStartTime": "1970-01-01T00:00:01.25Z"}, 250.0),
        ({"langfuse.observation.completion_start_time": '"1970-01-01T00:00:01.25Z"'}, 250.0),
        ({"completionStartTime": "1970-01-01T00:00:00Z"}, None),
        ({"completionStartTime": "soon"}, None),
        ({"ttft_ms": "fast"}, None),
    ],
)
def test_the_time_to_the_first_token_is_read_in_whatever_unit_it_comes(
    stated: dict[str, Any], expected: float | None
) -> None:
    assert read_usage(json_text(stated), SECOND, 2 * SECOND).get("time_to_first_token_ms") == expected


@pytest.mark.parametrize("name", ["First Token Stream Event", "ai.stream.firstChunk", "gen_ai.first_token"])
def test_an_event_tells_of_the_first_token(name: str) -> None:
    events = json_text([{"name": "e"}, {"name": name, "timeUnixNano": str(SECOND + 250_000_000)}])
    assert read_usage(None, SECOND, None, events) == {"time_to_first_token_ms": 250.0}


@pytest.mark.parametrize("events", ['"first token"', '[{"name":"first token"}]', '[5,"first token"]', "[first token"])
def test_events_of_any_shape_are_fine(events: str) -> None:
    assert read_usage(None, SECOND, None, Json(events)) == {}


@pytest.mark.parametrize(
    ("stated", "expected"),
    [({"ai.response.avgOutputTokensPerSecond": 50}, 50.0), ({"gen_ai.server.time_per_output_token": 0.02}, 50.0)],
)
def test_tokens_per_second_are_as_stated(stated: dict[str, Any], expected: float) -> None:
    assert read_usage(json_text(stated))["tokens_per_second"] == expected


def test_no_time_per_token_is_no_speed() -> None:
    assert read_usage(json_text({"gen_ai.server.time_per_output_token": 0})) == {}

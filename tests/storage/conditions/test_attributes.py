"""Conditions on values inside JSON mean in SQL what they mean in plain Python, whatever the values are."""

import json

import pytest

from spanwell.observability.model.columns import Json, Kind
from spanwell.observability.questions.conditions import Attribute, Compare, Level, Op
from spanwell.observability.questions.pointers import attribute_pointer
from tests import strategies
from tests.making import span
from tests.storage.pair import Pair, ids


def test_all_thirty_hostile_keys_are_found_and_only_they(pair: Pair) -> None:
    keys = strategies.HOSTILE_KEYS
    assert len(set(keys)) == 30
    spans = [
        span("t", f"s{i}", attributes=Json(strategies.json_text({key: "here", "decoy": "here"})), metadata=Json("{}"))
        for i, key in enumerate(keys)
    ]
    pair.replay([("create", spans)])
    for i, key in enumerate(keys):
        asked = key if not key.startswith("/") else "/" + key.replace("~", "~0").replace("/", "~1")
        pointer = attribute_pointer(Level.SPAN, asked)
        assert ids(pair, Compare(Attribute(Level.SPAN, pointer, Kind.TEXT), Op.EQ, "here")) == [f"s{i}"], key
        assert ids(pair, Compare(Attribute(Level.SPAN, pointer, Kind.JSON), Op.IS_NULL, value=False)) == [f"s{i}"], key


def test_types_inside_json_are_not_mixed_up(pair: Pair) -> None:
    values = ["5", '"5"', "5.0", "true", '"true"', "null", "[5]"]
    pair.replay(
        [
            (
                "create",
                [span("t", v, attributes=Json(f'{{"k":{v}}}')) for v in values]
                + [span("t", "no", attributes=Json("{}"))],
            )
        ]
    )

    def of_kind(kind: Kind, op: Op, value: object) -> list[str]:
        return ids(pair, Compare(Attribute(Level.SPAN, "/k", kind), op, value))

    assert of_kind(Kind.TEXT, Op.EQ, "5") == ['"5"']
    assert of_kind(Kind.NUMBER, Op.EQ, 5.0) == ["5", "5.0", "[5]"]
    assert of_kind(Kind.FLAG, Op.EQ, value=True) == ["true"]
    assert of_kind(Kind.JSON, Op.EQ, "null") == ["null"]
    assert of_kind(Kind.JSON, Op.IS_NULL, value=True) == ["no"]
    assert of_kind(Kind.NUMBER, Op.IS_NULL, value=True) == sorted(['"5"', "true", '"true"', "null", "no"])

    def coerced(kind: Kind, op: Op, value: object) -> list[str]:
        return ids(pair, Compare(Attribute(Level.SPAN, "/k", kind, lenient=True), op, value))

    assert coerced(Kind.TEXT, Op.EQ, "5") == ['"5"', "5", "[5]"]
    assert coerced(Kind.NUMBER, Op.EQ, 5.0) == ['"5"', "5", "5.0", "[5]"]
    assert coerced(Kind.FLAG, Op.EQ, value=True) == ['"true"', "true"]


def test_lists_are_looked_through(pair: Pair) -> None:
    documents = {
        "texts": '{"k":["stop","length"]}',
        "objects": '{"k":[{"r":"user","n":[1,2]},{"r":"tool"}]}',
        "lists": '{"k":[[{"r":"deep"}]]}',
        "text": '{"k":"[\\"length\\"]"}',
        "none": '{"k":[]}',
    }
    spans = [span("t", name, attributes=Json(text), input=Json(f"[{text}]")) for name, text in documents.items()]
    pair.replay([("create", spans)])

    def found(key: str, kind: Kind, op: Op, value: object, level: Level = Level.SPAN) -> list[str]:
        return ids(pair, Compare(Attribute(level, attribute_pointer(level, key), kind), op, value))

    assert found("k", Kind.TEXT, Op.EQ, "length") == found("/k", Kind.TEXT, Op.EQ, "length", Level.INPUT) == ["texts"]
    assert found("k", Kind.TEXT, Op.CONTAINS, "length") == ["text", "texts"]
    assert found("/k/1", Kind.TEXT, Op.EQ, "length") == ["texts"]
    assert found("/k/r", Kind.TEXT, Op.IN, ("tool", "x")) == ["objects"]
    assert found("/k/0/r", Kind.TEXT, Op.EQ, "deep") == found("/k/0/r", Kind.JSON, Op.EQ, '"deep"') == ["lists"]
    assert found("/k/n", Kind.NUMBER, Op.GT, 1.5) == found("/k/n", Kind.NUMBER, Op.IN, (2.0,)) == ["objects"]
    assert found("/k/n", Kind.JSON, Op.EQ, "[1,2]") == found("/k/n", Kind.JSON, Op.IS_NULL, value=False) == ["objects"]
    assert found("k", Kind.JSON, Op.EQ, "[]") == ["none"]


@pytest.mark.parametrize("value", ["5", "-1", "true", "null", "[5]", '{"a":1}', "0.5e3"])
def test_a_text_is_not_equal_to_another_value_that_is_written_like_it(pair: Pair, value: str) -> None:
    written = {"bare": value, "text": json.dumps(value), "text in a list": json.dumps(["x", value])}
    events = {name: Json(f'[{{"name":"x"}},{{"name":{each}}}]') for name, each in written.items()}
    pair.replay([("create", [span("t", name, events=each) for name, each in events.items()])])
    asked = Compare(Attribute(Level.EVENT, "/name", Kind.TEXT), Op.EQ, value)
    assert ids(pair, asked) == ["text", "text in a list"]


@pytest.mark.parametrize("text", ['say "hi"', "", "two\nlines", "\\", "käse", "NaN", "nullable", "e\u0301", "\u0001"])
def test_a_text_in_an_event_is_found_whatever_its_characters(pair: Pair, text: str) -> None:
    escaped = "".join(f"\\u{ord(each):04x}" for each in text)
    written = {"as usual": json.dumps(text), "escaped": f'"{escaped}"', "more": json.dumps(f"{text}."), "none": "null"}
    events = {name: Json(f'[{{"name":{each}}}]') for name, each in written.items()}
    pair.replay([("create", [span("t", name, events=each) for name, each in events.items()])])
    asked = Compare(Attribute(Level.EVENT, "/name", Kind.TEXT), Op.EQ, text)
    assert ids(pair, asked) == ["as usual", "escaped"]


@pytest.mark.parametrize(
    ("op", "value", "numbers"),
    [
        *((Op.GT, 4.0, ["5"]), (Op.GT, 5.0, []), (Op.GTE, 5.0, ["5"])),
        *((Op.LT, 6.0, ["5"]), (Op.LT, 5.0, []), (Op.LTE, 5.0, ["5"])),
        *((Op.EQ, 5.0, ["5"]), (Op.IN, (5.0, 7.0), ["5"]), (Op.IS_NULL, False, ["5"])),
    ],
)
def test_a_text_is_a_number_only_if_it_is_written_like_one_and_finite(
    pair: Pair, op: Op, value: object, numbers: list[str]
) -> None:
    texts = ["5", "1e999", "-1e999", "inf", " 5", "5 ", "+5", "5.", ".5e1", "5_0", "[5]", "[6, 5]", "{5}", "five", ""]
    spans = [span("t", f"text {text}", attributes=Json(json.dumps({"k": text}))) for text in texts]
    in_lists = [span("t", f"list {text}", attributes=Json(json.dumps({"k": ["x", text]}))) for text in texts]
    pair.replay([("create", [*spans, *in_lists])])
    asked = Compare(Attribute(Level.SPAN, "/k", Kind.NUMBER, lenient=True), op, value)
    assert ids(pair, asked) == [f"{what} {number}" for what in ("list", "text") for number in numbers]

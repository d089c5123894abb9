"""Every condition means in SQL what it means in plain Python.

Set SPANWELL_FILTER_CHECKS for more checks than the 5,000 of an ordinary run.
"""

import json
import os
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spanwell.observability.model.columns import Json, Kind
from spanwell.observability.questions.conditions import (
    ALWAYS,
    AllOf,
    AnyOf,
    Attribute,
    Compare,
    Condition,
    Level,
    Not,
    Op,
    Search,
)
from spanwell.observability.questions.pointers import attribute_pointer
from spanwell.observability.questions.queries import SpanQuery, Window
from spanwell.storage.duckdb.conditions import attributes, operators, searching, where
from spanwell.storage.duckdb.conditions.sql import FALSE, TRUE, Sql
from tests import strategies
from tests.making import ended, span
from tests.storage.pair import Pair
from tests.strategies import json_text

CHECKS = int(os.environ.get("SPANWELL_FILTER_CHECKS", "5000"))
AT_ONCE = 25
THOROUGH = settings(
    max_examples=max(1, CHECKS // AT_ONCE // 2),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def batches(conditions: st.SearchStrategy[Condition]) -> st.SearchStrategy[list[Condition]]:
    return st.lists(conditions, min_size=AT_ONCE, max_size=AT_ONCE)


@THOROUGH
@given(history=strategies.HISTORIES, conditions=batches(strategies.SPAN_CONDITIONS))
def test_conditions_on_spans(pair: Pair, history: list[tuple[str, Any]], conditions: list[Condition]) -> None:
    pair.replay(history)
    for condition in conditions:
        pair.both("count_spans", condition)


@THOROUGH
@given(history=strategies.HISTORIES, conditions=batches(strategies.TRACE_CONDITIONS))
def test_conditions_on_traces(pair: Pair, history: list[tuple[str, Any]], conditions: list[Condition]) -> None:
    pair.replay(history)
    for condition in conditions:
        pair.both("count_traces", condition)


def ids(pair: Pair, condition: Condition) -> list[str]:
    page = pair.both("list_spans", SpanQuery(Window(1000), condition))
    return sorted(found.span_id for found in page.nodes)


def test_what_is_absent_meets_no_comparison_but_every_negation(pair: Pair) -> None:
    pair.replay([("create", [span("t", "has", user_id="a"), span("t", "other", user_id="b"), span("t", "none")])])
    is_a = Compare("user_id", Op.EQ, "a")
    assert ids(pair, is_a) == ["has"]
    assert ids(pair, Not(is_a)) == ids(pair, Not(Compare("user_id", Op.EQ, "a"))) == ["none", "other"]
    assert ids(pair, Not(Not(is_a))) == ["has"]
    assert ids(pair, Not(AllOf((is_a, Compare("run_id", Op.EQ, "x"))))) == ["has", "none", "other"]
    assert ids(pair, Not(Compare("user_id", Op.IN, ("a", "b")))) == ["none"]
    assert ids(pair, ALWAYS) == ids(pair, Not(AnyOf())) == ["has", "none", "other"]
    assert ids(pair, AnyOf()) == []


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


def test_wildcards_mean_themselves(pair: Pair) -> None:
    pair.replay([("create", [span("t", str(i), name=name) for i, name in enumerate(["a%b", "a_b", "axb", "a\\b"])])])
    assert ids(pair, Compare("name", Op.CONTAINS, "%")) == ["0"]
    assert ids(pair, Compare("name", Op.STARTS_WITH, "a_")) == ["1"]
    assert ids(pair, Compare("name", Op.ENDS_WITH, "\\b")) == ["3"]
    assert ids(pair, Search("A%")) == ["0"]


def test_a_search_looks_at_what_json_says_and_not_at_how_it_is_written(pair: Pair) -> None:
    spans = [
        ended("t", "quoted", input=Json('{"text":"say \\"Hi\\""}')),
        ended("t", "attribute", attributes=Json('{"note":"SAY \\"hi\\" twice"}')),
        ended("t", "key", attributes=Json('{"say":"nothing"}')),
        ended("t", "error", error_info=Json('{"message":"did not say \\"hi\\""}')),
    ]
    pair.replay([("create", spans)])
    assert ids(pair, Search('say "hi"')) == ["attribute", "error", "quoted"]
    assert ids(pair, Search("say")) == ["attribute", "error", "quoted"]


def test_a_search_looks_where_people_read(pair: Pair) -> None:
    texts: dict[str, dict[str, Any]] = {
        "status": {"status_message": "upstream TIMEOUT"},
        "event": {"events": Json('[{"name":"log","attributes":{"message":"cache miss"}}]')},
        "list": {"attributes": Json('{"header":["req-771"]}')},
        "nested": {"attributes": Json('{"order":{"ref":"ord-558","lines":[{"sku":"sk-1"}]}}')},
        "number": {"attributes": Json('{"order":4711012}')},
        "metadata": {"metadata": Json('{"ticket":"SUP-90210"}')},
        "tag": {"tags": ["canary-17"]},
        "escaped": {"metadata": Json('{"city":"M\\u00fcnchen","path":"a\\/b"}')},
        "escaped value": {"attributes": Json('{"city":"K\\u00f6ln","path":"c\\/d"}')},
    }
    pair.replay([("create", [ended("t", name, **fields) for name, fields in texts.items()])])
    needles = ["timeout", "Cache Miss", "req-771", "ord-558", "sk-1", "4711012", "sup-90210", "CANARY"]
    names = ["status", "event", "list", "nested", "nested", "number", "metadata", "tag"]
    assert [ids(pair, Search(needle)) for needle in needles] == [[name] for name in names]
    assert ids(pair, Search("mÜnchen")) == ids(pair, Search("A/B")) == ["escaped"]
    assert ids(pair, Search("köln")) == ids(pair, Search("c/d")) == ["escaped value"]
    assert ids(pair, Search("message")) == ids(pair, Search("nothing")) == []


@pytest.mark.parametrize(
    ("text", "needles"),
    [
        ("Café", ("cafe\u0301", "CAFÉ", "É")),
        ("cafe\u0301", ("Café", "CAFÉ")),
        ("한국어", ("\u1112\u1161\u11ab국어",)),
        ("λόγος", ("ΛΌΓΟΣ", "λόγοσ")),
        ("STRASSE", ("straße",)),
    ],
)
def test_a_search_finds_a_text_in_whatever_form_its_characters_are(
    pair: Pair, text: str, needles: tuple[str, ...]
) -> None:
    places: dict[str, dict[str, Any]] = {
        "attribute": {"attributes": json_text({"note": text})},
        "input": {"input": json_text([text])},
        "name": {"name": text},
    }
    pair.replay([("create", [ended("t", name, **fields) for name, fields in places.items()])])
    assert [ids(pair, Search(needle)) for needle in (text, *needles)] == [sorted(places)] * (1 + len(needles))


@pytest.mark.parametrize("text", ['say "hi"', "one\ntwo", "C:\\tide"])
def test_a_search_finds_a_text_within_json_that_is_a_text_itself(pair: Pair, text: str) -> None:
    within = json.dumps({"q": text})
    spans = [
        ended("t", "attribute", attributes=json_text({"note": within})),
        ended("t", "input", input=json_text({"arguments": within})),
        ended("t", "status", status_message=within),
    ]
    pair.replay([("create", spans)])
    assert ids(pair, Search(text)) == ["attribute", "input", "status"]


def _numbers_in_texts(asked: attributes._Test, value: str, otherwise: Sql = FALSE) -> Sql:
    return _NUMBER(replace(asked, attribute=replace(asked.attribute, lenient=True)), value, otherwise)


_NUMBER = attributes._Test._number


def _three_valued(sql: Sql) -> Sql:
    return "NOT (" + sql + ")"


LIKE = {**operators._TEMPLATES, Op.CONTAINS: "{column} LIKE '%' || {value} || '%'"}
BROKEN = {
    "a not with three values": (
        where,
        "negation",
        _three_valued,
        test_what_is_absent_meets_no_comparison_but_every_negation,
    ),
    "json types mixed up": (
        attributes._Test,
        "_number",
        _numbers_in_texts,
        test_types_inside_json_are_not_mixed_up,
    ),
    "wildcards that are not literal": (operators, "_TEMPLATES", LIKE, test_wildcards_mean_themselves),
    "a search that does not escape": (
        searching,
        "escaped",
        lambda text: text,
        test_a_search_looks_at_what_json_says_and_not_at_how_it_is_written,
    ),
    "half of an and": (
        where,
        "all_of",
        lambda parts: next(iter(parts), TRUE),
        test_what_is_absent_meets_no_comparison_but_every_negation,
    ),
}


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_broken_rule_is_caught(pair: Pair, monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    """The guarantees above are worth something: each of these mistakes breaks one of them."""
    module, name, broken, guarantee = BROKEN[mistake]
    guarantee(pair)
    monkeypatch.setattr(module, name, broken)
    with pytest.raises(AssertionError):
        guarantee(pair)


def test_a_trace_is_found_by_a_tag_of_any_of_its_spans(pair: Pair) -> None:
    """Its tags are those of all its spans, in what is shown as in what is searched."""
    pair.replay([("create", [span("t", "root"), span("t", "child", "root", tags=["vip"])])])
    assert pair.both("count_traces", Search("vip")) == 1

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

from spanwell.observability.model.columns import Json
from spanwell.observability.questions.conditions import (
    ALWAYS,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Not,
    Op,
    Search,
)
from spanwell.storage.duckdb.conditions import attributes, operators, searching, where
from spanwell.storage.duckdb.conditions.sql import FALSE, TRUE, Sql
from tests import strategies
from tests.making import ended, span
from tests.storage.pair import Pair, ids
from tests.strategies import json_text

from . import test_attributes

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
        test_attributes.test_types_inside_json_are_not_mixed_up,
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

"""DuckDB explains what the plain store explains: failures by their messages, and call paths."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwell.observability.analysis.call_paths import CallPath, CallTreeQuery
from spanwell.observability.analysis.differences import SAMPLE, DifferenceQuery
from spanwell.observability.analysis.error_groups import ErrorsQuery, normalized
from spanwell.observability.model.columns import Json
from spanwell.observability.questions.conditions import ALWAYS, Compare, Condition, Op
from tests import strategies
from tests.making import at, ended, span
from tests.storage.pair import Pair

MESSAGES = st.sampled_from(
    [
        "timeout after 30s",
        "timeout after 5.5s",
        "user 'bob' at https://a.example/x?y=1 failed",
        "it's \"quoted\"\n text, isn't it",
        "id 123e4567-e89b-12d3-a456-426614174000 at 2026-01-01T10:00:00Z",
        "0xdeadBEEF and 0123456789abcdef0123",
        " \t ",
        "ключ 7",
        "x" * 2000,
    ]
)
DOCUMENTS = (
    *('{"message": "timeout after 7s"}', '{"message": 5}', '{"message": ""}', '{ "code" : "E1", "at": 17 }'),
    *('[{"error": "no 1"}]', '"plain 1"', "[1]", "7", '""', "{ }", "[\t]", "null", None),
)
FAILED = st.builds(
    lambda trace, name, text, error, start: span(
        trace, name, status_message=text, error_info=error, started_at=at(start), service_name=name, name=name
    ),
    st.sampled_from("tu"),
    st.sampled_from("abcd"),
    st.none() | MESSAGES,
    st.sampled_from(DOCUMENTS),
    st.integers(0, 10**6),
)


@given(spans=st.lists(FAILED, max_size=8), size=st.integers(0, 3), buckets=st.integers(1, 5))
def test_failures_are_grouped_alike(pair: Pair, spans: list[Any], size: int, buckets: int) -> None:
    pair.replay([("create", spans)])
    pair.both("list_errors", ErrorsQuery(ALWAYS, size, buckets))


@given(history=strategies.HISTORIES, where=strategies.SPAN_CONDITIONS)
def test_failures_of_any_history_are_grouped_alike(pair: Pair, history: list[Any], where: Condition) -> None:
    pair.replay(history)
    pair.both("list_errors", ErrorsQuery(where, 10, 4))


@given(
    history=strategies.HISTORIES,
    where=strategies.TRACE_CONDITIONS,
    depth=st.integers(1, 4),
    size=st.integers(0, 6),
)
def test_call_paths_of_any_history_are_alike(
    pair: Pair, history: list[Any], where: Condition, depth: int, size: int
) -> None:
    pair.replay(history)
    for query in (CallTreeQuery(where, depth, size), CallTreeQuery(ALWAYS, depth, 1000)):
        plain, real = (parts(pair.ask(store, "get_call_tree", query)) for store in (pair.plain, pair.real))
        assert real[0] == plain[0]
        assert real[1] == pytest.approx(plain[1], rel=1e-9)


def parts(paths: Sequence[CallPath]) -> tuple[list[CallPath], list[float]]:
    """Return paths without their quantiles, and these (-1 for none), which are as exact as a sum of doubles is."""
    quantiles = [-1 if value is None else value for path in paths for value in (path.p50, path.p95)]
    return [replace(path, p50=None, p95=None) for path in paths], quantiles


@given(
    history=strategies.HISTORIES,
    baseline=strategies.SPAN_CONDITIONS | st.just(ALWAYS),
    selection=strategies.SPAN_CONDITIONS,
    sample=st.sampled_from([1, 2, SAMPLE]),
)
def test_fields_of_any_history_differ_alike(
    pair: Pair, history: list[Any], baseline: Condition, selection: Condition, sample: int
) -> None:
    pair.replay(history)
    with sampled(sample):
        pair.both("get_span_difference", DifferenceQuery(baseline, selection, 100))


@contextmanager
def sampled(size: int) -> Generator[None]:
    """Let both stores look into the documents of so many spans of each side."""
    plain, real = "storage.reference.differences", "storage.duckdb.reading.analysis.differences"
    with patch(f"spanwell.{plain}.SAMPLE", size), patch(f"spanwell.{real}.SAMPLE", size):
        yield


def test_the_sample_of_a_side_is_its_first_spans_by_span_id(pair: Pair) -> None:
    ids = [("a", "3"), ("b", "2"), ("d", "1"), ("c", "1")]
    spans = [ended(*key, attributes=Json(f'{{"k": "{"".join(key)}"}}')) for key in ids]
    pair.replay([("create", [*spans, ended("e", "9", attributes=Json('{"k": "e9"}'))])])
    query = DifferenceQuery(ALWAYS, Compare("trace_id", Op.EQ, "e"), 100)
    for size, first in ((1, ["c1"]), (2, ["c1", "d1"]), (3, ["b2", "c1", "d1"])):
        with sampled(size):
            (k,) = (field for field in pair.both("get_span_difference", query).fields if field.name == "k")
        assert sorted(each.value for each in k.values) == [*first, "e9"]


def test_each_element_of_a_list_differs_on_its_own(pair: Pair) -> None:
    texts = {"a": '["stop", "stop", 1]', "b": '["stop", "length", true, null, ["in"], {"k": 1}]'}
    pair.replay([("create", [ended("t", name, attributes=Json(f'{{"why": {text}}}')) for name, text in texts.items()])])
    query = DifferenceQuery(ALWAYS, Compare("span_id", Op.EQ, "b"), 100)
    (why,) = (field for field in pair.both("get_span_difference", query).fields if field.name == "why")
    shares = {each.value: (each.baseline_share, each.selection_share) for each in why.values}
    assert shares == {"1": (1.0, 0.0), "length": (0.0, 1.0), "true": (0.0, 1.0)}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("timeout after 30s", "timeout after <number>s"),
        ("GET https://a.example/x?y=1 failed", "GET <url> failed"),
        ("no user 123e4567-e89b-12d3-a456-426614174000", "no user <id>"),
        ("at 2026-01-01T10:00:00.5Z,  line\n 3 ", "at <time>, line <number>"),
        ("KeyError: 'name'", "KeyError: <text>"),
        ("it can't be, won't be", "it can't be, won't be"),
        ('field "a" of 1,000', "field <text> of <number>"),
    ],
)
def test_what_differs_between_messages_of_one_failure_is_taken_out(message: str, expected: str) -> None:
    assert normalized(message) == expected


def test_failures_whose_message_is_json_differ_in_what_it_says(pair: Pair) -> None:
    documents = ('{"code": "E1", "id": 17}', '{"code": "E1", "id": 18}', '{"code": "REFUSED", "id": 1}', "{}")
    pair.replay([("create", [span("t", document, error_info=document) for document in documents])])
    groups = pair.both("list_errors", ErrorsQuery(ALWAYS, 9, 1))
    assert {group.message: group.count for group in groups} == {
        '{"code": "E<number>", "id": <number>}': 2,
        '{"code": "REFUSED", "id": <number>}': 1,
        "": 1,
    }


def test_call_paths_keep_names_with_slashes_and_add_up_over_traces(pair: Pair) -> None:
    spans = [
        part
        for trace in "tu"
        for part in (
            ended(trace, "a", name="GET /x", ended_at=at(4)),
            ended(trace, "b", "a", name="a~b/c", ended_at=at(1)),
            ended(trace, "c", "a", name="a~b/c", started_at=at(1), ended_at=at(3), error_info="{}"),
        )
    ]
    pair.replay([("create", spans)])
    top, below = pair.both("get_call_tree", CallTreeQuery(ALWAYS, 9, 9))
    assert (top.path, top.count, top.trace_count, top.total_ms, top.self_ms) == (("GET /x",), 2, 2, 8000.0, 2000.0)
    assert (below.path, below.count, below.error_count) == (("GET /x", "a~b/c"), 4, 2)
    assert (below.total_ms, below.p50, below.depth, below.name) == (6000.0, 1500.0, 1, "a~b/c")

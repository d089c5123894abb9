"""A trace of which only its spans are asked for is read by one statement, if it is small; the answer is the same."""

from collections.abc import Generator
from typing import Any

import pytest

from spanwell.observability.questions.ordering import OLDEST_SPANS
from spanwell.observability.questions.queries import SpanQuery, Window
from spanwell.storage.duckdb.reading import large_traces
from spanwell.storage.duckdb.reading.large_traces import LargeTraces
from tests.making import ended
from tests.storage.pair import Pair

NAMES = frozenset({"name"})
ONLY_SPANS = (frozenset({"trace_id"}), frozenset[str]())


@pytest.fixture(scope="module")
def pair() -> Generator[Pair]:
    made = Pair()
    made.replay([("create", [ended("small", str(n)) for n in range(3)] + [ended("large", str(n)) for n in range(400)])])
    yield made
    made.close()


def page_of(pair: Pair, trace_id: str, window: Window) -> list[str] | None:
    query = SpanQuery(window, order=OLDEST_SPANS, columns=NAMES)
    pages: list[Any] = [
        pair.ask(store, "get_trace_with_spans", trace_id, query, *ONLY_SPANS) for store in (pair.plain, pair.real)
    ]
    expected, found = pages
    if expected is None:
        assert found is None
        return None
    ids = [[span.span_id for span in page.nodes] for _, page in pages]
    assert ids[0] == ids[1]
    assert (found[0].trace_id, found[1].has_next) == (trace_id, expected[1].has_next)
    return ids[1]


@pytest.mark.parametrize("trace_id", ["small", "large"])
@pytest.mark.parametrize("size", [0, 2, 3, 50, 399, 400, 1_000])
def test_a_page_of_a_trace_is_that_of_the_plain_store_also_when_its_size_is_known(
    pair: Pair, trace_id: str, size: int
) -> None:
    assert page_of(pair, trace_id, Window(size)) == page_of(pair, trace_id, Window(size))


def test_a_trace_that_is_not_there_has_no_page(pair: Pair) -> None:
    assert page_of(pair, "nowhere", Window(50)) is None


def test_of_large_traces_those_met_last_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_traces, "_MOST", 2)
    traces = LargeTraces()
    for trace_id in ("a", "b", "a", "c"):
        traces.add(trace_id)
    assert [trace_id in traces for trace_id in "abc"] == [True, False, True]

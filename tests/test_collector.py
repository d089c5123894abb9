"""What a request read or wrote is gone with its answer: none of it waits in a cycle for the garbage collector.

A collection stops everything for as long as it takes to look at all that is kept, and until it comes, the batches and
lists of hundreds of requests stay in memory.
"""

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from spanwell.observability.derivation.trace_state import TraceState
from spanwell.observability.model.columns import Json
from spanwell.observability.model.span import Span, SpanStatus
from spanwell.observability.model.span_batch import SpanColumns
from spanwell.storage.duckdb.writing.rows.row_bytes import batch_of_bytes, rows_as_bytes
from spanwell.storage.duckdb.writing.rows.span_rows import span_rows
from tests.making import ended, light_span
from tests.rules.http_door import CREATE, UPDATE, HttpDoor, to_input

_USAGE = Json('{"gen_ai.usage.input_tokens": 3}')


def _spans(trace_id: str, count: int) -> list[Span]:
    return [ended(trace_id, str(n), "0" if n else None, attributes=_USAGE, tags=["a"]) for n in range(count)]


def _inputs(trace_id: str, count: int) -> list[dict[str, Any]]:
    return list(map(to_input, _spans(trace_id, count)))


_LIST = """query($first: Int) { traces(first: $first) { totalCount nodes {
    name inputTokens outline rootSpan { name } firstError { name }
    spans(first: 2) { totalCount nodes { name parent { name } ancestors { name } trace { spanCount }
        outputPreview(maxChars: 5) selfTimeMs } } } } }"""
_REQUESTS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "a list with lists": [(_LIST, {"first": 5})],
    "statistics": [("{ spanStats { count durationMs { p95 } } }", {})],
    "a comparison": [('{ traceDiff(base: "t", other: "u") { paths { name base { firstSpan { name } } } } }', {})],
    "a batch": [(CREATE, {"spans": _inputs("v", 30)})],
    "fragments": [(CREATE, {"spans": [each]}) for each in _inputs("w", 5)],
    "an update": [(UPDATE, {"updates": [{"traceId": "t", "spanId": "1", "output": {"a": 1}}]})],
    "next to nothing": [("{ __typename }", {})],
}


def left_by(work: Callable[[], object]) -> Counter[str]:
    """Return the types of the project's objects that only a collection removes after some work.

    What threads of other tests leave comes to light only once, so that the work is done again if anything is found.
    """
    found = Counter[str]()
    for _ in range(3):
        found = _left_by(work)
        if not found:
            break
    return found


def _left_by(work: Callable[[], object]) -> Counter[str]:
    gc.collect()
    gc.disable()
    try:
        work()
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        kinds = Counter(f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.garbage)
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    return Counter({kind: count for kind, count in kinds.items() if kind.startswith("spanwell.")})


@pytest.fixture(scope="module")
def door() -> Iterator[HttpDoor]:
    door = HttpDoor()
    door.create(*_spans("t", 5), *_spans("u", 3))
    yield door
    door.close()


@pytest.mark.parametrize("name", _REQUESTS)
def test_a_request_leaves_nothing_to_the_collector(door: HttpDoor, name: str) -> None:
    def ask() -> None:
        for query, variables in _REQUESTS[name]:
            assert "errors" not in door.send(query, **variables).text

    ask()  # the first request with a document leaves graphql-core's validation of it
    assert not left_by(ask)


def test_a_batch_prepared_by_another_process_leaves_nothing_to_the_collector() -> None:
    packed = rows_as_bytes(SpanColumns.of(_spans("t", 5)))
    assert not left_by(lambda: span_rows(batch_of_bytes(packed)).given.at([0]))


def test_the_state_of_a_trace_leaves_nothing_to_the_collector() -> None:
    def grow() -> None:
        state = TraceState(map(light_span, _spans("t", 3)))
        for each in ("x", "missing", "y"):
            state.add([light_span(ended("t", f"below {each}", each, user_id="ann", status=SpanStatus.ERROR))])
        assert state.rollups()

    assert not left_by(grow)


def test_what_the_writer_remembers_of_spans_is_not_looked_at() -> None:
    each = light_span(ended("t", "a", attributes=_USAGE, total_tokens=3, tags=["a"], user_id="ann"))
    assert each.usage is not None
    assert not any(map(gc.is_tracked, (each, each.usage)))

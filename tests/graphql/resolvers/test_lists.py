"""A list costs the same number of reads however long it is, and however many requests are answered at once."""

import asyncio
from typing import Any

import orjson
import pytest

from spanwell.graphql.arguments.filters import SpanFilter
from spanwell.graphql.arguments.logic import to_condition
from spanwell.graphql.execution.executor import Execution
from spanwell.graphql.execution.prepared import GraphQLRequest
from spanwell.graphql.fast.column_executor import ColumnarExecutor
from spanwell.graphql.library import core_schema
from spanwell.graphql.resolvers import queries
from spanwell.graphql.resolvers.context import Context
from spanwell.graphql.schema import schema
from spanwell.observability.model.errors import Overloaded
from spanwell.observability.questions.queries import SpanQuery
from tests.graphql.asking import Asker
from tests.making import at, ended, span

EVERYTHING = """query($first: Int) {
  traces(first: $first) {
    totalCount
    pageInfo { endCursor hasNextPage }
    nodes {
      name spanCount errorCount hasError orphanCount totalTokens costUsd services
      rootSpan { name input }
      spans(first: 3) { totalCount nodes { spanId name startedAt } }
      running: spans(filter: {status: {eq: RUNNING}}) { totalCount }
    }
  }
}"""


@pytest.fixture(scope="module")
def sixty() -> Asker:
    """Sixty traces of five spans."""
    spans = [ended(f"t{t:02}", "root", started_at=at(t)) for t in range(60)]
    spans += [span(f"t{t:02}", f"s{i}", "root", started_at=at(t + i)) for t in range(60) for i in range(1, 5)]
    return Asker(*spans)


@pytest.mark.parametrize("size", [1, 50])
def test_traces_with_their_spans_cost_six_reads(sixty: Asker, size: int) -> None:
    data = sixty.ask(EVERYTHING, {"first": size})["traces"]
    assert sorted(sixty.called) == [
        *("count_trace_spans", "count_trace_spans", "count_traces"),
        *("list_trace_spans", "list_trace_spans", "list_traces"),
    ]
    assert data["totalCount"] == 60
    assert len(data["nodes"]) == size
    for trace in data["nodes"]:
        assert [node["spanId"] for node in trace["spans"]["nodes"]] == ["root", "s1", "s2"]
        assert trace["spans"]["totalCount"] == 5
        assert trace["running"]["totalCount"] == 4


def test_spans_are_given_to_the_trace_they_belong_to(sixty: Asker) -> None:
    nodes = sixty.ask("{ traces(first: 20) { nodes { traceId spans { nodes { traceId } } } } }")["traces"]["nodes"]
    assert all({node["traceId"] for node in trace["spans"]["nodes"]} == {trace["traceId"]} for trace in nodes)
    (spans,) = (call for call in sixty.storage.calls if call.name == "list_trace_spans")
    assert spans.keys == [trace["traceId"] for trace in nodes]


def test_each_set_of_arguments_is_one_read_for_all_traces(sixty: Asker) -> None:
    sixty.ask(
        "{ traces(first: 9) { nodes { a: spans(first: 1) { nodes { name } } b: spans(last: 1) { nodes { name } } "
        'c: spans(filter: {name: {eq: "x"}}) { nodes { name } } '
        "d: spans(orderBy: {field: NAME}) { nodes { name } } } } }"
    )
    assert sorted(sixty.called) == [*["list_trace_spans"] * 4, "list_traces"]


def test_one_field_in_two_places_of_a_request_is_read_once(sixty: Asker) -> None:
    sixty.ask("{ traces(first: 5) { nodes { spans { nodes { name } } } edges { node { spans { nodes { name } } } } } }")
    assert sixty.called.count("list_trace_spans") == 1


def test_counts_share_one_read_whatever_page_they_stand_beside(sixty: Asker) -> None:
    sixty.ask("{ traces(first: 5) { nodes { a: spans(first: 1) { totalCount } b: spans(first: 2) { totalCount } } } }")
    assert sixty.called.count("count_trace_spans") == 1


def test_the_spans_of_a_trace_come_oldest_first_unless_asked_otherwise(sixty: Asker) -> None:
    def ids(arguments: str) -> list[str]:
        found = sixty.ask(f'{{ trace(traceId: "t00") {{ spans{arguments} {{ nodes {{ spanId }} }} }} }}')
        return [node["spanId"] for node in found["trace"]["spans"]["nodes"]]

    assert ids("") == ["root", "s1", "s2", "s3", "s4"]
    assert ids("(orderBy: {field: STARTED_AT})") == ["s4", "s3", "s2", "s1", "root"]
    assert ids("(last: 2)") == ["s3", "s4"]
    assert ids("(first: 2, offset: 1)") == ["s1", "s2"]
    assert ids('(filter: {spanId: {in: ["s3", "s1"]}})') == ["s1", "s3"]


def test_nothing_is_remembered_from_one_request_to_the_next() -> None:
    query = '{ trace(traceId: "new") { spans { totalCount nodes { spanId } } } }'
    asker = Asker(span("new", "a"))
    assert asker.ask(query)["trace"]["spans"] == {"totalCount": 1, "nodes": [{"spanId": "a"}]}
    asyncio.run(asker.storage.batch_create_spans([span("new", "b")]))
    assert asker.ask(query)["trace"]["spans"]["totalCount"] == 2


def test_requests_at_the_same_time_do_not_mix(sixty: Asker) -> None:
    execution = Execution(core_schema(schema), executor_class=ColumnarExecutor)
    prepared = [
        execution.prepare(
            GraphQLRequest(f"{{ traces(first: {size}) {{ nodes {{ traceId spans {{ nodes {{ traceId }} }} }} }} }}")
        )
        for size in range(1, 20)
    ]

    async def run() -> list[Any]:
        answers = (execution.execute(one, Context(sixty.service)) for one in prepared)
        return [orjson.loads(orjson.dumps(answer.data)) for answer in await asyncio.gather(*answers)]

    sixty.storage.calls.clear()
    for size, data in enumerate(asyncio.run(run()), 1):
        assert len(data["traces"]["nodes"]) == size
        for trace in data["traces"]["nodes"]:
            assert {node["traceId"] for node in trace["spans"]["nodes"]} == {trace["traceId"]}
    assert sixty.called.count("list_trace_spans") == 19


def test_a_trace_may_show_ten_thousand_spans_at_once() -> None:
    asker = Asker(*(span("t", f"s{i}") for i in range(1_200)))
    found = asker.ask('{ trace(traceId: "t") { spans(first: 10000) { nodes { spanId } } } }')
    assert len(found["trace"]["spans"]["nodes"]) == 1_200
    (query,) = (call.query for call in asker.storage.calls if call.name == "list_trace_spans")
    assert isinstance(query, SpanQuery)
    assert query.window.size == 10_000


@pytest.fixture
def conversions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that fills with what is done to filters: made from what was sent, and turned into conditions."""
    seen: list[str] = []
    make: Any = SpanFilter.__init__

    def made(asked: Any, **given: Any) -> None:
        seen.append("made")
        make(asked, **given)

    def understood(asked: Any, name: str = "filter") -> Any:
        seen.append("understood")
        return to_condition(asked, name)

    monkeypatch.setattr(SpanFilter, "__init__", made)
    monkeypatch.setattr(queries, "to_condition", understood)
    return seen


SPANS_BY_NAME = (
    "query($f: SpanFilter) { traces { nodes { traceId spans(filter: $f) { totalCount nodes { spanId } } } } }"
)


def test_arguments_are_read_once_for_the_whole_list(sixty: Asker, conversions: list[str]) -> None:
    """Else a large filter stops the server for as long as it takes to read it once for every trace of the list."""
    data = sixty.ask(SPANS_BY_NAME, {"f": {"spanId": {"in": ["s2", "s4"]}}})["traces"]["nodes"]
    assert len(data) == 50
    for trace in data:
        assert trace["spans"] == {"totalCount": 2, "nodes": [{"spanId": "s2"}, {"spanId": "s4"}]}
    assert conversions == ["understood", "made", "understood"]  # that of `traces`, and that of all its `spans`


def test_arguments_that_are_refused_are_read_once_too(sixty: Asker, conversions: list[str]) -> None:
    assert sixty.bad_input(SPANS_BY_NAME, {"f": {"name": {"regex": "("}}}) == "filter.name.regex"
    assert conversions == ["understood", "made", "understood"]
    conversions.clear()
    assert sixty.bad_input("{ traces { nodes { spans(first: -1) { totalCount } } } }") == "first"
    assert conversions == ["understood", "understood"]


def test_one_fragment_in_several_lists_has_the_same_arguments_in_each(sixty: Asker) -> None:
    query = """query($f: SpanFilter) {
        a: traces(first: 3) { nodes { ...F } }
        b: traces(last: 3) { nodes { ...F ... { spans(filter: $f, first: 1) { totalCount nodes { name } } } } }
        c: trace(traceId: "t07") { ...F }
    } fragment F on Trace { traceId spans(filter: $f, first: 1) { nodes { traceId spanId } } }"""
    data = sixty.ask(query, {"f": {"spanId": {"in": ["s2", "s4"]}}})
    for trace in [*data["a"]["nodes"], data["c"]]:
        assert trace["spans"] == {"nodes": [{"traceId": trace["traceId"], "spanId": "s2"}]}
    for trace in data["b"]["nodes"]:
        found = {"traceId": trace["traceId"], "spanId": "s2", "name": "span s2"}
        assert trace["spans"] == {"nodes": [found], "totalCount": 2}


def test_each_place_of_a_request_has_its_own_arguments(sixty: Asker) -> None:
    query = """query($f: SpanFilter) { traces(first: 3) { nodes {
        all: spans { totalCount }
        two: spans(filter: $f) { totalCount }
        none: spans(filter: {or: []}) { totalCount }
        one: spans(first: 1) { nodes { spanId } }
    } } }"""
    data = sixty.ask(query, {"f": {"spanId": {"in": ["s2", "s4"]}}})
    for trace in data["traces"]["nodes"]:
        assert (trace["all"]["totalCount"], trace["two"]["totalCount"], trace["none"]["totalCount"]) == (5, 2, 0)
        assert trace["one"]["nodes"] == [{"spanId": "root"}]


def test_what_the_store_refuses_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    asker = Asker(span("t", "a"), span("u", "a"))

    async def refuse(*_: object) -> Any:
        raise Overloaded("Too much is waiting.")

    monkeypatch.setattr(asker.storage, "list_trace_spans", refuse)
    assert asker.failure("{ traces { nodes { spans { nodes { id } } } } }")["extensions"]["code"] == "OVERLOADED"

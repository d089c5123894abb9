import asyncio
import threading
from typing import Any

import pytest
import strawberry
from graphql import OperationType

from spanwell.graphql.execution import documents
from spanwell.graphql.execution.executor import Execution
from spanwell.graphql.execution.failures import Refused
from spanwell.graphql.execution.limits import QueryLimits
from spanwell.graphql.execution.prepared import Answer, GraphQLRequest, Prepared
from spanwell.graphql.fast.column_executor import ColumnarExecutor
from spanwell.graphql.library import core_schema
from spanwell.observability.model.errors import InvalidInput


@strawberry.type
class Query:
    @strawberry.field
    async def wait(self, seconds: float) -> bool:
        await asyncio.sleep(seconds)
        return True

    @strawberry.field
    def who(self, info: strawberry.Info[str, None]) -> str:
        return info.context

    @strawberry.field
    def fail(self) -> str | None:
        raise InvalidInput("is never right", "fail")

    @strawberry.field
    def must(self) -> str:
        raise InvalidInput("is never right", "must")

    @strawberry.field
    async def must_later(self) -> str:
        raise InvalidInput("is never right", "must")

    @strawberry.field
    def items(self, first: int = 50) -> list[int]:
        return list(range(first))


@strawberry.type
class Mutation:
    @strawberry.mutation
    def touch(self) -> int:
        return 1


SCHEMA = strawberry.Schema(Query, Mutation)


def make(**options: Any) -> Execution:
    return Execution(core_schema(SCHEMA), executor_class=SCHEMA.execution_context_class, **options)


def run(query: str, execution: Execution | None = None, name: str | None = None, **variables: Any) -> Answer:
    chosen = execution or make()
    return asyncio.run(chosen.execute(chosen.prepare(GraphQLRequest(query, name, variables)), "Ada"))


def code_of(refusal: pytest.ExceptionInfo[Refused]) -> str:
    return str(refusal.value.failures[0]["extensions"]["code"])


def test_a_query_is_answered_with_the_context_of_its_request() -> None:
    assert run("query Q($s: Float!) { who wait(seconds: $s) }", s=0) == Answer({"who": "Ada", "wait": True}, [])


def test_a_failing_field_leaves_the_others_alone() -> None:
    answer = run("{ fail who }")
    assert answer.data == {"fail": None, "who": "Ada"}
    assert [(one["path"], one["extensions"]["code"]) for one in answer.failures] == [(["fail"], "BAD_USER_INPUT")]


def test_a_request_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(Refused, match=r"time limit of 0\.01 seconds") as caught:
        run("{ wait(seconds: 9) }", make(timeout=0.01))
    assert code_of(caught) == "TIMEOUT"


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ("{", None, "GRAPHQL_PARSE_FAILED"),
        ("{ nope }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("query A { who } query B { who }", None, "BAD_USER_INPUT"),
        ("query A { who } query B { who }", "C", "BAD_USER_INPUT"),
        ("{ who }", "A", "BAD_USER_INPUT"),
        ("{ who }", "", "BAD_USER_INPUT"),
        ("query ($s: Float!) { wait(seconds: $s) }", None, "BAD_USER_INPUT"),
        ("{ a: who b: who c: who }", None, "QUERY_TOO_COMPLEX"),
        ("{ items(first: 101) }", None, "QUERY_TOO_COMPLEX"),
        ("{ who } # " + "who " * 300, None, "QUERY_TOO_COMPLEX"),
        ("{ " + "who " * 101 + "}", None, "QUERY_TOO_COMPLEX"),
    ],
)
def test_what_cannot_be_executed_is_refused_with_a_code(query: str, name: str | None, code: str) -> None:
    limits = QueryLimits(aliases=2, cost=100, length=1_000, tokens=100)
    with pytest.raises(Refused) as caught:
        run(query, make(limits=limits), name)
    assert code_of(caught) == code


def test_the_named_operation_is_executed() -> None:
    document = "query A { who } mutation B { touch }"
    assert run(document, name="A").data == {"who": "Ada"}
    assert run(document, name="B").data == {"touch": 1}
    assert make().prepare(GraphQLRequest(document, "B")).operation_type is OperationType.MUTATION


def test_cost_is_checked_with_the_variables_of_each_request() -> None:
    execution = make(limits=QueryLimits(cost=100))
    query = "query ($n: Int!) { items(first: $n) }"
    assert run(query, execution, n=2).data == {"items": [0, 1]}
    with pytest.raises(Refused, match="101 records"):
        run(query, execution, n=101)


def test_a_repeated_text_is_neither_parsed_nor_validated_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same holds for a text that is wrong."""
    execution = make()
    run("{ who }", execution)
    with pytest.raises(Refused, match="nope"):
        run("{ nope }", execution)
    monkeypatch.setattr(documents, "parse", None)
    monkeypatch.setattr(documents, "validate", None)
    assert run("{ who }", execution).data == {"who": "Ada"}
    with pytest.raises(Refused, match="nope"):
        run("{ nope }", execution)


def test_only_so_much_text_is_cache_and_the_least_used_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    cache = documents.Documents(core_schema(SCHEMA), QueryLimits(), cached_characters=3 * 210)
    first, *others = (f"{{ who }} # {letter}" for letter in "abc")
    original = cache.get(first)
    cache.get(others[0])
    assert cache.get(first) is original
    cache.get(others[1])
    assert cache.get(first) is original
    monkeypatch.setattr(documents, "parse", None)
    with pytest.raises(TypeError):
        cache.get(others[0])


def test_two_threads_that_make_the_same_document_keep_it_once() -> None:
    cache = documents.Documents(core_schema(SCHEMA), QueryLimits(), cached_characters=3 * 210)
    first, second = "{ who }", "{ who } # other"
    cache.get(first)
    for _ in range(3):
        cache._put(second, cache._make(second))
    original = cache.get(first)
    assert cache.get(second) is not original
    assert cache.get(first) is original


def preparing(monkeypatch: pytest.MonkeyPatch) -> tuple[Execution, list[int]]:
    """Return an execution, and the threads in which it prepares requests."""
    execution, threads = make(), list[int]()
    prepare = execution.prepare

    def noted(request: GraphQLRequest) -> Prepared:
        threads.append(threading.get_ident())
        return prepare(request)

    monkeypatch.setattr(execution, "prepare", noted)
    return execution, threads


def test_big_variables_are_read_in_a_thread_and_small_ones_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    execution, threads = preparing(monkeypatch)
    for text in (b'{"name": "Ada"}', b'{"name": "' + b"x" * 100_000 + b'"}'):
        asked = GraphQLRequest("query ($name: String) { who @include(if: true) }", None, text)
        with pytest.raises(Refused, match="name"):
            asyncio.run(execution.prepare_beside(asked))
    assert threads[0] == threading.get_ident() != threads[1]


def test_a_long_document_is_read_in_a_thread_the_first_time(monkeypatch: pytest.MonkeyPatch) -> None:
    execution, threads = preparing(monkeypatch)
    for _ in range(2):
        asyncio.run(execution.prepare_beside(GraphQLRequest("{ who }" + " " * 5_000, None, {})))
    assert threads[0] != threading.get_ident() == threads[1]


def test_a_document_that_comes_again_selects_by_its_own_variables() -> None:
    execution = make()
    query = "query Q($yes: Boolean!) { who @include(if: $yes) items(first: 1) }"
    assert run(query, execution, yes=True).data == {"who": "Ada", "items": [0]}
    assert run(query, execution, yes=False).data == {"items": [0]}


def test_a_document_that_comes_again_takes_its_own_arguments() -> None:
    execution = make()
    query = "query Q($first: Int!) { items(first: $first) fail }"
    for first in (1, 3):
        answer = run(query, execution, first=first)
        assert answer.data == {"items": list(range(first)), "fail": None}
        assert len(answer.failures) == 1


def test_a_request_without_variables_is_prepared_once_for_each_operation_and_what_it_wants() -> None:
    execution, text = make(), "query A { who } query B { who }"
    first = execution.prepare(GraphQLRequest(text, "A"))
    assert execution.prepare(GraphQLRequest(text, "A", {})) is first
    others = [
        execution.prepare(GraphQLRequest(text, "B")),
        execution.prepare(GraphQLRequest(text, "A", wants_cost=True)),
        execution.prepare(GraphQLRequest(text, "A", {"x": 1})),
    ]
    assert first not in others
    assert [each.operation.name.value for each in others if each.operation.name] == ["B", "A", "A"]
    for _ in range(2):
        with pytest.raises(Refused, match="operation"):
            execution.prepare(GraphQLRequest(text, "C"))


@pytest.mark.parametrize("field", ["must", "mustLater"])
def test_a_failure_at_the_root_is_the_same_each_time(field: str) -> None:
    execution = Execution(core_schema(SCHEMA), executor_class=ColumnarExecutor)
    answers = [run(f"{{ {field} }}", execution) for _ in range(3)]
    assert [answer.data for answer in answers] == [None] * 3
    assert [[failure["path"] for failure in answer.failures] for answer in answers] == [[[field]]] * 3

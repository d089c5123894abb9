"""The schema explains itself, and a query costs what it should."""

from asyncio import Runner
from collections.abc import Collection, Iterator
from inspect import isawaitable
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    execute,
    parse,
    validate,
)

from spanwell.graphql.library import core_schema
from spanwell.graphql.resolvers.context import Context
from spanwell.graphql.schema import schema
from spanwell.observability.model.columns import Origin
from spanwell.observability.model.span import SPAN_COLUMNS
from spanwell.observability.questions.queries import SpanQuery, TraceQuery
from spanwell.observability.service import Observability
from spanwell.storage.reference.storage import MemoryStorage
from tests.making import at, ended, span

CORE = core_schema(schema)


def fields_of(name: str) -> Collection[str]:
    kind = CORE.type_map[name]
    assert isinstance(kind, GraphQLObjectType | GraphQLInputObjectType)
    return list(kind.fields)


def undescribed() -> Iterator[str]:
    for name, kind in CORE.type_map.items():
        if name.startswith("__") or name in {"String", "Int", "Float", "Boolean", "ID"}:
            continue
        if not kind.description:
            yield name
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in kind.fields.items():
                if not field.description:
                    yield f"{name}.{field_name}"
                yield from (f"{name}.{field_name}({a})" for a, arg in field.args.items() if not arg.description)
        elif isinstance(kind, GraphQLInputObjectType):
            yield from (f"{name}.{f}" for f, field in kind.fields.items() if not field.description)
        elif isinstance(kind, GraphQLEnumType):
            yield from (f"{name}.{v}" for v, value in kind.values.items() if not value.description)


def test_everything_has_a_description() -> None:
    assert list(undescribed()) == []


def test_every_column_can_be_read_and_asked_about() -> None:
    read, asked, of_roots = (fields_of(name) for name in ("Span", "SpanFilter", "TraceFilter"))
    for column in SPAN_COLUMNS:
        assert column.label in read
        assert column.label in asked
        assert column.label in of_roots


def test_a_client_gives_what_is_its_own_to_say_and_nothing_derived() -> None:
    given = set(fields_of("CreateSpanInput"))
    changed = set(fields_of("UpdateSpanInput"))
    assert given == changed == {c.label for c in SPAN_COLUMNS if c.origin is not Origin.DERIVED}


class Counting(MemoryStorage):
    """A plain store that remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, tuple[Any, ...]]] = []

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name.startswith(("list_", "count_", "get_")):

            def called(*arguments: Any) -> Any:
                self.calls.append((name, arguments))
                return found(*arguments)

            return called
        return found


@pytest.fixture
def asked() -> Iterator[Any]:
    """Return a function that asks a store of fifty traces, and says which calls that took."""
    storage = Counting()
    with Runner() as runner:
        for t in range(60):
            family = [ended(f"t{t}", "root", started_at=at(t))]
            family += [span(f"t{t}", f"s{i}", "root", started_at=at(t + i)) for i in range(5)]
            runner.run(storage.batch_create_spans(family))

        def ask(query: str, **variables: Any) -> tuple[Any, list[tuple[str, tuple[Any, ...]]]]:
            document = parse(query)
            assert validate(CORE, document) == []
            storage.calls.clear()

            async def run() -> Any:
                context = Context(Observability(storage))
                result = execute(CORE, document, context_value=context, variable_values=variables)
                return await result if isawaitable(result) else result

            answer = runner.run(run())
            assert answer.errors is None
            return answer.data, list(storage.calls)

        yield ask


def test_a_list_of_traces_with_all_that_hangs_on_it_costs_a_fixed_number_of_calls(asked: Any) -> None:
    query = """query($first: Int) { traces(first: $first) { totalCount nodes {
        name spanCount errorCount totalTokens services rootSpan { name input }
        first: spans(first: 3) { totalCount nodes { name startedAt } }
        running: spans(filter: {status: {eq: RUNNING}}) { totalCount } } } }"""
    names = []
    for size in (2, 50):
        data, calls = asked(query, first=size)
        assert len(data["traces"]["nodes"]) == size
        names.append(sorted(name for name, _ in calls))
    assert (
        names[0]
        == names[1]
        == [
            "count_trace_spans",
            "count_trace_spans",
            "count_traces",
            "list_trace_spans",
            "list_trace_spans",
            "list_traces",
        ]
    )


def test_only_what_is_selected_is_read(asked: Any) -> None:
    _, ((name, (query,)),) = asked(
        "{ spans { edges { node { name ... on Span { durationMs } ...More } } } } fragment More on Span { input }"
    )
    assert name == "list_spans"
    assert isinstance(query, SpanQuery)
    assert query.columns == {"trace_id", "span_id", "started_at", "name", "duration_ms", "input"}
    _, ((_, (query,)),) = asked(
        "{ traces(orderBy: [{field: NAME}]) { nodes { id spanCount userId rootSpan { output } } } }"
    )
    assert isinstance(query, TraceQuery)
    assert query.columns == {"trace_id", "has_root", "span_count", "user_id"}
    assert query.head_columns == {"trace_id", "span_id", "output", "name"}


@pytest.mark.parametrize("records", ["traces", "spans", "sessions", "scores"])
def test_the_total_and_the_page_are_each_read_only_when_selected(asked: Any, records: str) -> None:
    def reads(selected: str) -> set[str]:
        return {name.partition("_")[0] for name, _ in asked(f"{{ {records} {{ {selected} }} }}")[1]}

    assert reads("nodes { __typename }") == {"list"}
    assert reads("totalCount") == {"count"}
    assert reads("totalCount ... { pageInfo { hasNextPage } }") == {"list", "count"}


def test_many_ids_are_looked_up_together(asked: Any) -> None:
    data, _ = asked("{ spans(first: 40) { nodes { id } } traces(first: 40) { nodes { id } } }")
    ids = [node["id"] for kind in ("spans", "traces") for node in data[kind]["nodes"]]
    found, calls = asked(
        "query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }", ids=[*ids, "nonsense", "WyJ4Il0"]
    )
    assert [node and node["id"] for node in found["nodes"]] == [*ids, None, None]
    assert sorted(name for name, _ in calls) == ["get_spans", "get_traces"]

"""The schema as a whole: complete, described, and equal to the file that clients generate code from."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    build_schema,
    get_named_type,
    parse,
)
from graphql import execute as graphql_execute

from spanwell.graphql.library import core_schema
from spanwell.graphql.resolvers.context import Context
from spanwell.graphql.schema import print_schema, schema
from spanwell.observability.model.span import SPAN_COLUMNS
from spanwell.observability.model.trace import TRACE_COLUMNS
from spanwell.observability.service import Observability

from .asking import SparingStorage

GRAPHQL = core_schema(schema)
BUILT_IN = {"Boolean", "Float", "ID", "Int", "String"}
ROOT = Path(__file__).parents[2]


def fields_of(name: str) -> dict[str, Any]:
    found = GRAPHQL.get_type(name)
    assert isinstance(found, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType)
    return dict(found.fields)


def described_things() -> Iterator[tuple[str, str | None]]:
    for name, kind in GRAPHQL.type_map.items():
        if name.startswith("__") or name in BUILT_IN:
            continue
        yield name, kind.description
        if isinstance(kind, GraphQLEnumType):
            yield from ((f"{name}.{value}", it.description) for value, it in kind.values.items())
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for label, field in kind.fields.items():
                yield f"{name}.{label}", field.description
                arguments: dict[str, Any] = getattr(field, "args", {})
                yield from ((f"{name}.{label}({a})", it.description) for a, it in arguments.items())


def test_descriptions_are_sentences() -> None:
    assert [name for name, text in described_things() if text and text.rstrip()[-1] not in ".)"] == []


def test_the_printed_schema_is_the_file_at_the_root() -> None:
    assert (ROOT / "schema.graphql").read_text("utf-8") == print_schema()


def test_the_printed_schema_ends_in_one_newline_and_can_be_built() -> None:
    printed = print_schema()
    assert printed.endswith("\n")
    assert not printed.endswith("\n\n")
    assert build_schema(printed).type_map.keys() == GRAPHQL.type_map.keys()


def test_the_operations_are_these() -> None:
    assert sorted(fields_of("Query")) == [
        *("callTree", "changes", "errors", "feedback", "feedbackById", "feedbackStats", "node", "nodes", "rootSpan"),
        *("score", "scoreStats", "scores", "server", "serviceGraph", "services"),
        *("session", "sessions", "span", "spanDifference", "spanFieldValues"),
        *("spanFields", "spanStats", "spans", "storage", "thread", "threads"),
        *("trace", "traceDiff", "traceStats", "traces", "tracingStrategy"),
    ]
    assert sorted(fields_of("Mutation")) == [
        *("backup", "batchCreateFeedback", "batchCreateScores", "batchCreateSpans", "batchDeleteFeedback"),
        *("batchDeleteScores", "batchDeleteTraces", "batchUpdateFeedback", "batchUpdateScores", "batchUpdateSpans"),
        *("createSpan", "dangerouslyClearAll"),
        *("deleteTraces", "updateSpan"),
    ]


def test_every_column_that_clients_know_is_a_field_of_its_type() -> None:
    of_its_tree = {"depth", "childCount", "descendantCount", "selfTimeMs", "children"}
    ways = {"trace", "parent", "ancestors", "spanEvents", "spanLinks", "linkedFrom"}
    beginnings = {"inputPreview", "outputPreview", "errorMessage"}
    others = of_its_tree | ways | beginnings | {"scores", "feedback"}
    assert set(fields_of("Span")) == {"id", *(column.label for column in SPAN_COLUMNS)} | others
    own = {column.label for column in TRACE_COLUMNS} - {"hasRoot"}
    assert own | {"id", "name", "rootSpan", "tags", "spans"} <= set(fields_of("Trace"))


def test_a_field_is_null_only_where_its_column_may_be_absent() -> None:
    span = fields_of("Span")
    assert {c.label: str(span[c.label].type).endswith("!") for c in SPAN_COLUMNS} == {
        c.label: not c.nullable for c in SPAN_COLUMNS
    }


def test_only_what_a_span_cannot_be_without_must_be_given() -> None:
    required = {label for label, field in fields_of("CreateSpanInput").items() if str(field.type).endswith("!")}
    assert required == {"traceId", "spanId", "name", "startedAt"}
    patched = {label for label, field in fields_of("UpdateSpanInput").items() if str(field.type).endswith("!")}
    assert patched == {"traceId", "spanId"}


def test_every_column_can_be_asked_about_by_its_own_name() -> None:
    columns = {column.label for column in SPAN_COLUMNS}
    assert columns <= set(fields_of("SpanFilter"))
    assert columns | {column.label for column in TRACE_COLUMNS} <= set(fields_of("TraceFilter"))
    assert str(fields_of("TraceFilter")["services"].type) == "TagsFilter"


def test_lists_hold_no_nulls_but_where_a_record_may_be_missing() -> None:
    loose = {
        f"{name}.{label}"
        for name, kind in GRAPHQL.type_map.items()
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__")
        for label, field in kind.fields.items()
        if "[" in str(field.type) and "!]" not in str(field.type)
    }
    assert loose == {"Query.nodes", "StatsRow.keys", "AssessmentStatsRow.keys"}  # a group may be of what has no value


def test_records_are_nodes_with_ids_of_their_own() -> None:
    for name in ("Span", "Trace"):
        record = GRAPHQL.get_type(name)
        assert isinstance(record, GraphQLObjectType)
        assert [interface.name for interface in record.interfaces] == ["Node"]
        assert str(record.fields["id"].type) == "ID!"


def test_spans_of_a_connection_are_spans() -> None:
    assert get_named_type(fields_of("SpanConnection")["nodes"].type) is GRAPHQL.get_type("Span")
    assert get_named_type(fields_of("TraceConnection")["nodes"].type) is GRAPHQL.get_type("Trace")


def test_it_answers_through_strawberry_and_through_graphql_core() -> None:
    query = "{ traces { totalCount nodes { spans { nodes { id } } } } tracingStrategy { preferred } }"

    async def run() -> tuple[Any, Any]:
        context = Context(Observability(SparingStorage()))
        ours = await schema.execute(query, context_value=context)
        theirs: Any = graphql_execute(GRAPHQL, parse(query), context_value=context)
        return ours, await theirs

    ours, theirs = asyncio.run(run())
    assert ours.errors is theirs.errors is None
    assert (
        ours.data
        == theirs.data
        == {
            "traces": {"totalCount": 0, "nodes": []},
            "tracingStrategy": {"preferred": "BATCH_WITH_UPDATES"},
        }
    )

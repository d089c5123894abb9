"""An addressed field has the same texts in SQL as in plain Python."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwell.observability.model.columns import Json
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.span import SPAN_COLUMNS
from spanwell.observability.questions.conditions import Level
from spanwell.observability.questions.fields import FieldRef, span_field, trace_field
from spanwell.observability.questions.queries import SpanQuery, TraceQuery, Window
from spanwell.storage.duckdb.conditions import fields
from spanwell.storage.duckdb.conditions.scopes import OF_SPANS, OF_TRACES, Scope
from spanwell.storage.duckdb.conditions.sql import Sql, join
from spanwell.storage.reference.values.texts import texts_of
from tests import strategies
from tests.making import span
from tests.storage.pair import Pair

WINDOW = Window(1000)
COLUMNS = [column.label for column in SPAN_COLUMNS]
TRACE_FIELDS = [column.label for column in strategies.ALL_TRACE_COLUMN_DEFS if column.name != "has_root"]
ADDRESSED = st.tuples(st.sampled_from(COLUMNS), st.none()) | st.tuples(strategies.KEYS, st.sampled_from(Level))


def real_texts(pair: Pair, ref: FieldRef, scope: Scope) -> list[list[str]]:
    parts = fields.Parts()
    if ref.is_many:
        selected = "coalesce(list_filter(" + fields.texts_of(ref, scope, parts) + ", lambda one: one IS NOT NULL), [])"
    else:
        selected = Sql(f"list_filter([{parts.named(fields.text_of(ref, scope))}], lambda one: one IS NOT NULL)")
    statement = "SELECT " + selected + " FROM (SELECT " + join(", ", parts.columns) + f" FROM {scope.alias})"
    return sorted(row[0] for row in pair.real._database.cursor().execute(statement.text, statement.values).fetchall())


@settings(max_examples=60, deadline=None)
@given(history=strategies.HISTORIES, addressed=st.lists(ADDRESSED, min_size=10, max_size=10))
def test_fields_of_spans(pair: Pair, history: list[tuple[str, Any]], addressed: list[tuple[str, Level | None]]) -> None:
    pair.replay(history)
    spans = pair.both("list_spans", SpanQuery(WINDOW)).nodes
    for field, level in addressed:
        ref = span_field(field, level)
        plain = sorted(texts_of(one, ref) for one in spans)
        assert real_texts(pair, ref, OF_SPANS) == plain, (field, level)


@settings(max_examples=20, deadline=None)
@given(history=strategies.HISTORIES)
def test_fields_of_traces(pair: Pair, history: list[tuple[str, Any]]) -> None:
    pair.replay(history)
    traces = pair.both("list_traces", TraceQuery(WINDOW)).nodes
    for field in TRACE_FIELDS:
        ref = trace_field(field)
        plain = sorted(texts_of(one, ref) for one in traces)
        assert real_texts(pair, ref, OF_TRACES) == plain, field


def test_values_have_the_texts_that_people_expect(pair: Pair) -> None:
    attributes = Json('{"text":"1","number":1.0,"whole":7,"flag":true,"null":null,"list":[1, {"a":2}]}')
    events = Json('[{"name":"x","attributes":{"k":"a"}},{"name":"y"},{"name":"z","attributes":{"k":2}}]')
    made = span("t", "a", attributes=attributes, events=events, tags=["b", "a"], user_id="ann")
    pair.replay([("create", [made])])
    expected = {
        ("userId", None): ["ann"],
        ("runId", None): [],
        ("tags", None): ["b", "a"],
        ("isRoot", None): ["true"],
        ("status", None): ["RUNNING"],
        ("startedAt", None): ["2026-01-01T00:00:00Z"],
        ("text", Level.SPAN): ["1"],
        ("number", Level.SPAN): ["1.0"],
        ("whole", Level.SPAN): ["7"],
        ("flag", Level.SPAN): ["true"],
        ("null", Level.SPAN): [],
        ("list", Level.SPAN): ["1", '{"a":2}'],
        ("/list/1/a", Level.SPAN): ["2"],
        ("missing", Level.RESOURCE): [],
        ("k", Level.EVENT): ["a", "2"],
        ("/name", Level.EVENT): ["x", "y", "z"],
        ("k", Level.LINK): [],
    }
    for (field, level), texts in expected.items():
        ref = span_field(field, level)
        assert texts_of(made, ref) == texts, field
        assert real_texts(pair, ref, OF_SPANS) == [texts], field


@pytest.mark.parametrize("field", ["service_name", "http.method", "treeStart", "", "hasRoot", "spanCount"])
def test_a_name_that_is_no_column_is_refused_with_advice(field: str) -> None:
    with pytest.raises(InvalidInput, match=r"`field` is not a field of a span; an attribute needs a `level`"):
        span_field(field)


def test_a_trace_has_its_own_fields_and_those_of_its_head() -> None:
    assert trace_field("spanCount").target == "span_count"
    assert trace_field("serviceName").target == "service_name"
    with pytest.raises(InvalidInput, match="of a trace"):
        trace_field("hasRoot")


def test_a_damaged_pointer_is_refused() -> None:
    with pytest.raises(InvalidInput, match="`field` is not a JSON Pointer"):
        span_field("/a~2", Level.SPAN)

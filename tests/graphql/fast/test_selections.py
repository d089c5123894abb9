"""What is read is what is selected. The store of these tests shows nothing else, so a missing column is an error."""

from typing import Any

import pytest
from graphql import get_named_type, is_leaf_type

from spanwell.graphql.library import core_schema
from spanwell.graphql.schema import schema
from spanwell.observability.model.columns import Json
from spanwell.observability.model.span import SPAN_COLUMNS
from tests.graphql.asking import Asker
from tests.making import at, ended, span

IDENTITY = {"trace_id", "span_id"}
LISTED = IDENTITY | {"started_at"}


@pytest.fixture
def asker() -> Asker:
    usage = Json('{"gen_ai.request.model": "m", "gen_ai.usage.input_tokens": 3, "gen_ai.usage.cost": 0.5}')
    return Asker(
        ended("t", "root", tags=["x"], user_id="ada", service_name="web", attributes=usage, input=Json("[1]")),
        span("t", "child", "root", started_at=at(2), service_name="db"),
        span("orphaned", "lost", "never", tags=["y"], name="stand-in"),
    )


SPAN_SELECTIONS = [
    ("name", {"name"}),
    ("id", set[str]()),
    ("__typename", set[str]()),
    ("title: name", {"name"}),
    ("durationMs status", {"duration_ms", "status"}),
    ("... { name }", {"name"}),
    ("... on Span { name }", {"name"}),
    ("... on Node { id } tags", {"tags"}),
    ("...F", {"input", "output"}),
    ("...F ...F input", {"input", "output"}),
    ("name @skip(if: false)", {"name"}),
    ("costUsd hasChildError isRoot", {"cost_usd", "has_child_error", "is_root"}),
]
FRAGMENTS = "fragment F on Span { input ...G } fragment G on Span { output }"


def with_fragments(query: str) -> str:
    return f"{query} {FRAGMENTS}" if "...F" in query else query


@pytest.mark.parametrize(("selected", "columns"), SPAN_SELECTIONS)
def test_of_spans_only_what_is_selected_is_read(asker: Asker, selected: str, columns: set[str]) -> None:
    def read(query: str) -> set[str]:
        asker.ask(with_fragments(query))
        return set(asker.call.columns)

    assert read(f"{{ spans {{ nodes {{ {selected} }} }} }}") == columns | LISTED
    assert read(f"{{ spans {{ edges {{ node {{ {selected} }} }} }} }}") == columns | LISTED
    assert read(f'{{ span(traceId: "t", spanId: "root") {{ {selected} }} }}') == columns | IDENTITY


def test_of_the_root_span_only_what_is_selected_is_read(asker: Asker) -> None:
    for query in ('{ rootSpan(traceId: "t") { name } }', '{ trace(traceId: "t") { rootSpan { name } } }'):
        asker.ask(query)
        assert asker.call.head_columns == {"name"} | IDENTITY
        assert asker.call.columns == {"trace_id", "has_root"}


TRACE_SELECTIONS = [
    ("traceId", set[str](), set[str]()),
    ("id", set[str](), set[str]()),
    ("spanCount services", {"span_count", "services"}, set[str]()),
    ("name", set[str](), {"name"}),
    ("userId tags", {"user_id", "tags"}, set[str]()),
    ("status durationMs", {"status", "duration_ms"}, set[str]()),
    ("rootSpan { status durationMs }", {"has_root"}, {"status", "duration_ms"}),
    ("totalTokens rootSpan { totalTokens input }", {"total_tokens", "has_root"}, {"total_tokens", "input"}),
    ("a: rootSpan { name } b: rootSpan { output }", {"has_root"}, {"name", "output"}),
    ("rootSpan { ...F }", {"has_root"}, {"input", "output"}),
    ("... on Trace { costUsd ... { source } }", {"cost_usd"}, {"source"}),
]


@pytest.mark.parametrize(("selected", "own", "head"), TRACE_SELECTIONS)
def test_of_traces_only_what_is_selected_is_read(asker: Asker, selected: str, own: set[str], head: set[str]) -> None:
    asker.ask(with_fragments(f'{{ trace(traceId: "t") {{ {selected} }} }}'))
    assert asker.call.columns == own | {"trace_id"}
    assert asker.call.head_columns - {"span_id", "trace_id"} == head
    for query in (
        f"{{ traces {{ nodes {{ {selected} }} }} }}",
        f"{{ traces {{ edges {{ node {{ {selected} }} }} }} }}",
    ):
        asker.ask(with_fragments(query))
        assert asker.call.columns == own | {"trace_id", "started_at"}
        assert asker.call.head_columns - {"span_id", "trace_id"} == head


def test_nodes_and_edges_selected_together_are_read_once_with_both_selections(asker: Asker) -> None:
    asker.ask("{ spans { nodes { name } edges { cursor node { input } } } }")
    assert asker.call.columns == LISTED | {"name", "input"}


def test_one_connection_selected_twice_is_read_once_with_both_selections(asker: Asker) -> None:
    asker.ask("{ spans { nodes { name } } ... { spans { nodes { input } pageInfo { endCursor } } } }")
    assert asker.call.columns == LISTED | {"name", "input"}


def test_pages_without_records_read_only_the_keys_of_their_order(asker: Asker) -> None:
    asker.ask("{ spans(orderBy: {field: NAME}) { pageInfo { endCursor } } }")
    assert asker.call.columns == IDENTITY | {"name"}
    asker.ask("{ traces(orderBy: [{field: NAME}, {field: COST}]) { pageInfo { endCursor } } }")
    assert asker.call.columns == {"trace_id", "cost_usd"}
    assert asker.call.head_columns - IDENTITY == {"name"}


def test_totals_are_counted_only_where_they_are_selected(asker: Asker) -> None:
    asker.ask('{ traces { nodes { id } } spans { nodes { id } } trace(traceId: "t") { spans { nodes { id } } } }')
    assert not [name for name in asker.called if name.startswith("count")]
    asker.ask("{ traces { total: totalCount } }")
    assert "count_traces" in asker.called
    asker.ask("{ spans { ... { totalCount } } }")
    assert "count_spans" in asker.called


def test_spans_of_a_trace_are_read_by_selection(asker: Asker) -> None:
    asker.ask('{ trace(traceId: "t") { spans { nodes { name } } } }')
    trace, spans = asker.storage.calls
    assert [trace.name, spans.name] == ["get_traces", "list_trace_spans"]
    assert trace.columns == {"trace_id"}
    assert spans.columns == LISTED | {"name"}


def test_written_spans_are_read_back_only_if_they_are_selected(asker: Asker) -> None:
    update = 'mutation {{ updateSpan(update: {{traceId: "t", spanId: "root", name: "n"}}) {{ {} }} }}'
    asker.ask(update.format("updatedCount"))
    assert asker.called == []
    asker.ask(update.format("span { name tags }"))
    assert asker.call.columns == IDENTITY | {"name", "tags"}


def test_ids_are_looked_up_by_selection(asker: Asker) -> None:
    ids = asker.ask('{ span(traceId: "t", spanId: "root") { id } trace(traceId: "t") { id } }')
    query = (
        "query($a: ID!, $b: ID!) { nodes(ids: [$a, $b]) "
        "{ id ... on Span { name input } ... on Trace { spanCount userId } } }"
    )
    asker.ask(query, {"a": ids["span"]["id"], "b": ids["trace"]["id"]})
    spans, traces = asker.storage.calls
    assert IDENTITY | {"name", "input"} <= spans.columns <= IDENTITY | {"name", "input", "user_id"}
    assert traces.columns == {"trace_id", "span_count", "user_id"}
    assert IDENTITY | {"name", "input", "user_id"} >= traces.head_columns


def _all(name: str, inner: str = "") -> str:
    kind: Any = core_schema(schema).get_type(name)
    plain = [label for label, field in kind.fields.items() if is_leaf_type(get_named_type(field.type))]
    return " ".join(plain) + inner


def test_every_field_can_be_selected_everywhere(asker: Asker) -> None:
    """Each alone as well as all at once: the store shows only the columns it was asked for."""
    spans, traces = _all("Span"), _all("Trace")
    everything = f"{traces} rootSpan {{ {spans} }} spans {{ nodes {{ {spans} }} }}"
    data = asker.ask(f"{{ traces {{ nodes {{ {everything} }} }} spans {{ nodes {{ {spans} }} }} }}")
    by_id = {(node["traceId"], node["spanId"]): node for node in data["spans"]["nodes"]}
    assert len(by_id) == 3
    for trace in data["traces"]["nodes"]:
        for node in trace["spans"]["nodes"]:
            assert by_id[node["traceId"], node["spanId"]] == node
    for label in spans.split():
        alone = asker.ask(f"{{ spans {{ nodes {{ {label} }} }} }}")["spans"]["nodes"]
        assert alone == [{label: node[label]} for node in data["spans"]["nodes"]]
    for label in traces.split():
        alone = asker.ask(f"{{ traces {{ nodes {{ {label} }} }} }}")["traces"]["nodes"]
        assert alone == [{label: node[label]} for node in data["traces"]["nodes"]]


def test_a_trace_without_its_root_shows_its_stand_in_but_no_root(asker: Asker) -> None:
    trace = asker.ask('{ trace(traceId: "orphaned") { name tags rootSpan { id } orphanCount } }')["trace"]
    assert trace == {"name": "stand-in", "tags": ["y"], "rootSpan": None, "orphanCount": 1}
    assert asker.ask('{ rootSpan(traceId: "orphaned") { id } }') == {"rootSpan": None}


def test_what_is_not_there_is_null_and_no_error(asker: Asker) -> None:
    query = '{ span(traceId: "t", spanId: "nope") { id } trace(traceId: "nope") { id } rootSpan(traceId: "") { id } }'
    assert asker.ask(query) == {"span": None, "trace": None, "rootSpan": None}


def test_hex_ids_are_found_in_either_case() -> None:
    asker = Asker(span("ab" * 16, "cd" * 8))
    query = """query($t: ID!, $s: ID!) {
        span(traceId: $t, spanId: $s) { traceId } trace(traceId: $t) { traceId } rootSpan(traceId: $t) { traceId }
    }"""
    found = {"traceId": "ab" * 16}
    assert asker.ask(query, {"t": "AB" * 16, "s": "CD" * 8}) == {"span": found, "trace": found, "rootSpan": found}


def test_every_column_of_a_span_is_shown_as_it_is_stored(asker: Asker) -> None:
    stored = asker.storage.find(("t", "root"))
    assert stored is not None
    selected = " ".join(column.label for column in SPAN_COLUMNS)
    shown = asker.ask(f'{{ span(traceId: "t", spanId: "root") {{ {selected} }} }}')["span"]
    assert shown["attributes"] == {
        "gen_ai.request.model": "m",
        "gen_ai.usage.input_tokens": 3,
        "gen_ai.usage.cost": 0.5,
    }
    plain = [c for c in SPAN_COLUMNS if c.kind.value not in {"json", "time"}]
    assert {c.label: shown[c.label] for c in plain} == {c.label: getattr(stored, c.name) for c in plain}
    assert shown["startedAt"] == "2026-01-01T00:00:00Z"
    assert shown["endedAt"] == "2026-01-01T00:00:01Z"

"""What there is to ask about: fields, their values, services and their calls."""

from typing import Any

import pytest

from spanwell.graphql.library import core_schema
from spanwell.graphql.schema import schema
from spanwell.observability.access import Access
from spanwell.observability.model.columns import Json
from spanwell.observability.model.span import SPAN_COLUMNS
from spanwell.storage.reference import discovery
from tests.graphql.asking import Asker
from tests.making import at, ended, span


@pytest.fixture
def asker() -> Asker:
    """Give a shop in which the gateway calls orders, and orders calls payments twice, once in vain."""
    return Asker(
        ended("t", "1", service_name="gateway", ended_at=at(5), attributes=Json('{"http.status":502,"region":"eu"}')),
        ended("t", "2", "1", service_name="orders", ended_at=at(4), attributes=Json('{"region":"EU-west"}')),
        ended("t", "3", "2", service_name="payments", error_info=Json('"declined"'), resource=Json('{"host":"a"}')),
        ended("t", "4", "2", service_name="payments", ended_at=at(3), tags=["retry"]),
        span("u", "1", service_name="payments", started_at=at(7)),
    )


FIELDS = """query($search: String, $filter: SpanFilter, $first: Int) {
  spanFields(search: $search, filter: $filter, first: $first) { name level type operators seenCount description }
}"""
VALUES = """query($field: String!, $level: AttributeLevel, $filter: SpanFilter, $prefix: String, $first: Int) {
  spanFieldValues(field: $field, level: $level, filter: $filter, prefix: $prefix, first: $first) { value count }
}"""
GROUPED = """query($field: String!) {
  spanStats(groupBy: [{field: $field}], first: 1000) { keys count different: countDistinct(field: $field) }
}"""
SERVICES = """query($filter: SpanFilter, $first: Int) {
  services(filter: $filter, first: $first) { name spanCount traceCount errorRate p50 p95 lastSeenAt }
}"""
GRAPH = """query($filter: SpanFilter, $first: Int) { serviceGraph(filter: $filter, first: $first) {
  nodes { name spanCount errorRate p95 } edges { from to callCount errorRate p95 }
} }"""


def values(asker: Asker, field: str, **given: Any) -> list[tuple[str, int]]:
    found = asker.ask(VALUES, {"field": field, **given})["spanFieldValues"]
    return [(each["value"], each["count"]) for each in found]


def test_every_field_of_a_span_is_told_with_the_operators_of_its_filter(asker: Asker) -> None:
    found = asker.ask(FIELDS)["spanFields"]
    columns = {each["name"]: each for each in found if each["level"] is None and "." not in each["name"]}
    assert list(columns) == [column.label for column in SPAN_COLUMNS]
    filters: Any = core_schema(schema).get_type("SpanFilter")
    for name, each in columns.items():
        operators = [] if name == "attributes" else list(filters.fields[name].type.fields)
        assert each["operators"] == operators, name
    assert columns["endedAt"]["seenCount"] == 4
    assert columns["userId"]["seenCount"] == 0
    types = [columns[name]["type"] for name in ("startedAt", "status", "tags", "durationMs", "isRoot")]
    assert types == ["TIME", "ENUM", "TEXTS", "NUMBER", "BOOLEAN"]
    assert columns["name"]["description"].startswith("Name of the operation")


def test_fields_of_traces_are_told_and_each_has_values_groups_and_a_filter(asker: Asker) -> None:
    found = asker.ask(FIELDS, {"search": "trace."})["spanFields"]
    filters: Any = core_schema(schema).get_type("TraceFilter")
    assert {each["name"] for each in found} >= {"trace.spanCount", "trace.services", "trace.name", "trace.userId"}
    for each in found:
        name = each["name"].removeprefix("trace.")
        operators = [] if name == "attributes" else list(filters.fields[name].type.fields)
        assert (each["level"], each["operators"]) == (None, operators)
        listed = values(asker, each["name"], first=1000)
        grouped = asker.ask(GROUPED, {"field": each["name"]})["spanStats"]
        if each["type"] != "TEXTS":
            assert sum(count for _, count in listed) == each["seenCount"], each["name"]
        assert {(row["keys"][0], row["count"]) for row in grouped if row["keys"][0] is not None} == set(listed)


def test_attributes_are_told_by_level_with_the_operators_of_their_test(asker: Asker) -> None:
    found = [each for each in asker.ask(FIELDS)["spanFields"] if each["level"]]
    assert [(each["name"], each["level"], each["type"], each["seenCount"]) for each in found] == [
        ("region", "SPAN", "TEXT", 2),
        ("http.status", "SPAN", "NUMBER", 1),
        ("host", "RESOURCE", "TEXT", 1),
    ]
    number: Any = core_schema(schema).get_type("NumberFilter")
    assert found[1]["operators"] == list(number.fields)


def test_fields_are_searched_by_name_under_a_filter(asker: Asker) -> None:
    found = asker.ask(FIELDS, {"search": "HTTP."})["spanFields"]
    assert [each["name"] for each in found] == ["http.status"]
    orders = {"serviceName": {"eq": "orders"}}
    assert asker.ask(FIELDS, {"search": "http.", "filter": orders})["spanFields"] == []
    assert len(asker.ask(FIELDS, {"first": 3})["spanFields"]) == 3


def test_values_come_under_the_current_filter_the_most_frequent_first(asker: Asker) -> None:
    assert values(asker, "serviceName") == [("payments", 3), ("gateway", 1), ("orders", 1)]
    assert values(asker, "serviceName", first=1) == [("payments", 3)]
    assert values(asker, "serviceName", filter={"traceId": {"eq": "u"}}) == [("payments", 1)]
    assert values(asker, "serviceName", prefix="PAY") == [("payments", 3)]
    assert values(asker, "region", level="SPAN", prefix="eu") == [("EU-west", 1), ("eu", 1)]
    assert values(asker, "status") == [("SUCCESS", 3), ("ERROR", 1), ("RUNNING", 1)]
    assert values(asker, "http.status", level="SPAN") == [("502", 1)]
    assert values(asker, "tags") == [("retry", 1)]
    assert values(asker, "nothing", level="EVENT") == []


def test_a_value_found_is_a_value_that_a_filter_finds(asker: Asker) -> None:
    for value, count in values(asker, "serviceName"):
        query = "query($name: String) { spans(filter: {serviceName: {eq: $name}}) { totalCount } }"
        assert asker.ask(query, {"name": value})["spans"]["totalCount"] == count


def test_services_are_summed_up(asker: Asker) -> None:
    found = asker.ask(SERVICES)["services"]
    assert [each["name"] for each in found] == ["payments", "gateway", "orders"]
    assert found[0] == {
        "name": "payments",
        "spanCount": 3,
        "traceCount": 2,
        "errorRate": 1 / 3,
        "p50": 2000.0,
        "p95": 2900.0,
        "lastSeenAt": "2026-01-01T00:00:07Z",
    }
    running = {"status": {"eq": "RUNNING"}}
    (alone,) = asker.ask(SERVICES, {"filter": running})["services"]
    assert (alone["p50"], alone["p95"]) == (None, None)
    assert len(asker.ask(SERVICES, {"first": 2})["services"]) == 2


def test_the_graph_tells_who_calls_whom(asker: Asker) -> None:
    graph = asker.ask(GRAPH)["serviceGraph"]
    assert graph["edges"] == [
        {"from": "orders", "to": "payments", "callCount": 2, "errorRate": 0.5, "p95": 2900.0},
        {"from": "gateway", "to": "orders", "callCount": 1, "errorRate": 0.0, "p95": 4000.0},
    ]
    assert [node["name"] for node in graph["nodes"]] == ["payments", "gateway", "orders"]


def test_a_caller_that_meets_no_filter_is_a_node_without_spans(asker: Asker) -> None:
    graph = asker.ask(GRAPH, {"filter": {"serviceName": {"eq": "payments"}}})["serviceGraph"]
    assert [(edge["from"], edge["to"]) for edge in graph["edges"]] == [("orders", "payments")]
    assert graph["nodes"][1] == {"name": "orders", "spanCount": 0, "errorRate": None, "p95": None}


@pytest.mark.parametrize("query", [FIELDS, SERVICES, GRAPH])
@pytest.mark.parametrize("first", [-1, 1_001])
def test_sizes_have_bounds(asker: Asker, query: str, first: int) -> None:
    assert asker.bad_input(query, {"first": first}) == "first"


@pytest.mark.parametrize(
    ("given", "element"),
    [
        ({"field": "nonsense"}, "field"),
        ({"field": "treeStart"}, "field"),
        ({"field": "/~", "level": "SPAN"}, "field"),
        ({"field": "name", "first": 1_001}, "first"),
        ({"field": "name", "filter": {"name": {"regex": "("}}}, "filter.name.regex"),
    ],
)
def test_what_is_wrong_is_named(asker: Asker, given: dict[str, Any], element: str) -> None:
    assert asker.bad_input(VALUES, given) == element


def test_lists_count_toward_the_cost_of_a_query(asker: Asker) -> None:
    fields = " ".join(f"x{i}: spanFieldValues(field: $field, first: 1000) {{ value }}" for i in range(101))
    limit = "The query could return 101,000 records"
    failure = asker.failure(f"query($field: String!) {{ {fields} }}", {"field": "name"})
    assert limit in failure["message"] or "aliases" in failure["message"]


PAGES = """query($field: String!, $contains: String, $order: FieldValueOrder! = COUNT, $first: Int, $after: String) {
  spanFieldValues(field: $field, contains: $contains, orderBy: $order, first: $first, after: $after) {
    value count cursor } }"""


def pages(asker: Asker, **given: Any) -> list[str]:
    """Return all values of a field, read page by page; a page that is not full is the last."""
    seen: list[str] = []
    after, size = None, 2
    while True:
        page = asker.ask(PAGES, {**given, "first": size, "after": after})["spanFieldValues"]
        seen += [each["value"] for each in page]
        if len(page) < size:
            return seen
        after = page[-1]["cursor"]


def test_values_are_read_page_by_page_in_either_order(asker: Asker) -> None:
    assert pages(asker, field="serviceName") == ["payments", "gateway", "orders"]
    assert pages(asker, field="serviceName", order="VALUE") == ["gateway", "orders", "payments"]
    assert pages(asker, field="serviceName", contains="E") == ["payments", "gateway", "orders"]
    assert pages(asker, field="serviceName", contains="way") == ["gateway"]


def test_a_tenants_ids_are_read_page_by_page_and_searched_without_its_name() -> None:
    asker = Asker()
    asker.service = asker.service.allowed(Access(organization="acme"))
    create = """mutation($spans: [CreateSpanInput!]!) { batchCreateSpans(spans: $spans) { createdCount } }"""
    spans = [{"traceId": f"t{at}", "spanId": "s", "name": "n", "startedAt": "2026-01-01"} for at in range(5)]
    asker.ask(create, {"spans": spans})
    for order in ("COUNT", "VALUE"):
        assert pages(asker, field="traceId", order=order) == ["t0", "t1", "t2", "t3", "t4"]
    assert pages(asker, field="traceId", contains="acme") == []
    assert pages(asker, field="traceId", contains="3") == ["t3"]


@pytest.mark.parametrize("change", [{"field": "name"}, {"contains": "e"}, {"order": "VALUE"}, {"after": "x"}])
def test_a_cursor_of_a_value_belongs_to_its_question(asker: Asker, change: dict[str, Any]) -> None:
    asked = {"field": "serviceName", "first": 1}
    (found,) = asker.ask(PAGES, asked)["spanFieldValues"]
    failure = asker.failure(PAGES, {**asked, "after": found["cursor"], **change})
    assert failure["extensions"]["code"] == "BAD_CURSOR"


def test_all_keys_of_the_store_are_known_and_counted_on_request(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "SAMPLE", 1)

    def keys(arguments: str = "") -> dict[str, int]:
        found = asker.ask(f"{{ spanFields{arguments} {{ name level seenCount }} }}")["spanFields"]
        return {each["name"]: each["seenCount"] for each in found if each["level"]}

    assert keys() == {"http.status": 0, "region": 0, "host": 0}
    assert keys("(exact: true)") == {"region": 2, "http.status": 1, "host": 1}
    assert keys('(filter: {spanId: {in: ["2", "1"]}})') == {}
    assert keys('(filter: {serviceName: {eq: "orders"}}, exact: true)') == {"region": 1}


@pytest.mark.parametrize("selected", ["types", "...Types"])
def test_exact_counts_come_with_types_where_they_are_selected(asker: Asker, selected: str) -> None:
    types = " fragment Types on SpanField { types }" if selected == "...Types" else ""
    found = asker.ask(f"{{ spanFields(exact: true) {{ name level {selected} }} }}{types}")["spanFields"]
    assert {each["name"]: each["types"] for each in found if each["level"]} == {
        "region": ["TEXT"],
        "http.status": ["NUMBER"],
        "host": ["TEXT"],
    }

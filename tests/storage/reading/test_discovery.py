"""What there is to ask about is the same in SQL as in plain Python."""

from dataclasses import replace
from functools import partial
from math import nan
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spanwell.observability.model.columns import Json, Kind
from spanwell.observability.model.span import SPAN_COLUMNS
from spanwell.observability.questions.conditions import ALWAYS, Condition, Level
from spanwell.observability.questions.discovery import FieldsQuery, FieldValue, Reach, Seen, ValuesQuery, span_fields
from spanwell.observability.questions.fields import span_field
from spanwell.observability.questions.services import Service
from spanwell.storage.duckdb.reading.discovering import fields as real
from spanwell.storage.duckdb.reading.discovering import known_keys
from spanwell.storage.reference import discovery
from tests import strategies
from tests.making import at, ended, span
from tests.storage.pair import Pair

SOME = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
TRACE_FIELDS = [f"trace.{column.label}" for column in strategies.ALL_TRACE_COLUMN_DEFS if column.name != "has_root"]
FIELDS = st.sampled_from([*(column.label for column in SPAN_COLUMNS), *TRACE_FIELDS, "agent.name", "agent.tags"]).map(
    span_field
) | st.builds(span_field, strategies.KEYS, st.sampled_from(Level))
QUERIES = st.builds(
    ValuesQuery,
    FIELDS,
    st.integers(0, 4),
    strategies.SPAN_CONDITIONS,
    strategies.TEXTS,
    st.just("") | strategies.TEXTS,
    st.booleans(),
    st.none() | st.builds(FieldValue, strategies.TEXTS, st.integers(0, 3)),
    st.integers(0, 2),
)
CONDITIONS = st.just(ALWAYS) | strategies.SPAN_CONDITIONS


@SOME
@given(strategies.HISTORIES, CONDITIONS)
def test_fields_in_use(pair: Pair, history: list[tuple[str, Any]], condition: Condition) -> None:
    pair.replay(history)
    pair.both("look_for_fields", FieldsQuery(condition, Reach.NEWEST))
    seen = pair.both("look_for_fields", FieldsQuery(condition, Reach.EVERY))
    untyped = pair.both("look_for_fields", FieldsQuery(condition, Reach.EVERY, with_types=False))
    assert untyped == replace(seen, keys=[replace(key, kinds=frozenset()) for key in seen.keys])


def known(seen: Seen) -> dict[Any, Any]:
    return {(each.level, each.is_own, each.key): (each.count, each.kinds) for each in seen.keys}


@settings(SOME, max_examples=15)
@given(strategies.HISTORIES, strategies.HISTORIES, st.integers(1, 3))
def test_all_keys_are_known_as_spans_come_and_go(
    pair: Pair, history: list[tuple[str, Any]], later: list[tuple[str, Any]], at_once: int
) -> None:
    """Beside those that are there, keys of spans that were deleted or changed may be known; these count nothing."""
    query = FieldsQuery(ALWAYS, Reach.KNOWN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(known_keys, "_AT_ONCE", at_once)
        pair.replay(history)
        for step in [None, *later]:
            if step is not None:
                pair.now += 1
                pair.write(*step)
            plain, real = (pair.ask(store, "look_for_fields", query) for store in (pair.plain, pair.real))
            assert real.columns == plain.columns
            there, found = known(plain), known(real)
            assert there.keys() <= found.keys()
            assert all(found[key][0] == count and kinds <= found[key][1] for key, (count, kinds) in there.items())
            assert all(count == 0 for key, (count, _) in found.items() if key not in there)


KNOWN = FieldsQuery(ALWAYS, Reach.KNOWN)


def with_key(trace_id: str, key: str) -> tuple[str, Any]:
    return "create", [ended(trace_id, "s", attributes=strategies.json_text({key: 1}))]


def known_names(pair: Pair) -> set[str]:
    return {key.key for key in pair.ask(pair.real, "look_for_fields", KNOWN).keys}


def test_what_is_not_learnt_in_time_is_learnt_by_the_next_request(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_keys, "_AT_ONCE", 1)
    monkeypatch.setattr(known_keys, "_SECONDS", 0)
    monkeypatch.setattr(real, "SAMPLE", 0)
    pair.replay([with_key(f"t{number}", f"k{number}") for number in range(3)])
    assert [known_names(pair) for _ in range(3)] == [{"k0"}, {"k0", "k1"}, {"k0", "k1", "k2"}]


def test_keys_of_a_store_that_was_cleared_are_forgotten(pair: Pair) -> None:
    pair.replay([with_key("t", "k")])
    assert len(pair.both("look_for_fields", KNOWN).keys) == 1
    pair.replay([])
    assert pair.both("look_for_fields", KNOWN).keys == []


def test_so_many_keys_of_a_tenant_are_known_and_none_of_another(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_keys, "MOST_KEYS", 1)
    pair.replay([("create", [ended("a\x1fb\x1ft", "s", attributes=Json('{"k":[],"l":1}'))]), with_key("t", "k")])
    read = pair.real._learning.keys.read
    for tenant, count in (("a\x1fb\x1f", 1), ("a\x1fc\x1f", 0), ("", 2)):
        found = pair.runner.run(pair.real._readers.search(partial(read, tenant)))
        assert len(found) == count


@SOME
@given(strategies.HISTORIES, st.lists(QUERIES, min_size=10, max_size=10))
def test_values_of_fields(pair: Pair, history: list[tuple[str, Any]], queries: list[ValuesQuery]) -> None:
    pair.replay(history)
    for query in queries:
        pair.both("list_field_values", query)


@SOME
@given(strategies.HISTORIES, CONDITIONS, st.integers(0, 3))
def test_services_and_calls(pair: Pair, history: list[tuple[str, Any]], condition: Condition, size: int) -> None:
    pair.replay(history)
    for most in (100, size):
        plain, real = (pair.ask(store, "list_services", condition, most) for store in (pair.plain, pair.real))
        alike(real, plain)
        plain, real = (pair.ask(store, "get_service_graph", condition, most) for store in (pair.plain, pair.real))
        alike(real.nodes, plain.nodes)
        alike(real.edges, plain.edges)


def alike(real: list[Any], plain: list[Any]) -> None:
    """Assert that services or edges are the same, but for how what lies between two durations is rounded."""
    assert list(map(without_quantiles, real)) == list(map(without_quantiles, plain))
    assert quantiles(real) == pytest.approx(quantiles(plain), 1e-9, 1e-6, nan_ok=True)


def without_quantiles(one: Any) -> Any:
    return replace(one, p50=None, p95=None) if isinstance(one, Service) else replace(one, p95=None)


def quantiles(found: list[Any]) -> list[float]:
    values = [value for each in found for value in (getattr(each, "p50", None), each.p95)]
    return [nan if value is None else value for value in values]


def test_every_hostile_key_is_found_under_a_name_that_addresses_it(pair: Pair) -> None:
    keys = [*strategies.HOSTILE_KEYS, "/slash"]
    document = strategies.json_text(dict.fromkeys(keys, "here"))
    events = strategies.json_text([{"attributes": dict.fromkeys(keys, "there")}, {"attributes": None}, 5])
    pair.replay([("create", [span("t", "s", attributes=document, events=events), span("t", "none")])])
    found = [field for field in span_fields(pair.both("look_for_fields", FieldsQuery())) if field.level is not None]
    assert len(found) == 2 * len(keys)
    for field in found:
        assert (field.kind, field.seen_count) == (Kind.TEXT, 1)
        value = "here" if field.level is Level.SPAN else "there"
        asked = ValuesQuery(span_field(field.name, field.level), 5)
        assert pair.both("list_field_values", asked) == [FieldValue(value, 1)]


def test_a_key_with_values_of_several_kinds_is_json_and_null_is_of_none(pair: Pair) -> None:
    documents = ['{"a":1,"b":null,"c":true,"d":null}', '{"a":"x","b":2.5,"c":false}', '{"a":[],"b":3}', "[1]", '"x"']
    pair.replay([("create", [span("t", str(i), attributes=Json(text)) for i, text in enumerate(documents)])])
    found = span_fields(pair.both("look_for_fields", FieldsQuery()))
    assert [(field.name, field.kind, field.seen_count) for field in found if field.level is Level.SPAN] == [
        ("a", Kind.JSON, 3),
        ("b", Kind.NUMBER, 3),
        ("c", Kind.FLAG, 2),
        ("d", Kind.JSON, 1),
    ]
    seen = {field.name: field.seen_count for field in found if field.level is None}
    assert (seen["attributes"], seen["traceId"], seen["userId"]) == (5, 5, 0)


def test_fields_are_looked_for_in_the_newest_spans_and_in_small_documents(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (discovery, real):
        monkeypatch.setattr(module, "LARGEST_DOCUMENT", 20)
    for module in (discovery, real):
        monkeypatch.setattr(module, "SAMPLE", 2)
    pair.replay(
        [
            (
                "create",
                [
                    span("t", "old", attributes=Json('{"old":1}')),
                    span("t", "large", started_at=at(1), attributes=Json('{"large":"1234567890123"}')),
                    span("t", "new", started_at=at(1), attributes=Json('{"new":1}')),
                ],
            )
        ]
    )
    seen = pair.both("look_for_fields", FieldsQuery())
    assert [each.key for each in seen.keys] == ["new"]
    assert seen.columns["attributes"] == 2


def test_values_are_counted_by_span_begin_in_any_case_and_are_never_long(pair: Pair) -> None:
    pair.replay(
        [
            (
                "create",
                [
                    span("t", "1", tags=["Beta", "beta", "Beta"], name="x" * 1_000),
                    span("t", "2", tags=["beta", "shop"], name="x" * 1_001),
                ],
            )
        ]
    )
    tags = span_field("tags")
    assert pair.both("list_field_values", ValuesQuery(tags, 9)) == [
        FieldValue("beta", 2),
        FieldValue("Beta", 1),
        FieldValue("shop", 1),
    ]
    assert len(pair.both("list_field_values", ValuesQuery(tags, 9, prefix="BE"))) == 2
    assert pair.both("list_field_values", ValuesQuery(tags, 1, prefix="be")) == [FieldValue("beta", 2)]
    assert pair.both("list_field_values", ValuesQuery(span_field("name"), 9)) == [FieldValue("x" * 1_000, 1)]


def test_a_call_is_a_child_of_another_service(pair: Pair) -> None:
    pair.replay(
        [
            (
                "create",
                [
                    ended("t", "1", service_name="web"),
                    ended("t", "2", "1", service_name="web"),
                    ended("t", "3", "2", service_name="db", ended_at=at(3), error_info=Json('"broken"')),
                    ended("t", "4", "2", service_name="db"),
                    ended("t", "5", "1"),
                    ended("t", "6", "5", service_name="lost"),
                ],
            )
        ]
    )
    graph = pair.both("get_service_graph", ALWAYS, 10)
    (edge,) = graph.edges
    assert (edge.caller, edge.called, edge.call_count, edge.error_rate, edge.p95) == ("web", "db", 2, 0.5, 2900.0)
    assert [(node.name, node.span_count, node.error_rate) for node in graph.nodes] == [
        ("db", 2, 0.5),
        ("web", 2, 0.0),
        ("lost", 1, 0.0),
    ]

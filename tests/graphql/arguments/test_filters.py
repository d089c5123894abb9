"""What filters mean."""

from typing import Any

import pytest

from spanwell.observability.model.columns import Json, Kind, Nanos
from spanwell.observability.model.span import SpanKind, SpanStatus
from spanwell.observability.questions.conditions import (
    ALWAYS,
    AllOf,
    AnyOf,
    Attribute,
    Compare,
    CountSpans,
    HasSpan,
    Level,
    Not,
    Op,
    Related,
    Relation,
    Search,
)
from tests.graphql.asking import Asker
from tests.making import START, at, ended, span

SPANS = "query($filter: SpanFilter) { spans(filter: $filter) { nodes { spanId } } }"
TRACES = "query($filter: TraceFilter) { traces(filter: $filter) { nodes { traceId } } }"
MOMENT = "2026-01-01T00:00:00Z"


def asked_of_spans(given: Any) -> Any:
    """Return the condition that a filter becomes, without the groups of one part that it is wrapped in."""
    asker = Asker()
    asker.ask(SPANS, {"filter": given})
    query = asker.storage.calls[0].query
    assert query is not None
    return plain(query.where)


def asked_of_traces(given: Any) -> Any:
    asker = Asker()
    asker.ask(TRACES, {"filter": given})
    query = asker.storage.calls[0].query
    assert query is not None
    return plain(query.where)


def plain(condition: Any) -> Any:
    """Take groups apart that say nothing: (x) is x, and an and within an and is one."""
    match condition:
        case AllOf(parts):
            flat: list[Any] = []
            for part in map(plain, parts):
                flat += part.parts if isinstance(part, AllOf) else [part]
            return flat[0] if len(flat) == 1 else AllOf(tuple(flat))
        case AnyOf(parts):
            return AnyOf(tuple(map(plain, parts)))
        case Not(part):
            return Not(plain(part))
        case Related(relation, where):
            return Related(relation, plain(where))
        case HasSpan(where):
            return HasSpan(plain(where))
        case CountSpans(where, op, value):
            return CountSpans(plain(where), op, value)
        case _:
            return condition


OPERATORS = [
    ("name", "eq", "x", Op.EQ, "x"),
    ("name", "in", ["x", "y"], Op.IN, ("x", "y")),
    ("name", "in", [], Op.IN, ()),
    ("name", "contains", "%", Op.CONTAINS, "%"),
    ("name", "startsWith", "", Op.STARTS_WITH, ""),
    ("name", "endsWith", "x", Op.ENDS_WITH, "x"),
    ("name", "iContains", "X", Op.I_CONTAINS, "X"),
    ("name", "regex", "^a.b$", Op.REGEX, "^a.b$"),
    ("userId", "isNull", True, Op.IS_NULL, True),
    ("userId", "isNull", False, Op.IS_NULL, False),
    ("startedAt", "eq", MOMENT, Op.EQ, START),
    ("startedAt", "gt", MOMENT, Op.GT, START),
    ("startedAt", "gte", "2026-01-01T01:00:00+01:00", Op.GTE, START),
    ("endedAt", "lt", MOMENT, Op.LT, START),
    ("endedAt", "lte", "2026-01-01T00:00:00.000000001Z", Op.LTE, Nanos(START + 1)),
    ("endedAt", "isNull", True, Op.IS_NULL, True),
    ("inputTokens", "eq", 0, Op.EQ, 0),
    ("inputTokens", "in", [1, 2], Op.IN, (1, 2)),
    ("totalTokens", "gt", 2**31 - 1, Op.GT, 2**31 - 1),
    ("costUsd", "gte", 0.5, Op.GTE, 0.5),
    ("durationMs", "lt", 1, Op.LT, 1.0),
    ("durationMs", "lte", 1e300, Op.LTE, 1e300),
    ("durationMs", "in", [1.5], Op.IN, (1.5,)),
    ("isRoot", "eq", False, Op.EQ, False),
    ("isEvent", "eq", True, Op.EQ, True),
    ("status", "eq", "ERROR", Op.EQ, SpanStatus.ERROR),
    ("status", "in", ["ERROR", "RUNNING"], Op.IN, (SpanStatus.ERROR, SpanStatus.RUNNING)),
    ("kind", "eq", "CLIENT", Op.EQ, SpanKind.CLIENT),
    ("kind", "isNull", True, Op.IS_NULL, True),
    ("tags", "all", ["a", "b"], Op.ALL, ("a", "b")),
    ("tags", "any", [], Op.ANY, ()),
    ("tags", "isEmpty", False, Op.IS_EMPTY, False),
    ("input", "isNull", False, Op.IS_NULL, False),
    ("input", "eq", {"b": [1, None]}, Op.EQ, Json('{"b":[1,null]}')),
    ("traceId", "eq", "t", Op.EQ, "t"),
]
NEGATIONS = [
    ("name", "ne", "x", Op.EQ, "x"),
    ("name", "notIn", ["x"], Op.IN, ("x",)),
    ("inputTokens", "ne", -1, Op.EQ, -1),
    ("status", "ne", "ERROR", Op.EQ, SpanStatus.ERROR),
    ("status", "notIn", ["ERROR"], Op.IN, (SpanStatus.ERROR,)),
    ("tags", "none", ["a"], Op.ANY, ("a",)),
]


@pytest.mark.parametrize(("field", "operator", "value", "op", "asked"), OPERATORS)
def test_an_operator_compares_its_column(field: str, operator: str, value: Any, op: Op, asked: object) -> None:
    condition = asked_of_spans({field: {operator: value}})
    assert isinstance(condition, Compare)
    assert (condition.op, condition.value, type(condition.value)) == (op, asked, type(asked))
    assert condition.column == "".join(f"_{c.lower()}" if c.isupper() else c for c in field)


@pytest.mark.parametrize(("field", "operator", "value", "op", "asked"), NEGATIONS)
def test_a_negating_operator_is_the_negation_of_another(
    field: str, operator: str, value: Any, op: Op, asked: object
) -> None:
    condition = asked_of_spans({field: {operator: value}})
    assert isinstance(condition, Not)
    assert isinstance(condition.part, Compare)
    assert (condition.part.op, condition.part.value) == (op, asked)


@pytest.mark.parametrize(("field", "operator", "value"), [case[:3] for case in (*OPERATORS, *NEGATIONS)])
def test_a_trace_is_asked_in_the_same_words(field: str, operator: str, value: Any) -> None:
    assert asked_of_traces({field: {operator: value}}) == asked_of_spans({field: {operator: value}})


@pytest.mark.parametrize("given", [None, {}, {"name": None}, {"name": {}}, {"name": {"eq": None}}, {"and": None}])
def test_what_is_empty_or_null_is_no_condition(given: Any) -> None:
    assert asked_of_spans(given) == ALWAYS
    assert asked_of_traces(given) == ALWAYS


@pytest.mark.parametrize("given", [{"or": None}, {"not": None}, {"and": []}, {"attributes": []}, {"search": None}])
def test_logic_without_parts_is_no_condition(given: Any) -> None:
    assert asked_of_spans(given) == ALWAYS


def test_an_empty_or_is_never_true_and_its_negation_always() -> None:
    assert asked_of_spans({"or": []}) == AnyOf()
    asker = Asker(span("t", "a"))
    assert asker.ask(SPANS, {"filter": {"or": []}})["spans"]["nodes"] == []
    assert asker.ask(SPANS, {"filter": {"not": {"or": []}}})["spans"]["nodes"] == [{"spanId": "a"}]
    assert asker.ask(SPANS, {"filter": {"or": [{}]}})["spans"]["nodes"] == [{"spanId": "a"}]
    assert asker.ask(SPANS, {"filter": {"not": {}}})["spans"]["nodes"] == []


def test_a_null_in_a_negation_does_not_turn_it_around() -> None:
    """`not: {name: {eq: null}}` negates a filter without conditions, as `not: {}` does."""
    assert asked_of_spans({"not": {"name": {"eq": None}}}) == asked_of_spans({"not": {}}) == Not(ALWAYS)


def test_everything_given_must_hold() -> None:
    condition = asked_of_spans(
        {"name": {"eq": "x", "ne": "y"}, "status": {"eq": "ERROR"}, "not": {"type": {"eq": "z"}}}
    )
    assert isinstance(condition, AllOf)
    assert set(condition.parts) == {
        Compare("name", Op.EQ, "x"),
        Not(Compare("name", Op.EQ, "y")),
        Compare("status", Op.EQ, SpanStatus.ERROR),
        Not(Compare("type", Op.EQ, "z")),
    }


def test_logic_nests() -> None:
    x, y = {"name": {"eq": "x"}}, {"name": {"eq": "y"}}
    is_x, is_y = Compare("name", Op.EQ, "x"), Compare("name", Op.EQ, "y")
    assert asked_of_spans({"or": [x, {"and": [y, {"not": x}]}]}) == AnyOf((is_x, AllOf((is_y, Not(is_x)))))


def test_a_single_filter_stands_for_a_list_of_one() -> None:
    assert asked_of_spans({"or": {"name": {"eq": "x"}}}) == AnyOf((Compare("name", Op.EQ, "x"),))


def test_literals_mean_what_variables_mean() -> None:
    asker = Asker()
    asker.ask(
        '{ spans(filter: {or: [{name: {in: ["x"]}}, {kind: {eq: CLIENT}}], startedAt: {gt: "2026-01-01T00:00:00Z"}}) '
        "{ nodes { name } } }"
    )
    by_literal = asker.storage.calls[0].query
    assert by_literal is not None
    assert plain(by_literal.where) == asked_of_spans(
        {"or": [{"name": {"in": ["x"]}}, {"kind": {"eq": "CLIENT"}}], "startedAt": {"gt": MOMENT}}
    )


def test_a_variable_that_is_absent_is_no_condition() -> None:
    query = "query($name: String) { spans(filter: {name: {eq: $name}}) { nodes { spanId } } }"
    assert Asker(span("t", "a")).ask(query)["spans"]["nodes"] == [{"spanId": "a"}]


def test_attributes_are_asked_by_flat_key_or_pointer_and_are_strict_about_types() -> None:
    given = {
        "attributes": [{"key": "a.b", "string": {"eq": "5"}}, {"key": "/a/b", "level": "OUTPUT", "number": {"gt": 5}}]
    }
    assert asked_of_spans(given) == AllOf(
        (
            Compare(Attribute(Level.SPAN, "/a.b", Kind.TEXT), Op.EQ, "5"),
            Compare(Attribute(Level.OUTPUT, "/a/b", Kind.NUMBER), Op.GT, 5.0),
        )
    )


@pytest.mark.parametrize(("given", "absent"), [({}, False), ({"exists": True}, False), ({"exists": False}, True)])
def test_an_attribute_without_a_test_has_to_be_there(given: dict[str, Any], absent: object) -> None:
    wanted = Compare(Attribute(Level.SPAN, "/k", Kind.JSON), Op.IS_NULL, absent)
    assert asked_of_spans({"attributes": [{"key": "k", **given}]}) == wanted


def test_null_tests_of_an_attribute_are_absent() -> None:
    wanted = Compare(Attribute(Level.SPAN, "/k", Kind.JSON), Op.IS_NULL, value=False)
    given = {"key": "k", "string": None, "number": None, "exists": None}
    assert asked_of_spans({"attributes": [given]}) == wanted


def test_search_and_structure_become_conditions() -> None:
    x = Compare("name", Op.EQ, "x")
    assert asked_of_spans({"search": "needle"}) == Search("needle")
    for relation in Relation:
        given = {relation.value: {"some": {"name": {"eq": "x"}}}}
        assert asked_of_spans(given) == Related(relation, x)
        given = {relation.value: {"none": {"name": {"eq": "x"}}}}
        assert asked_of_spans(given) == Not(Related(relation, x))


def test_a_span_is_found_by_its_trace() -> None:
    asker = Asker(span("t", "root", user_id="ann"), span("t", "child", "root"), span("u", "other"))
    found = asker.ask(SPANS, {"filter": {"isRoot": {"eq": False}, "trace": {"userId": {"eq": "ann"}}}})
    assert found == {"spans": {"nodes": [{"spanId": "child"}]}}


def test_spans_of_a_trace_are_asked_about() -> None:
    x = Compare("name", Op.EQ, "x")
    where = {"name": {"eq": "x"}}
    assert asked_of_traces({"spans": {"some": where}}) == HasSpan(x)
    assert asked_of_traces({"spans": {"none": where}}) == Not(HasSpan(x))
    assert asked_of_traces({"spans": {"every": where}}) == Not(HasSpan(Not(x)))
    assert asked_of_traces({"spans": {"count": {"where": where, "is": {"gte": 2}}}}) == CountSpans(x, Op.GTE, 2)
    assert asked_of_traces({"spans": {"count": {"is": {"eq": 1}}}}) == CountSpans(ALWAYS, Op.EQ, 1)


def test_a_count_is_never_absent() -> None:
    asker = Asker(span("t", "a"))
    for is_null, found in ((True, []), (False, [{"traceId": "t"}])):
        assert (
            asker.ask(TRACES, {"filter": {"spans": {"count": {"is": {"isNull": is_null}}}}})["traces"]["nodes"] == found
        )


def test_a_trace_is_found_by_its_own_columns_and_by_those_of_its_root() -> None:
    asker = Asker(
        ended("t1", "root", user_id="ada", service_name="web"),
        span("t1", "child", "root", user_id="bob", service_name="db", ended_at=at(3), error_info=Json('"x"')),
        ended("t2", "only", user_id="bob", service_name="web"),
    )

    def found(given: Any) -> list[str]:
        return [node["traceId"] for node in asker.ask(TRACES, {"filter": given})["traces"]["nodes"]]

    assert found({"userId": {"eq": "bob"}}) == ["t2"]
    assert found({"status": {"eq": "ERROR"}}) == []
    assert found({"hasError": {"eq": True}}) == ["t1"]
    assert found({"durationMs": {"gt": 2000}}) == ["t1"]
    assert found({"spanCount": {"eq": 1}}) == ["t2"]
    assert found({"services": {"all": ["db", "web"]}}) == ["t1"]
    assert found({"spans": {"some": {"userId": {"eq": "bob"}}}}) == ["t1", "t2"]

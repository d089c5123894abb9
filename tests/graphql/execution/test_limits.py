import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from graphql import parse

from spanwell.graphql.execution.cost import costs_of
from spanwell.graphql.execution.documents import Documents
from spanwell.graphql.execution.executor import Execution
from spanwell.graphql.execution.failures import Refused
from spanwell.graphql.execution.limits import (
    SATURATED,
    QueryLimits,
    QueryTooComplex,
    check_size,
    count_values,
    operations_of,
)
from spanwell.graphql.execution.prepared import GraphQLRequest
from tests.graphql.documents import HOSTILE, INTROSPECTION, TOY, fan_out, nested
from tests.timing import takes_at_most


def check(query: str, **limits: int) -> None:
    check_size(parse(query), QueryLimits(**limits))


def cost(query: str, variables: Mapping[str, Any] | None = None) -> int:
    document = parse(query)
    return costs_of(document, TOY).of(operations_of(document)[0], variables or {}).records


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_documents_are_refused_quickly_and_briefly(query: str) -> None:
    # At most 60 ms on an idle machine. The bound leaves room for coverage and slow machines; what it must catch takes
    # many seconds.
    with takes_at_most(3), pytest.raises(Refused) as caught:
        Execution(TOY).prepare(GraphQLRequest(query))
    assert len(str(caught.value.failures)) < 2_000


@pytest.mark.parametrize(
    ("query", "limits", "sentence"),
    [
        (nested(3), {"depth": 5}, "nests fields 6 levels deep; at most 5 are allowed"),
        ("{ ok ok ok }", {"fields": 2}, "selects 3 fields; at most 2 are allowed"),
        ("{ a: ok b: ok }", {"aliases": 1}, "uses 2 aliases; at most 1 are allowed"),
        ("query @a { ok @b }", {"directives": 1}, "uses 2 directives"),
        ("query ($v: Int @a) { ...F } fragment F on Query @b { ok }", {"directives": 1}, "uses 2 directives"),
        ("{ ok ... { ok } ...F } fragment F on Query { ok }", {"root_fields": 2}, "selects 3 fields at its root"),
        ("query A { ok } query B { ok }", {"operations": 1}, "holds 2 operations"),
        (fan_out(90), {}, "selects more than 1,000,000,000 fields; at most 2,000 are allowed"),
        (f"{{ ...A }} fragment A on Query {'{ ok ' * 101 + '}' * 101}", {}, "more than 100 levels deep"),
    ],
)
def test_a_refusal_says_what_was_measured_and_what_is_allowed(
    query: str, limits: dict[str, int], sentence: str
) -> None:
    with pytest.raises(QueryTooComplex, match=re.escape(sentence)):
        check(query, **limits)


@pytest.mark.parametrize(
    ("query", "limits"),
    [
        (nested(2), {"depth": 5}),
        ("{ ok ok }", {"fields": 2}),
        ("{ a: ok }", {"aliases": 1}),
        ("query A { a: ok } query B { b: ok }", {"aliases": 1, "operations": 2}),
        ("{ spans { totalCount } ...F } fragment F on Query { ok }", {"root_fields": 2}),
    ],
)
def test_limits_themselves_are_allowed(query: str, limits: dict[str, int]) -> None:
    check(query, **limits)


@pytest.mark.parametrize("query", [INTROSPECTION, "{ ok __typename }", nested(17)])
def test_ordinary_documents_pass(query: str) -> None:
    """The question that GraphiQL asks at its start is among them."""
    Documents(TOY, QueryLimits()).get(query)


def test_a_document_is_measured_in_time_that_grows_with_its_text() -> None:
    document = parse(fan_out(90))
    with takes_at_most(1), pytest.raises(QueryTooComplex):
        check_size(document, QueryLimits())


@pytest.mark.parametrize(
    ("query", "variables", "records"),
    [
        ("{ ok }", {}, 0),
        ("{ traces { totalCount } }", {}, 50),
        ("{ spans { totalCount } }", {}, 7),
        ("{ traces(first: 3) { nodes { id } } }", {}, 3),
        ("{ traces(last: 4) { nodes { id } } }", {}, 4),
        ("{ traces(first: 3, last: 4) { nodes { id } } }", {}, 4),
        ("{ traces(first: null) { nodes { id } } }", {}, 50),
        ("{ traces(first: -1) { nodes { id } } }", {}, 0),
        ("{ traces(first: 2147483647) { nodes { id } } }", {}, 10_000),
        ("{ traces(first: 10) a: traces(first: 20) { nodes { id } } }", {}, 30),
        ("{ traces(first: 100) { nodes { spans(first: 1000) { totalCount } } } }", {}, 100 + 100 * 1000),
        ("{ traces(first: 2) { nodes { ...F } } } fragment F on Trace { spans(first: 3) { totalCount } }", {}, 8),
        ("{ traces(first: 2) { nodes { ... { ... on Trace { spans(first: 3) { totalCount } } } } } }", {}, 8),
        ("{ node(id: 1) { ... on Trace { spans(first: 3) { totalCount } } } }", {}, 3),
        ("{ nodes(ids: [1, 2]) { ... on Trace { spans(first: 3) { totalCount } } } }", {}, 8),
        ("query ($i: [ID!]!) { nodes(ids: $i) { ... on Trace { spans(first: 3) { id } } } }", {"i": ["1"] * 9}, 36),
        ("query ($n: Int) { traces(first: $n) { totalCount } }", {}, 50),
        ("query ($n: Int) { traces(first: $n) { totalCount } }", {"n": None}, 50),
        ("query ($n: Int) { traces(first: $n) { totalCount } }", {"n": 900}, 900),
        ("query ($n: Int) { traces(first: $n) { totalCount } }", {"n": 10**30}, 10_000),
        ("query ($n: Int) { traces(first: $n) { totalCount } }", {"n": "many"}, 50),
        ("query ($n: Int = 30) { traces(first: $n) { totalCount } }", {}, 30),
        ("query ($n: Int = 30) { traces(first: $n) { totalCount } }", {"n": 31}, 31),
        ("{ traces(first: 5) @include(if: false) { totalCount } }", {}, 5),
        ("{ traces(first: 5) @skip(if: true) { totalCount } }", {}, 5),
    ],
)
def test_cost_is_the_number_of_records_that_pages_add_up_to(
    query: str, variables: dict[str, Any], records: int
) -> None:
    """What `@skip` and `@include` leave out counts as well."""
    assert cost(query, variables) == records


def test_cost_of_repeated_fragments_is_summed_without_walking_them_again() -> None:
    query = fan_out(60).replace("a: ok", "traces(first: 10) { totalCount }")
    with takes_at_most(1):
        assert cost(query) == SATURATED


def test_introspection_can_be_switched_off_and_suggestions_with_it() -> None:
    documents = Documents(TOY, QueryLimits(), introspection=False)
    for query in ("{ __schema { description } }", '{ __type(name: "Span") { name } }'):
        with pytest.raises(Refused, match="introspection"):
            documents.get(query)
    with pytest.raises(Refused) as hidden:
        documents.get("{ tracez { totalCount } }")
    with pytest.raises(Refused) as shown:
        Documents(TOY, QueryLimits()).get("{ tracez { totalCount } }")
    assert "Did you mean" not in str(hidden.value)
    assert "Did you mean 'trace' or 'traces'" in str(shown.value)
    documents.get("{ __typename }")


def test_a_query_with_too_large_a_filter_in_its_variables_is_refused_before_it_is_read() -> None:
    execution = Execution(TOY)
    query = "{ ok }"
    assert count_values({"f": [{"a": [{}] * 900}]}, 1_000, 1_000) == (901, 901)
    wide: Any = [{}] * 1_001
    deep: Any = {}
    for _ in range(5_000):
        deep = {"not": deep}
    for given in (wide, deep):
        with pytest.raises(Refused) as refused:
            execution.prepare(GraphQLRequest(query, None, {"f": given}))
        assert refused.value.failures[0]["extensions"]["code"] == "QUERY_TOO_COMPLEX"
        assert "has variables with" in refused.value.failures[0]["message"]


def test_a_mutation_may_carry_as_many_spans_as_a_batch_holds() -> None:
    spans = [{"traceId": "t"}] * 10_000
    query = "mutation($spans: [SpanInput!]!) { create(spans: $spans) }"
    assert Execution(TOY).prepare(GraphQLRequest(query, None, {"spans": spans})).operation_type.value == "mutation"


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"ids": ["a"] * 20_001}, "20,001 values in lists"),
        ({"ids": [["a"] * 12_000, ["b"] * 12_000]}, "values in lists"),
        ({"text": "x" * (1024 * 1024)}, "bytes"),
    ],
)
def test_a_query_takes_no_more_values_than_anyone_asks_with(variables: Mapping[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        Execution(TOY).prepare(GraphQLRequest("{ __typename }", variables=json.dumps(variables).encode()))


def test_a_mutation_takes_no_longer_lists_than_a_batch_may_be() -> None:
    request = GraphQLRequest("mutation { __typename }", variables=b'{"spans": [1, 2, 3]}')
    with pytest.raises(Refused, match="`spans` has 3 elements; a batch can have at most 2"):
        Execution(TOY, limits=QueryLimits(batch=2)).prepare(request)
    Execution(TOY, limits=QueryLimits(batch=3)).prepare(request)


def test_the_whole_schema_is_answered_a_few_times_in_a_request() -> None:
    some = " ".join(f"a{number}: __schema {{ description }}" for number in range(3))
    assert cost(f"{{ {some} }}") == 90_000
    with pytest.raises(Refused, match="120,000 records"):
        Execution(TOY).prepare(GraphQLRequest(f"{{ {some} b: __schema {{ description }} }}"))

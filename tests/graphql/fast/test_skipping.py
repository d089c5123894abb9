"""A batch with one bad record costs that record alone, if the client says so."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwell.graphql.execution.executor import Execution
from spanwell.graphql.execution.failures import Refused
from spanwell.graphql.execution.prepared import GraphQLRequest
from spanwell.graphql.fast.batch_decoding import LIST_INPUTS
from spanwell.graphql.library import core_schema
from spanwell.graphql.resolvers.context import Context
from spanwell.graphql.schema import schema
from spanwell.observability.access import Access, Scope
from spanwell.observability.model.text import REPLACED
from tests.graphql.asking import Asker
from tests.making import span

GOOD = {"traceId": "t", "spanId": "a", "name": "n", "startedAt": "2026-01-01T00:00:00Z"}
BATCH = [
    GOOD,
    {**GOOD, "spanId": ""},
    {**GOOD, "spanId": "c", "startedAt": "soon"},
    {**GOOD, "spanId": "d", "name": 5},
    {"traceId": "t", "spanId": "e"},
    {**GOOD, "nmae": 1},
    7,
    {**GOOD, "spanId": "z"},
]
CREATE = """mutation ($spans: [CreateSpanInput!]!, $on: OnInvalid!) {
  batchCreateSpans(spans: $spans, onInvalid: $on) { createdCount skipped { index traceId spanId reason } }
}"""
UPDATE = """mutation ($updates: [UpdateSpanInput!]!) {
  batchUpdateSpans(updates: $updates, onInvalid: SKIP) {
    updatedCount notFound { index spanId } skipped { index spanId reason }
  }
}"""


def ask(asker: Asker, query: str, variables: dict[str, Any]) -> Any:
    """Ask with variables as the text that a body holds."""
    execution = Execution(core_schema(schema), list_inputs=LIST_INPUTS)
    prepared = execution.prepare(GraphQLRequest(query, variables=json.dumps(variables).encode()))
    answer = asyncio.run(execution.execute(prepared, Context(asker.service)))
    assert answer.failures == []
    return json.loads(answer.json)["data"]


def test_bad_elements_are_skipped_and_named() -> None:
    asker = Asker()
    done = ask(asker, CREATE, {"spans": BATCH, "on": "SKIP"})["batchCreateSpans"]
    assert done["createdCount"] == 2
    assert [(each["index"], each["spanId"], each["reason"]) for each in done["skipped"]] == [
        (1, "", "`spanId` must not be empty."),
        (2, "c", "`startedAt` is not an RFC 3339 date and time such as `2026-01-31T09:30:00.25Z`."),
        (3, "d", "`name` is not of type `String!`."),
        (4, "e", "`name` is missing."),
        (5, "a", "`nmae` is not a field of it."),
        (6, None, "The value is not an object."),
    ]


def test_without_being_told_so_nothing_of_a_bad_batch_is_stored() -> None:
    asker = Asker()
    with pytest.raises(Refused):
        ask(asker, CREATE, {"spans": BATCH, "on": "REJECT_BATCH"})
    with pytest.raises(Refused):
        ask(asker, CREATE, {"spans": [GOOD], "on": "OTHER"})
    assert asker.storage.find(("t", "a")) is None


def test_updates_are_skipped_beside_those_that_find_no_span() -> None:
    asker = Asker(span("t", "a"), span("t", "b"))
    key = {"traceId": "t", "spanId": "a"}
    updates = [
        {**key, "name": None},
        {**key, "startedAt": "1"},
        {**key, "spanId": "x"},
        {**key, "name": "m"},
        {**key, "a": 1},
    ]
    done = ask(asker, UPDATE, {"updates": updates})["batchUpdateSpans"]
    assert (done["updatedCount"], done["notFound"]) == (1, [{"index": 2, "spanId": "x"}])
    assert [(each["index"], each["reason"]) for each in done["skipped"]] == [
        (0, "`name` cannot be cleared."),
        (1, "`startedAt` is not an RFC 3339 date and time such as `2026-01-31T09:30:00.25Z`."),
        (4, "`a` is not a field of it."),
    ]


def test_a_batch_within_the_document_is_skipped_by_its_meaning() -> None:
    create = """mutation { batchCreateSpans(onInvalid: SKIP, spans: [
      {traceId: "t", spanId: "", name: "n", startedAt: "2026-01-01"},
      {traceId: "t", spanId: "s", name: "n", startedAt: "2026-01-01"}
    ]) { createdCount skipped { index } } }"""
    assert Asker().ask(create)["batchCreateSpans"] == {"createdCount": 1, "skipped": [{"index": 0}]}
    only_bad = (
        "mutation { batchCreateSpans(onInvalid: SKIP, spans: []) { createdCount updatedCount skipped { index } } }"
    )
    assert Asker().ask(only_bad)["batchCreateSpans"] == {"createdCount": 0, "updatedCount": 0, "skipped": []}


@pytest.mark.parametrize(
    ("query", "variables"),
    [(CREATE, {"spans": [GOOD], "on": "SKIP"}), (UPDATE, {"updates": [{"traceId": "t", "spanId": "a", "name": "m"}]})],
)
def test_skipping_needs_the_same_scopes_as_any_write(query: str, variables: dict[str, Any]) -> None:
    asker = Asker()
    asker.service = asker.service.allowed(Access.of((Scope.READ,)))
    assert asker.failure(query, variables)["extensions"]["code"] == "FORBIDDEN"
    assert asker.storage.find(("t", "a")) is None


WRONG: dict[str, list[Any]] = {
    "name": [5, True, None, [], {}],
    "traceId": ["", None, 1.5, True, [], "x" * 200],
    "spanId": ["", {"a": 1}, 2.5],
    "startedAt": ["soon", "2026-02-30T00:00:00Z", None, True, [], "1600-01-01T00:00:00Z", 1e300],
    "endedAt": ["late", {}, "2026-01-01T25:00:00Z"],
    "kind": ["SIDEWAYS", 1, "server", []],
    "isEvent": ["true", 1, 0.0],
    "tags": [[1], "a", [None], {"a": 1}, ["a", ["b"]]],
    "userId": [1, False, ["u"]],
    "nmae": [1, None],
    "status": ["ERROR"],
}
FIELDS = [(name, value) for name, values in WRONG.items() for value in values]


@pytest.mark.parametrize(("name", "value"), FIELDS)
def test_an_element_that_is_refused_alone_is_skipped_and_any_other_is_stored(name: str, value: Any) -> None:
    """What is wrong is not listed here: a batch of that element alone says so."""
    bad = {**GOOD, "spanId": "b", name: value}
    refused = not stored_alone(Asker(), bad)
    asker = Asker()
    done = ask(asker, CREATE, {"spans": [GOOD, bad, {**GOOD, "spanId": "z"}], "on": "SKIP"})["batchCreateSpans"]
    assert done["createdCount"] == 3 - refused
    assert [each["index"] for each in done["skipped"]] == [1] * refused
    assert all(f"`{name}" in each["reason"] for each in done["skipped"])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from(FIELDS)), max_size=6))
def test_a_batch_that_skips_stores_what_its_elements_would_store_one_by_one(batch: list[Any]) -> None:
    elements = [
        {**GOOD, "spanId": f"s{at}", **({name: value} if wrong else {})}
        for at, (wrong, (name, value)) in enumerate(batch)
    ]
    together, alone = Asker(), Asker()
    skipped = ask(together, CREATE, {"spans": elements, "on": "SKIP"})["batchCreateSpans"]["skipped"]
    refused = [at for at, element in enumerate(elements) if not stored_alone(alone, element)]
    assert [each["index"] for each in skipped] == refused
    assert together.ask(NAMES) == alone.ask(NAMES)


NAMES = "{ spans(orderBy: [{field: NAME}]) { nodes { traceId spanId name startedAt endedAt kind tags userId } } }"


def stored_alone(asker: Asker, element: Any) -> bool:
    try:
        ask(asker, CREATE, {"spans": [element], "on": "REJECT_BATCH"})
    except (Refused, AssertionError):
        return False
    return True


def test_values_that_only_graphql_core_reads_are_stored_as_well() -> None:
    """Numbers for ids and epoch milliseconds are no mistakes, and a list that is not one is a list of one."""
    asker = Asker()
    odd = {"traceId": 7, "spanId": "s", "name": "n", "startedAt": 1_767_225_600_000}
    assert ask(asker, CREATE, {"spans": [odd, {}], "on": "SKIP"})["batchCreateSpans"]["createdCount"] == 1
    assert ask(asker, CREATE, {"spans": GOOD, "on": "SKIP"})["batchCreateSpans"]["createdCount"] == 1
    assert ask(asker, CREATE, {"spans": 7, "on": "SKIP"})["batchCreateSpans"]["skipped"][0]["index"] == 0
    found = asker.ask("{ spans { nodes { traceId startedAt } } }")["spans"]["nodes"]
    assert {"traceId": "7", "startedAt": "2026-01-01T00:00:00Z"} in found


SPREAD = """mutation ($spans: [CreateSpanInput!]!, $on: OnInvalid! = SKIP) { ...batch }
fragment batch on Mutation { ... { batchCreateSpans(spans: $spans, onInvalid: $on) { skipped { index } } } }"""


def test_skipping_may_be_said_by_a_default_and_in_a_fragment() -> None:
    assert ask(Asker(), SPREAD, {"spans": [GOOD, 7]})["batchCreateSpans"]["skipped"] == [{"index": 1}]
    with pytest.raises(Refused):
        ask(Asker(), SPREAD, {"spans": [GOOD, 7], "on": "REJECT_BATCH"})


def test_a_batch_that_is_too_long_is_refused_before_its_elements_are_read() -> None:
    with pytest.raises(Refused) as refusal:
        ask(Asker(), CREATE, {"spans": [7] * 10_001, "on": "SKIP"})
    assert refusal.value.failures[0]["extensions"]["element"] == "spans"


def test_text_that_is_none_is_repaired_in_what_is_not_skipped() -> None:
    body = json.dumps({"spans": [7, {**GOOD, "name": "a\ud800"}], "on": "SKIP"}).encode()
    asker = Asker()
    execution = Execution(core_schema(schema), list_inputs=LIST_INPUTS)
    asyncio.run(execution.execute(execution.prepare(GraphQLRequest(CREATE, variables=body)), Context(asker.service)))
    (found,) = asker.ask("{ spans { nodes { name } } }")["spans"]["nodes"]
    assert found["name"] == f"a{REPLACED}"

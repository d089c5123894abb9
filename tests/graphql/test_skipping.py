"""A batch with one bad record costs that record alone, if the client says so."""

import asyncio
import json
from typing import Any

import pytest

from spanwell.graphql.execution.executor import Execution, GraphQLRequest
from spanwell.graphql.execution.failures import Refused
from spanwell.graphql.fast.batch_decoding import LIST_INPUTS
from spanwell.graphql.library import core_schema
from spanwell.graphql.resolvers.context import Context
from spanwell.graphql.schema import schema
from spanwell.observability.access import Access, Scope
from tests.making import span

from .asking import Asker

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
        (1, "", "`spanId` may not be empty."),
        (2, "c", "The value is not a date and time of RFC 3339, such as `2026-01-31T09:30:00.25Z`."),
        (3, "d", "`name` has a value of the wrong type."),
        (4, "e", "`name` is missing."),
        (5, "a", "`nmae` is no field of it."),
        (6, None, "It is not an object of the right fields."),
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
        {**key, "startedAt": 1},
        {**key, "spanId": "x"},
        {**key, "name": "m"},
        {**key, "a": 1},
    ]
    done = ask(asker, UPDATE, {"updates": updates})["batchUpdateSpans"]
    assert (done["updatedCount"], done["notFound"]) == (1, [{"index": 2, "spanId": "x"}])
    assert [(each["index"], each["reason"]) for each in done["skipped"]] == [
        (0, "`name` cannot be cleared."),
        (1, "`startedAt` has a value of the wrong type."),
        (4, "`a` is no field of it."),
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

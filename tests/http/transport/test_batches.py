"""Batches over HTTP with elements that are wrong: each mutation names them, whatever becomes of the others."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.http.clients import Client, client_of, make_app

AT = "2026-01-01T00:00:00Z"
SPAN = {"traceId": "t", "spanId": "a", "name": "n", "startedAt": AT}
SCORE = {"scoreId": "1", "traceId": "t", "name": "relevancy", "timestamp": AT, "value": 0.5}
FEEDBACK = {"feedbackId": "1", "traceId": "t", "name": "thumbs", "timestamp": AT}
SPANS: list[Any] = [
    *({**SPAN, "name": 5}, {**SPAN, "name": None}, {"traceId": "t", "spanId": "x"}, {**SPAN, "kind": "SIDEWAYS"}),
    *({**SPAN, "startedAt": "soon"}, {**SPAN, "tags": [1]}, {**SPAN, "isEvent": "yes"}, {**SPAN, "x": 1}, None, "s"),
]
SCORES: list[Any] = [
    *({**SCORE, "value": "high"}, {**SCORE, "name": None}, {"scoreId": "x"}, {**SCORE, "timestamp": "soon"}),
    *({**SCORE, "booleanValue": 1}, {**SCORE, "scoreId": ""}, {**SCORE, "nmae": 1}, None, []),
]
MUTATIONS: dict[str, tuple[str, str, dict[str, Any], list[Any]]] = {
    "batchCreateSpans": ("spans", "CreateSpanInput", SPAN, SPANS),
    "batchUpdateSpans": (
        "updates",
        "UpdateSpanInput",
        {"traceId": "t", "spanId": "a", "name": "m"},
        [each for each in SPANS if each not in (SPANS[1], SPANS[2])] + [{"spanId": "x"}],
    ),
    "batchCreateScores": ("scores", "CreateScoreInput", SCORE, SCORES),
    "batchUpdateScores": ("updates", "UpdateScoreInput", {"scoreId": "1", "value": 1}, [*SCORES[:2], *SCORES[3:]]),
    "batchCreateFeedback": ("feedback", "CreateFeedbackInput", FEEDBACK, [{**FEEDBACK, "value": "up"}, {}, 7]),
    "batchUpdateFeedback": ("updates", "UpdateFeedbackInput", {"feedbackId": "1", "value": 1}, [{"value": 1}, 7]),
}


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with client_of(make_app()) as client:
        for name in ("batchCreateSpans", "batchCreateScores", "batchCreateFeedback"):
            assert send(client, name, [MUTATIONS[name][2]], "REJECT_BATCH")["data"]
        yield client


def send(client: Client, mutation: str, elements: list[Any], on_invalid: str) -> Any:
    argument, kind, _, _ = MUTATIONS[mutation]
    document = f"""mutation ($given: [{kind}!]!, $on: OnInvalid!) {{
      done: {mutation}({argument}: $given, onInvalid: $on) {{ updatedCount skipped {{ index reason }} }} }}"""
    return client.post("/graphql", json={"query": document, "variables": {"given": elements, "on": on_invalid}}).json()


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_wrong_elements_are_skipped_and_the_others_stored(client: Client, mutation: str) -> None:
    _, _, good, bad = MUTATIONS[mutation]
    done = send(client, mutation, [each for one in bad for each in (one, good)], "SKIP")["data"]["done"]
    assert [each["index"] for each in done["skipped"]] == list(range(0, 2 * len(bad), 2))
    assert all(each["reason"].endswith(".") for each in done["skipped"])
    assert done["updatedCount"] == (len(bad) if "Update" in mutation else 0)  # what is sent again changes nothing


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_batch_that_is_refused_names_the_element(client: Client, mutation: str) -> None:
    argument, _, good, bad = MUTATIONS[mutation]
    for each in bad:
        failure, *_ = send(client, mutation, [good, good, each], "REJECT_BATCH")["errors"]
        assert failure["extensions"]["code"] == "BAD_USER_INPUT"
        assert failure["extensions"]["element"].startswith(("given[2]", f"{argument}[2]"))


def test_of_two_batches_that_share_a_list_the_strict_one_is_refused(client: Client) -> None:
    document = """mutation ($s: [CreateScoreInput!]!) {
      lax: batchCreateScores(scores: $s, onInvalid: SKIP) { skipped { index } }
      strict: batchCreateScores(scores: $s) { skipped { index } } }"""
    answer = client.post("/graphql", json={"query": document, "variables": {"s": [SCORE, {**SCORE, "value": "x"}]}})
    (failure,) = answer.json()["errors"]
    assert (failure["path"], failure["extensions"]["element"]) == (["strict"], "scores[1].value")

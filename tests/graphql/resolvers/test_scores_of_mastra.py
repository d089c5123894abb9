"""Each method of Mastra's storage for scores and feedback is one operation here, with the figures that it expects."""

from typing import Any

import pytest

from tests.graphql.asking import Asker

HOURS = [f"2026-01-01T0{hour}:30:00Z" for hour in range(4)]
SINCE = '{timestamp: {gte: "2026-01-01T00:00:00Z", lt: "2026-01-01T04:00:00Z"}}'
MODEL = '{key: "model", level: METADATA, string: {eq: "m"}}'
CREATE = """mutation($scores: [CreateScoreInput!]!, $feedback: [CreateFeedbackInput!]!) {
  batchCreateScores(scores: $scores) { createdCount }
  batchCreateFeedback(feedback: $feedback) { createdCount }
}"""


def record(number: int, kind: str) -> dict[str, Any]:
    """Return a record as Mastra's adapter would send it."""
    return {
        f"{kind}Id": f"{kind}-{number}",
        "traceId": f"t{number}",
        "spanId": "a",
        "name": "relevancy",
        "value": number / 4,
        "comment": "why",
        "timestamp": HOURS[number],
        "source": "live",
        "runId": "run",
        "entityId": f"agent-{number % 2}",
        "entityName": f"agent {number % 2}",
        "environment": "dev",
        "metadata": {"model": "m"},
    }


@pytest.fixture(scope="module")
def asker() -> Asker:
    made = Asker()
    scores = [{**record(number, "score"), "scorer": "judge"} for number in range(4)]
    made.ask(CREATE, {"scores": scores, "feedback": [record(number, "feedback") for number in range(4)]})
    return made


def listed(kind: str, order: list[int]) -> dict[str, Any]:
    return {"totalCount": 4, "nodes": [{f"{kind}Id": f"{kind}-{number}"} for number in order]}


def methods(name: str, kind: str, stats: str) -> dict[str, tuple[str, Any]]:
    """Return for each method that reads what is asked, and the answer."""
    order = "orderBy: [{field: TIMESTAMP, direction: ASC}]"
    key = '[{field: "entityName"}]'
    ranked = "orderBy: [{measure: KEY, direction: ASC}]"
    return {
        f"list {name}": (
            f"{name}({order}, first: 2, offset: 1) {{ totalCount nodes {{ {kind}Id }} }}",
            listed(kind, [1, 2]),
        ),
        f"aggregate {name}": (
            f'{stats} {{ count value {{ sum avg min max }} countDistinct(field: "entityId") }}',
            [{"count": 4, "value": {"sum": 1.5, "avg": 0.375, "min": 0.0, "max": 0.75}, "countDistinct": 2}],
        ),
        f"aggregate {name} beside the period before": (
            f"{stats}(filter: {SINCE}, compareTo: PREVIOUS_PERIOD) {{ count previous {{ count }} }}",
            [{"count": 4, "previous": {"count": 0}}],
        ),
        f"break {name} down": (
            f"{stats}(groupBy: {key}, {ranked}) {{ keys value {{ avg }} }}",
            [{"keys": ["agent 0"], "value": {"avg": 0.25}}, {"keys": ["agent 1"], "value": {"avg": 0.5}}],
        ),
        f"{name} over time": (
            f'{stats}(filter: {SINCE}, interval: "PT2H") {{ bucketStart value {{ avg }} }}',
            [
                {"bucketStart": "2026-01-01T00:00:00Z", "value": {"avg": 0.125}},
                {"bucketStart": "2026-01-01T02:00:00Z", "value": {"avg": 0.625}},
            ],
        ),
        f"percentiles of {name}": (
            f'{stats}(filter: {SINCE}, interval: "PT4H") {{ value {{ p50 quantile(q: 0.95) }} }}',
            [{"value": {"p50": 0.375, "quantile": pytest.approx(0.7125)}}],
        ),
        f"{name} of a run": (f'{name}(filter: {{runId: {{eq: "run"}}}}) {{ totalCount }}', {"totalCount": 4}),
        f"{name} of an entity": (
            f'{name}(filter: {{entityId: {{eq: "agent-1"}}}}) {{ totalCount }}',
            {"totalCount": 2},
        ),
        f"{name} of a span": (
            f'{name}(filter: {{traceId: {{eq: "t1"}}, spanId: {{eq: "a"}}}}) {{ totalCount }}',
            {"totalCount": 1},
        ),
        f"{name} by metadata": (
            f"{name}(filter: {{attributes: [{MODEL}]}}) {{ totalCount }}",
            {"totalCount": 4},
        ),
    }


METHODS = {
    **methods("scores", "score", "scoreStats"),
    **methods("feedback", "feedback", "feedbackStats"),
    "scores of a scorer": ('scores(filter: {scorer: {eq: "judge"}}) { totalCount }', {"totalCount": 4}),
    "a score by its id": ('score(scoreId: "score-1") { value comment }', {"value": 0.25, "comment": "why"}),
    "no score of an unknown id": ('score(scoreId: "none") { value }', None),
}


@pytest.mark.parametrize("name", METHODS)
def test_a_method_is_one_operation(asker: Asker, name: str) -> None:
    asked, expected = METHODS[name]
    (found,) = asker.ask(f"{{ {asked} }}").values()
    assert found == expected

"""Subscriptions to scores and feedback, by the schema itself."""

from typing import Any

import pytest

from spanwell.graphql.execution.failures import Refused
from spanwell.observability.derivation.assessing import AssessmentUpdate
from spanwell.observability.model.assessments import AssessmentKind, Feedback, Score
from tests.making import span

from .test_following import Asked, data, run

SCORES = "subscription($f: ScoreFilter, $a: String) { scores(filter: $f, after: $a) { cursor score { name value } } }"
FEEDBACK = "subscription { feedback { feedback { name } } }"


def score(score_id: str, **given: Any) -> Score:
    return Score(score_id=score_id, trace_id="t", name=score_id, **given)


WITH_REMOVALS = """subscription($f: ScoreFilter) {
  scores(filter: $f) { cursor score { name } removed { reason recordId } }
}"""


async def store(asked: Asked, *scores: Score) -> None:
    await asked.service.assessing.create(AssessmentKind.SCORE, scores)


def test_scores_are_sent_as_they_come_and_change_and_a_cursor_resumes() -> None:
    async def test(asked: Asked) -> None:
        await store(asked, score("before", value=0.1))
        following = asked.follow(SCORES, f={"value": {"lt": 0.5}})
        waiting = await asked.started(following)
        await store(asked, score("high", value=0.9), score("low", value=0.2))
        first = data(await waiting)["scores"]
        assert first["score"] == {"name": "low", "value": 0.2}
        await store(asked, score("high", value=0.3))
        assert data(await anext(following))["scores"]["score"] == {"name": "high", "value": 0.3}
        await following.aclose()
        resumed = asked.follow(SCORES, f={"value": {"lt": 0.5}}, a=first["cursor"])
        assert data(await anext(resumed))["scores"]["score"]["name"] == "high"
        await resumed.aclose()

    run(test)


def test_feedback_is_followed_apart_from_scores() -> None:
    async def test(asked: Asked) -> None:
        following = asked.follow(FEEDBACK)
        waiting = await asked.started(following)
        await store(asked, score("1"))
        await asked.service.assessing.create(AssessmentKind.FEEDBACK, [Feedback(feedback_id="1", name="thumbs")])
        assert data(await waiting)["feedback"]["feedback"] == {"name": "thumbs"}
        await following.aclose()

    run(test)


def test_scores_that_are_deleted_or_no_longer_match_are_sent_to_those_who_select_them() -> None:
    async def test(asked: Asked) -> None:
        scoring = asked.service.assessing
        await store(asked, score("high", value=0.2), score("gone", value=0.1), score("beside", value=0.3))
        following = asked.follow(WITH_REMOVALS, f={"value": {"lt": 0.5}})
        waiting = await asked.started(following)
        await scoring.update(AssessmentKind.SCORE, [AssessmentUpdate("high", {"value": 0.7})])
        assert data(await waiting)["scores"]["removed"] == {"reason": "UNMATCHED", "recordId": "high"}
        await scoring.delete(AssessmentKind.SCORE, ["gone"])
        assert data(await anext(following))["scores"]["removed"] == {"reason": "DELETED", "recordId": "gone"}
        await asked.service.create_spans([span("t", "a")])
        await asked.service.delete_traces(["t"])
        told = [data(await anext(following))["scores"]["removed"] for _ in range(2)]
        assert told == [{"reason": "DELETED", "recordId": name} for name in ("beside", "high")]
        await asked.service.clear_all()
        assert data(await anext(following))["scores"]["removed"] == {"reason": "CLEARED", "recordId": None}
        await following.aclose()

    run(test)


def test_a_foreign_cursor_is_refused_before_it_begins() -> None:
    async def test(asked: Asked) -> None:
        with pytest.raises(Refused) as refusal:
            await anext(asked.follow(SCORES, a="nonsense"))
        assert refusal.value.failures[0]["extensions"]["code"] == "BAD_CURSOR"

    run(test)

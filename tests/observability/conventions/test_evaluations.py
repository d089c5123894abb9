"""Events that say how a span was evaluated become scores, by whatever door they come, and always the same ones."""

from typing import Any

import msgspec
import pytest

from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.model.assessments import AssessmentKind, Score
from spanwell.observability.model.columns import Json
from spanwell.observability.model.span import Span
from spanwell.storage.reference.storage import MemoryStorage
from tests.making import START, at, ended
from tests.rules.door import StoreDoor
from tests.storage.writing.test_assessments import SCORE

RESULT = {
    "gen_ai.evaluation.name": "relevance",
    "gen_ai.evaluation.score.value": 0.25,
    "gen_ai.evaluation.score.label": "poor",
    "gen_ai.evaluation.explanation": "It is about something else.",
}


def event(name: str = "gen_ai.evaluation.result", moment: object = str(at(1)), **changes: Any) -> dict[str, Any]:
    return {"name": name, "timeUnixNano": moment, "attributes": {**RESULT, **changes}}


def evaluated(*events: Any, **given: Any) -> Span:
    return ended("t", "a", events=Json(msgspec.json.encode(events).decode()), **given)


@pytest.fixture
def door() -> Any:
    opened = StoreDoor(MemoryStorage())
    yield opened
    opened.close()


def scores(door: StoreDoor) -> list[Any]:
    return sorted(door.assessments(SCORE), key=lambda score: score.timestamp)


def test_an_event_becomes_a_score_of_its_span(door: StoreDoor) -> None:
    door.create(evaluated(event(**{"gen_ai.response.id": "r"}), service_name="shop", session_id="s", user_id="ann"))
    (score,) = scores(door)
    assert (score.trace_id, score.span_id, score.name, score.value) == ("t", "a", "relevance", 0.25)
    assert (score.text_value, score.comment, score.timestamp) == ("poor", "It is about something else.", at(1))
    assert (score.service_name, score.session_id, score.user_id) == ("shop", "s", "ann")
    assert score.metadata == '{"gen_ai.response.id":"r"}'


def test_the_same_events_sent_again_are_the_same_scores(door: StoreDoor) -> None:
    span = evaluated(event(), event(), event(moment=str(at(2))), event("other"))
    door.create(span)
    before = scores(door)
    assert len(before) == 3
    door.create(span, ended("u", "a"))
    assert scores(door) == before


def test_an_update_that_brings_events_brings_their_scores(door: StoreDoor) -> None:
    door.create(ended("t", "a"))
    events = evaluated(event()).events
    door.update(SpanUpdate("t", "a", {"events": events}), SpanUpdate("t", "missing", {"events": events}))
    (score,) = scores(door)
    assert score.span_id == "a"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"gen_ai.evaluation.name": None}, ("evaluation", 0.25, "poor")),
        ({"gen_ai.evaluation.name": ["x"]}, ("evaluation", 0.25, "poor")),
        ({"gen_ai.evaluation.name": {"x": 1}}, ("evaluation", 0.25, "poor")),
        ({"gen_ai.evaluation.score.value": "0.25"}, ("relevance", None, "poor")),
        ({"gen_ai.evaluation.score.value": True}, ("relevance", None, "poor")),
        ({"gen_ai.evaluation.score.value": 10**400}, ("relevance", None, "poor")),
        ({"gen_ai.evaluation.score.label": 5}, ("relevance", 0.25, None)),
    ],
)
def test_what_is_not_as_it_should_be_is_left_out_of_the_score(
    door: StoreDoor, changes: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    door.create(evaluated(event(**changes)))
    (score,) = scores(door)
    assert (score.name, score.value, score.text_value) == expected


@pytest.mark.parametrize("moment", [at(1) // 1_000_000, at(1) / 1_000_000_000, str(at(1) // 1_000_000_000)])
def test_the_moment_of_an_event_may_be_in_milliseconds_or_seconds(door: StoreDoor, moment: object) -> None:
    door.create(evaluated(event(moment=moment)))
    (score,) = scores(door)
    assert score.timestamp == at(1)


@pytest.mark.parametrize("moment", [None, "soon", "9" * 30, -(10**30), 1e308])
def test_an_event_without_a_legible_moment_is_a_score_of_now(door: StoreDoor, moment: object) -> None:
    door.create(evaluated(event(moment=moment)))
    (score,) = scores(door)
    assert score.timestamp == score.created_at > START


@pytest.mark.parametrize(
    "events",
    ['"gen_ai.evaluation.result"', '["gen_ai.evaluation.result", {"name": "gen_ai.evaluation.result"}]'],
)
def test_events_that_are_none_are_no_scores(door: StoreDoor, events: str) -> None:
    door.create(ended("t", "a", events=Json(events)))
    assert scores(door) == []


def test_one_bad_span_costs_no_score_of_the_others(door: StoreDoor) -> None:
    bad = evaluated(event())
    bad.span_id = ""
    door.runner.run(door.service.create_valid_spans([bad, evaluated(event())]))
    assert len(scores(door)) == 1
    assert isinstance(scores(door)[0], Score)
    assert SCORE is AssessmentKind.SCORE

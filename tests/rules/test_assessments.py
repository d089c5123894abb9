"""What holds of scores and feedback, through every door."""

from typing import Any

import pytest

from spanwell.observability.derivation.assessing import AssessmentUpdate
from spanwell.observability.derivation.batches import Created, Deleted, Updated
from spanwell.observability.model.assessments import Assessment, AssessmentKind
from spanwell.observability.model.columns import Json, Kind, Nanos
from spanwell.observability.model.errors import InvalidInput
from tests.making import START, at, ended

from .door import Door

SCORE, FEEDBACK = AssessmentKind.SCORE, AssessmentKind.FEEDBACK
BOTH = pytest.mark.parametrize("kind", AssessmentKind)
_SAMPLES: dict[Kind, Any] = {
    Kind.TEXT: "t",
    Kind.TIME: at(0.123456789),
    Kind.NUMBER: 0.1,
    Kind.FLAG: False,
    Kind.TEXTS: ["b", "a"],
    Kind.JSON: Json('{"b":1,"a":123456789012345678901234567890}'),
}


def record(kind: AssessmentKind, record_id: str = "1", **given: Any) -> Assessment:
    stated: dict[str, Any] = {"name": "quality", "trace_id": "t", "timestamp": START, **given}
    stated[kind.id_column] = record_id
    return kind.record(**stated)


def only(door: Door, kind: AssessmentKind) -> Assessment:
    (found,) = door.assessments(kind)
    return found


@BOTH
def test_every_field_comes_back_as_it_was_given(door: Door, kind: AssessmentKind) -> None:
    given = {column.name: _SAMPLES[column.kind] for column in kind.given_columns}
    door.assess(kind, record(kind, **given))
    found = only(door, kind)
    assert {name: getattr(found, name) for name in given} == given
    assert found.created_at == found.updated_at > 0


@BOTH
def test_sending_a_batch_again_changes_nothing(door: Door, kind: AssessmentKind) -> None:
    batch = [record(kind, "1", value=0.5), record(kind, "2", span_id="a", boolean_value=False)]
    assert door.assess(kind, *batch) == Created(2, 0)
    before = door.assessments(kind)
    assert door.assess(kind, *batch) == Created(0, 0)
    assert door.assessments(kind) == before


@BOTH
def test_a_create_of_what_is_stored_replaces_what_is_given_and_keeps_the_rest(door: Door, kind: AssessmentKind) -> None:
    door.assess(kind, record(kind, value=0.5, comment="why"))
    assert door.assess(kind, record(kind, value=0.0), record(kind, "2"), record(kind, "2", value=1.0)) == Created(1, 1)
    found = {kind.id_of(each): each for each in door.assessments(kind)}
    assert (found["1"].value, found["1"].comment, found["2"].value) == (0.0, "why", 1.0)
    assert found["1"].updated_at > found["1"].created_at


@BOTH
def test_an_update_changes_what_it_names_and_null_clears(door: Door, kind: AssessmentKind) -> None:
    door.assess(kind, record(kind, value=0.5, comment="why", tags=["x"]))
    changes = AssessmentUpdate("1", {"value": None, "text_value": "good"})
    assert door.reassess(kind, AssessmentUpdate("9", {"value": 1.0}), changes) == Updated(1, (0,))
    found = only(door, kind)
    assert (found.value, found.text_value, found.comment, found.tags) == (None, "good", "why", ["x"])


@BOTH
def test_what_states_no_moment_was_made_when_it_was_stored(door: Door, kind: AssessmentKind) -> None:
    door.assess(kind, record(kind, timestamp=Nanos(0)))
    before = only(door, kind)
    assert before.timestamp == before.created_at
    door.assess(kind, record(kind, timestamp=Nanos(0), value=1.0))
    assert only(door, kind).timestamp == before.timestamp


@BOTH
def test_they_are_deleted_by_their_ids_and_unknown_ids_are_fine(door: Door, kind: AssessmentKind) -> None:
    door.assess(kind, record(kind, "1"), record(kind, "2"))
    assert door.unassess(kind, "2", "2", "9") == 1
    assert kind.id_of(only(door, kind)) == "1"
    assert door.unassess(kind) == 0


@BOTH
def test_they_are_deleted_with_their_trace_whether_or_not_that_ever_came(door: Door, kind: AssessmentKind) -> None:
    door.create(ended("t", "a"), ended("u", "a"))
    said = [record(kind, "1"), record(kind, "2", span_id="a"), record(kind, "3", trace_id="u")]
    door.assess(kind, *said, record(kind, "4", trace_id="late"), record(kind, "5", trace_id=None, session_id="s"))
    assert door.delete("t", "late") == Deleted(1, 1)
    assert sorted(map(kind.id_of, door.assessments(kind))) == ["3", "5"]


def test_clearing_the_store_clears_scores_and_feedback(door: Door) -> None:
    for kind in AssessmentKind:
        door.assess(kind, record(kind), record(kind, "2", trace_id=None))
    door.clear()
    assert [door.assessments(kind) for kind in AssessmentKind] == [[], []]


def test_a_score_and_feedback_may_have_the_same_id(door: Door) -> None:
    door.assess(SCORE, record(SCORE, value=1.0))
    door.assess(FEEDBACK, record(FEEDBACK, value=2.0))
    door.unassess(SCORE, "1")
    assert only(door, FEEDBACK).value == 2.0


def test_ids_of_traces_and_spans_are_understood_in_any_form(door: Door) -> None:
    given = {"trace_id": "0AF7651916CD43DD", "span_id": "B7AD6B7169203331"}
    door.assess(SCORE, record(SCORE, **given, scorer_trace_id="4BF92F35-77B3-4DA6-A3CE-929D0E0E4736"))
    found: Any = only(door, SCORE)
    assert (found.trace_id, found.span_id) == ("0" * 16 + "0af7651916cd43dd", "b7ad6b7169203331")
    assert found.scorer_trace_id == "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize(
    ("given", "element"),
    [
        ({"record_id": ""}, "scores[1].scoreId"),
        ({"record_id": "x" * 129}, "scores[1].scoreId"),
        ({"trace_id": None, "span_id": "a"}, "scores[1].traceId"),
        ({"trace_id": ""}, "scores[1].traceId"),
        ({"trace_id": "t", "span_id": "s" * 129}, "scores[1].spanId"),
    ],
)
def test_what_cannot_be_stored_is_named_and_keeps_the_batch_out(
    door: Door, given: dict[str, Any], element: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        door.assess(SCORE, record(SCORE, "good"), record(SCORE, **{"record_id": "bad", **given}))
    assert refused.value.element == element
    assert door.assessments(SCORE) == []


@pytest.mark.parametrize(
    ("changes", "element"),
    [
        ({"name": None}, "updates[0].name"),
        ({"timestamp": None}, "updates[0].timestamp"),
        ({"span_id": "a"}, "updates[0].traceId"),
        ({"trace_id": None}, "updates[0].traceId"),
    ],
)
def test_an_update_that_would_leave_half_a_record_is_refused(door: Door, changes: dict[str, Any], element: str) -> None:
    door.assess(SCORE, record(SCORE, span_id="a"))
    with pytest.raises(InvalidInput) as refused:
        door.reassess(SCORE, AssessmentUpdate("1", changes))
    assert refused.value.element == element
    door.reassess(SCORE, AssessmentUpdate("1", {"trace_id": None, "span_id": None, "session_id": "s"}))
    assert only(door, SCORE).trace_id is None

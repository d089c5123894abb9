"""What clients write of scores and feedback."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import strawberry

from spanwell.graphql.basics.derive import UNSET, creation_type, given_as, patch_type
from spanwell.observability.derivation.assessing import AssessmentUpdate
from spanwell.observability.model.assessments import ASSESSMENT_COLUMNS, AssessmentKind, Feedback, Score
from spanwell.observability.model.columns import Origin

_SCORE, _FEEDBACK = AssessmentKind.SCORE, AssessmentKind.FEEDBACK
_MADE = " If omitted, the server creates one, and sending the same input again creates another."


def _id_of(kind: AssessmentKind) -> Any:
    return tuple(column for column in ASSESSMENT_COLUMNS[kind] if column.origin is Origin.IDENTITY)


def _values(kind: AssessmentKind, given: object) -> dict[str, Any]:
    """Return the fields of an input that are present, by column name."""
    values = {column.name: getattr(given, column.name) for column in kind.given_columns}
    return {name: value for name, value in values.items() if value is not UNSET}


def _created(kind: AssessmentKind, given: object) -> dict[str, Any]:
    own_id = getattr(given, kind.id_column)
    return created(kind, {**_values(kind, given), kind.id_column: None if own_id is UNSET else own_id})


def created(kind: AssessmentKind, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a record to create, by column name, with a new id if it has none."""
    stated = {name: value for name, value in values.items() if value is not None}
    return stated if kind.id_column in stated else {**stated, kind.id_column: uuid4().hex}


@strawberry.input
@given_as(_SCORE.given_columns, creation_type)
class CreateScoreInput:
    """A score to store. If it exists already, absent and null fields keep their stored values."""

    score_id: strawberry.ID | None = strawberry.field(description="Id of the score." + _MADE, default=UNSET)

    def to_record(self) -> Score:
        """Return the record that is given."""
        return Score(**_created(_SCORE, self))


@strawberry.input
@given_as(_FEEDBACK.given_columns, creation_type)
class CreateFeedbackInput:
    """Feedback to store. If it exists already, absent and null fields keep their stored values."""

    feedback_id: strawberry.ID | None = strawberry.field(description="Id of the feedback." + _MADE, default=UNSET)

    def to_record(self) -> Feedback:
        """Return the record that is given."""
        return Feedback(**_created(_FEEDBACK, self))


@strawberry.input
@given_as(_SCORE.given_columns, patch_type)
@given_as(_id_of(_SCORE), creation_type)
class UpdateScoreInput:
    """Changes to an existing score. Absent fields keep their value, null clears them."""

    def to_update(self) -> AssessmentUpdate:
        """Return the change that is asked for."""
        return AssessmentUpdate(getattr(self, _SCORE.id_column), _values(_SCORE, self))


@strawberry.input
@given_as(_FEEDBACK.given_columns, patch_type)
@given_as(_id_of(_FEEDBACK), creation_type)
class UpdateFeedbackInput:
    """Changes to existing feedback. Absent fields keep their value, null clears them."""

    def to_update(self) -> AssessmentUpdate:
        """Return the change that is asked for."""
        return AssessmentUpdate(getattr(self, _FEEDBACK.id_column), _values(_FEEDBACK, self))

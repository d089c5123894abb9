"""The mutations of scores and feedback."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypeAlias

import strawberry

from spanwell.graphql.arguments.assessment_inputs import (
    CreateFeedbackInput,
    CreateScoreInput,
    UpdateFeedbackInput,
    UpdateScoreInput,
)
from spanwell.graphql.basics.enums import OnInvalid
from spanwell.graphql.resolvers.selection import Info
from spanwell.observability.assessing import Bad
from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.columns import camel
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.service import Observability

from .elements import Read

_SCORE, _FEEDBACK = AssessmentKind.SCORE, AssessmentKind.FEEDBACK
_REJECT = OnInvalid.REJECT_BATCH
_described = strawberry.argument

OnInvalidArgument: TypeAlias = Annotated[OnInvalid, _described(description="What to do about invalid elements.")]
Scores: TypeAlias = Annotated[
    list[CreateScoreInput],
    _described(description="The scores, at most `batchSpans`; scores with the same id are merged in order."),
]
Feedbacks: TypeAlias = Annotated[
    list[CreateFeedbackInput],
    _described(description="The feedback, at most `batchSpans` items; items with the same id are merged in order."),
]
ScoreUpdates: TypeAlias = Annotated[
    list[UpdateScoreInput], _described(description="The updates, at most `batchSpans`, applied in order.")
]
FeedbackUpdates: TypeAlias = Annotated[
    list[UpdateFeedbackInput], _described(description="The updates, at most `batchSpans`, applied in order.")
]
ScoreIds: TypeAlias = Annotated[
    list[strawberry.ID], _described(description="Score ids, at most `batchSpans`; unknown ids are ignored.")
]
FeedbackIds: TypeAlias = Annotated[
    list[strawberry.ID], _described(description="Feedback ids, at most `batchSpans`; unknown ids are ignored.")
]


@dataclass(frozen=True)
class Skipped:
    """An element of a batch that is left out, and why."""

    index: int
    record_id: str | None
    reason: str


@dataclass(frozen=True)
class Missing:
    """An update that did not find its record."""

    index: int
    record_id: str


@dataclass(frozen=True)
class CreatesDone:
    """What became of a batch of creates."""

    created_count: int
    updated_count: int
    record_ids: list[str]
    skipped: list[Skipped]


@dataclass(frozen=True)
class UpdatesDone:
    """What became of a batch of updates."""

    updated_count: int
    not_found: list[Missing]
    skipped: list[Skipped]


@dataclass(frozen=True)
class DeletesDone:
    """How many records were deleted."""

    deleted_count: int


async def batch_create_scores(info: Info, scores: Scores, on_invalid: OnInvalidArgument = _REJECT) -> CreatesDone:
    return await create(info.context.service, _SCORE, Read([given.to_record() for given in scores]), on_invalid)


async def batch_create_feedback(
    info: Info, feedback: Feedbacks, on_invalid: OnInvalidArgument = _REJECT
) -> CreatesDone:
    return await create(info.context.service, _FEEDBACK, Read([given.to_record() for given in feedback]), on_invalid)


async def batch_update_scores(
    info: Info, updates: ScoreUpdates, on_invalid: OnInvalidArgument = _REJECT
) -> UpdatesDone:
    return await update(info.context.service, _SCORE, Read([given.to_update() for given in updates]), on_invalid)


async def batch_update_feedback(
    info: Info, updates: FeedbackUpdates, on_invalid: OnInvalidArgument = _REJECT
) -> UpdatesDone:
    return await update(info.context.service, _FEEDBACK, Read([given.to_update() for given in updates]), on_invalid)


async def batch_delete_scores(info: Info, score_ids: ScoreIds) -> DeletesDone:
    return DeletesDone(await info.context.service.assessing.delete(_SCORE, score_ids))


async def batch_delete_feedback(info: Info, feedback_ids: FeedbackIds) -> DeletesDone:
    return DeletesDone(await info.context.service.assessing.delete(_FEEDBACK, feedback_ids))


async def create(
    service: Observability, kind: AssessmentKind, given: Read, on_invalid: OnInvalid | None
) -> CreatesDone:
    """Store a batch; return what became of it. Raises `InvalidInput` if nothing is to be skipped."""
    bad: Bad | None = [] if given.skips(on_invalid, kind.value) else None
    done = await service.assessing.create(kind, given.records, bad)
    ids = list(map(kind.id_of, given.records))
    left_out = {index for index, _ in bad or ()}
    stored = [record_id for index, record_id in enumerate(ids) if index not in left_out]
    return CreatesDone(done.created_count, done.updated_count, stored, _skipped(kind, given, ids, bad or ()))


async def update(
    service: Observability, kind: AssessmentKind, given: Read, on_invalid: OnInvalid | None
) -> UpdatesDone:
    """Change a batch; return what became of it. Raises `InvalidInput` if nothing is to be skipped."""
    bad: Bad | None = [] if given.skips(on_invalid, "updates") else None
    done = await service.assessing.update(kind, given.records, bad)
    ids = [each.record_id for each in given.records]
    missing = [Missing(given.index(number), ids[number]) for number in done.not_found]
    return UpdatesDone(done.updated_count, missing, _skipped(kind, given, ids, bad or ()))


def _skipped(
    kind: AssessmentKind, given: Read, ids: Sequence[str], bad: Sequence[tuple[int, InvalidInput]]
) -> list[Skipped]:
    """Return the skipped elements, in the order of the batch."""
    skipped = [Skipped(given.index(number), ids[number], str(error)) for number, error in bad]
    label = camel(kind.id_column)
    unread = [Skipped(each.index, each.stated(label), str(each.error)) for each in given.unread]
    return sorted([*unread, *skipped], key=lambda each: each.index)

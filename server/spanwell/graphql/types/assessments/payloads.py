"""What mutations of scores and feedback answer."""

import strawberry


@strawberry.type
class AssessmentSkipped:
    """An element of a batch that was left out, for `onInvalid: SKIP`."""

    index: int = strawberry.field(description="Its place in the batch, from 0.")
    record_id: strawberry.ID | None = strawberry.field(
        description="The id of the score or the feedback, if it can be read."
    )
    reason: str = strawberry.field(description="What is wrong with it.")


@strawberry.type
class AssessmentNotFound:
    """An update whose score or feedback is not there."""

    index: int = strawberry.field(description="The update's place in the batch, from 0.")
    record_id: strawberry.ID = strawberry.field(description="The id that the update names.")


@strawberry.type
class AssessmentsCreated:
    """What a batch of creates did."""

    created_count: int = strawberry.field(description="How many are new.")
    updated_count: int = strawberry.field(
        description="How many stored ones were changed by it; sending a batch again changes none."
    )
    record_ids: list[strawberry.ID] = strawberry.field(
        description="The ids of all that are stored, in the order of the batch."
    )
    skipped: list[AssessmentSkipped] = strawberry.field(
        description="What was left out since something was wrong with it; with `onInvalid: REJECT_BATCH` there is none."
    )


@strawberry.type
class AssessmentsUpdated:
    """What a batch of updates did."""

    updated_count: int = strawberry.field(description="How many updates found what they name.")
    not_found: list[AssessmentNotFound] = strawberry.field(
        description="The updates that did not; all others were applied."
    )
    skipped: list[AssessmentSkipped] = strawberry.field(
        description="What was left out since something was wrong with it; with `onInvalid: REJECT_BATCH` there is none."
    )


@strawberry.type
class AssessmentsDeleted:
    """What was deleted."""

    deleted_count: int = strawberry.field(description="How many there were.")


@strawberry.type
class BatchCreateScoresPayload(AssessmentsCreated):
    """What a batch of scores did. It is durable."""


@strawberry.type
class BatchCreateFeedbackPayload(AssessmentsCreated):
    """What a batch of feedback did. It is durable."""


@strawberry.type
class BatchUpdateScoresPayload(AssessmentsUpdated):
    """What a batch of changes of scores did. It is durable."""


@strawberry.type
class BatchUpdateFeedbackPayload(AssessmentsUpdated):
    """What a batch of changes of feedback did. It is durable."""


@strawberry.type
class BatchDeleteScoresPayload(AssessmentsDeleted):
    """What was deleted of some scores. It is durable."""


@strawberry.type
class BatchDeleteFeedbackPayload(AssessmentsDeleted):
    """What was deleted of some feedback. It is durable."""

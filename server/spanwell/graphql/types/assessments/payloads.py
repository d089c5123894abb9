"""What mutations of scores and feedback answer."""

import strawberry


@strawberry.type
class AssessmentSkipped:
    """An element of a batch that was skipped (`onInvalid: SKIP`)."""

    index: int = strawberry.field(description="Index of the element in the batch, from 0.")
    record_id: strawberry.ID | None = strawberry.field(
        description="The id of the score or feedback; null if it is missing or invalid."
    )
    reason: str = strawberry.field(description="Why it was skipped.")


@strawberry.type
class AssessmentNotFound:
    """An update whose score or feedback does not exist."""

    index: int = strawberry.field(description="Index of the update in the batch, from 0.")
    record_id: strawberry.ID = strawberry.field(description="The id in the update.")


@strawberry.type
class AssessmentsCreated:
    """What a batch of creates did."""

    created_count: int = strawberry.field(description="Number of newly stored items.")
    updated_count: int = strawberry.field(
        description="Number of existing items that changed; re-sending a batch changes none."
    )
    record_ids: list[strawberry.ID] = strawberry.field(description="Ids of all stored items, in batch order.")
    skipped: list[AssessmentSkipped] = strawberry.field(
        description="Invalid elements that were skipped; always empty with `onInvalid: REJECT_BATCH`."
    )


@strawberry.type
class AssessmentsUpdated:
    """What a batch of updates did."""

    updated_count: int = strawberry.field(description="Number of updates that were applied.")
    not_found: list[AssessmentNotFound] = strawberry.field(
        description="Updates whose id does not exist; all others were applied."
    )
    skipped: list[AssessmentSkipped] = strawberry.field(
        description="Invalid elements that were skipped; always empty with `onInvalid: REJECT_BATCH`."
    )


@strawberry.type
class AssessmentsDeleted:
    """Result of deleting a batch of traces."""

    deleted_count: int = strawberry.field(description="Number of items that existed and were deleted.")


@strawberry.type
class BatchCreateScoresPayload(AssessmentsCreated):
    """Result of creating a batch of scores, returned once it is durable."""


@strawberry.type
class BatchCreateFeedbackPayload(AssessmentsCreated):
    """Result of creating a batch of feedback, returned once it is durable."""


@strawberry.type
class BatchUpdateScoresPayload(AssessmentsUpdated):
    """Result of updating a batch of scores, returned once it is durable."""


@strawberry.type
class BatchUpdateFeedbackPayload(AssessmentsUpdated):
    """Result of updating a batch of feedback, returned once it is durable."""


@strawberry.type
class BatchDeleteScoresPayload(AssessmentsDeleted):
    """Result of deleting a batch of scores, returned once it is durable."""


@strawberry.type
class BatchDeleteFeedbackPayload(AssessmentsDeleted):
    """Result of deleting a batch of feedback, returned once it is durable."""

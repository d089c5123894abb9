"""Follows scores and feedback as they are stored and changed."""

from collections.abc import AsyncGenerator
from typing import Any

from spanwell.graphql.arguments.assessments import FeedbackFilterArgument, ScoreFilterArgument
from spanwell.graphql.arguments.logic import Logic, to_condition
from spanwell.graphql.resolvers.selection import Info
from spanwell.graphql.resolvers.subscriptions import AfterChange, Change, changes_of, selected_below
from spanwell.observability.feed.live import AT_ONCE
from spanwell.observability.model.assessments import Assessment, AssessmentKind
from spanwell.observability.questions.cursors import decode_cursor
from spanwell.observability.questions.queries import AssessmentQuery, Window, changed_assessments


async def scores(
    info: Info,
    filter: ScoreFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    after: AfterChange = None,
) -> AsyncGenerator[Change[Assessment], None]:
    """Follow the scores that meet a filter."""
    return await _follow(info, AssessmentKind.SCORE, filter, after)


async def feedback(
    info: Info,
    filter: FeedbackFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    after: AfterChange = None,
) -> AsyncGenerator[Change[Assessment], None]:
    """Follow the feedback that meets a filter."""
    return await _follow(info, AssessmentKind.FEEDBACK, filter, after)


async def _follow(
    info: Info, kind: AssessmentKind, asked: Logic | None, after: AfterChange
) -> AsyncGenerator[Change[Assessment], None]:
    where, order = to_condition(asked), changed_assessments(kind)
    bound_to = AssessmentQuery(kind, Window(0), where, order).fingerprint()
    feed = info.context.service.feed
    place = decode_cursor(after, bound_to) if after is not None else await feed.latest_assessment(kind)
    query = AssessmentQuery(kind, Window(AT_ONCE, after=place), where, order)
    follow: Any = feed.assessment_changes if selected_below(info, "removed") else feed.assessments
    return changes_of(follow(query), order, bound_to)

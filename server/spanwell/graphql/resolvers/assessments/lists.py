"""Reads scores and feedback: lists of them all, and those of a span, a trace or a session."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, TypeAlias

import strawberry

from spanwell.graphql.arguments.assessments import (
    AssessmentOrderArgument,
    FeedbackFilterArgument,
    ScoreFilterArgument,
    to_assessment_order,
)
from spanwell.graphql.arguments.logic import Logic, to_condition
from spanwell.graphql.arguments.paging import PageArguments
from spanwell.graphql.arguments.shared import After, Before, First, Last, Offset
from spanwell.graphql.basics.connections import Connected
from spanwell.graphql.resolvers.selection import Info, page_if_selected
from spanwell.observability.model.assessments import (
    OF_SESSION,
    OF_SPAN,
    OF_THREAD,
    OF_TRACE,
    Assessment,
    AssessmentKind,
    Owner,
)
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.conversations import Conversation, Together
from spanwell.observability.questions.queries import AssessmentQuery, Page, Window
from spanwell.observability.storage import ObservabilityStorage

ScoreId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="Id of the score.")]
FeedbackId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="Id of the feedback.")]
_SCORE, _FEEDBACK = AssessmentKind.SCORE, AssessmentKind.FEEDBACK


async def score(info: Info, score_id: ScoreId) -> Any:
    return (await info.context.storage.get_assessments(_SCORE, [score_id]))[0]


async def feedback_by_id(info: Info, feedback_id: FeedbackId) -> Any:
    return (await info.context.storage.get_assessments(_FEEDBACK, [feedback_id]))[0]


async def scores(  # noqa: PLR0913, PLR0917 - the arguments of the field
    info: Info,
    filter: ScoreFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    order_by: AssessmentOrderArgument = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    offset: Offset = None,
) -> Connected[Assessment]:
    return await _list(info, _SCORE, filter, order_by, PageArguments(first, after, last, before, offset))


async def feedback(  # noqa: PLR0913, PLR0917 - the arguments of the field
    info: Info,
    filter: FeedbackFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    order_by: AssessmentOrderArgument = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    offset: Offset = None,
) -> Connected[Assessment]:
    return await _list(info, _FEEDBACK, filter, order_by, PageArguments(first, after, last, before, offset))


async def scores_of(  # noqa: PLR0913, PLR0917 - the arguments of the field
    info: Info,
    owner: strawberry.Parent[Any],
    filter: ScoreFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    order_by: AssessmentOrderArgument = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    offset: Offset = None,
) -> Connected[Assessment]:
    return await _list_of(info, owner, _SCORE, filter, order_by, PageArguments(first, after, last, before, offset))


async def feedback_of(  # noqa: PLR0913, PLR0917 - the arguments of the field
    info: Info,
    owner: strawberry.Parent[Any],
    filter: FeedbackFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    order_by: AssessmentOrderArgument = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    offset: Offset = None,
) -> Connected[Assessment]:
    return await _list_of(info, owner, _FEEDBACK, filter, order_by, PageArguments(first, after, last, before, offset))


def _query(
    kind: AssessmentKind, asked: Logic | None, order_by: AssessmentOrderArgument, arguments: PageArguments
) -> AssessmentQuery:
    where, order = to_condition(asked), to_assessment_order(kind, order_by)
    listed = AssessmentQuery(kind, Window(0), where, order)
    return replace(listed, window=arguments.window(listed.fingerprint))


async def _list(
    info: Info,
    kind: AssessmentKind,
    asked: Logic | None,
    order_by: AssessmentOrderArgument,
    arguments: PageArguments,
) -> Connected[Assessment]:
    query = _query(kind, asked, order_by, arguments)
    storage = info.context.storage
    count = partial(storage.count_assessments, kind, query.where)
    page = await page_if_selected(info, storage.list_assessments, query)
    return Connected(page, query.order, query.fingerprint, count)


async def _list_of(  # noqa: PLR0913, PLR0917 - the arguments of the field
    info: Info,
    owner: Any,
    kind: AssessmentKind,
    asked: Logic | None,
    order_by: AssessmentOrderArgument,
    arguments: PageArguments,
) -> Connected[Assessment]:
    """Return a page of the scores or feedback of an owner; one statement reads the pages of all owners in a list."""
    by, name = _owner(owner)
    query = _query(kind, asked, order_by, arguments)
    storage, loader = info.context.storage, info.context.loader
    pages = loader((by, query), partial(_pages, storage, by, query))
    counts = loader((by, kind, query.where), partial(_counts, storage, by, query))
    page = await asyncio.shield(pages.load(name))
    return Connected(page, query.order, query.fingerprint, lambda: asyncio.shield(counts.load(name)))


def _owner(owner: Any) -> tuple[tuple[str, ...], Owner]:
    if isinstance(owner, Conversation):
        return OF_THREAD if owner.together is Together.THREAD else OF_SESSION, (owner.conversation_id,)
    return (OF_TRACE, (owner.trace_id,)) if isinstance(owner, Trace) else (OF_SPAN, owner.key)


async def _pages(
    storage: ObservabilityStorage, by: tuple[str, ...], query: AssessmentQuery, owners: Sequence[Owner]
) -> list[Page[Assessment]]:
    return await storage.list_assessments_of(by, owners, query)


async def _counts(
    storage: ObservabilityStorage, by: tuple[str, ...], query: AssessmentQuery, owners: Sequence[Owner]
) -> list[int]:
    return await storage.count_assessments_of(by, owners, query.kind, query.where)

"""Reads pages of changes of a store for one tenant: a list's removals may be of other tenants' records."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, TypeVar

from spanwell.observability.questions.ordering import position
from spanwell.observability.questions.queries import AssessmentQuery, Page, SpanQuery, TraceQuery

from .ids import TenantIds

Q = TypeVar("Q", SpanQuery, TraceQuery, AssessmentQuery)
R = TypeVar("R")


async def own_changes(ids: TenantIds, query: Q, read: Callable[[Q], Coroutine[Any, Any, Page[R]]]) -> Page[R]:
    """Return the next page with any of the tenant's records."""
    begins, identity = query.window.after, query.order[1].column
    while True:
        page = await read(query)
        own = [one for one in page.nodes if not getattr(one, identity) or ids.are_of(getattr(one, identity))]
        if own or not page.has_next:
            return replace(page, nodes=own, has_previous=begins is not None)
        query = replace(query, window=replace(query.window, after=position(page.nodes[-1], query.order)))

"""A client that follows what changes in both stores, and stops and resumes where it left off."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from spanwell.observability.questions.ordering import Position, position
from spanwell.observability.questions.queries import AssessmentQuery, Page, SpanQuery, TraceQuery

from .pair import Pair


class Follower:
    """Reads what has changed page by page, by a listing method of the stores and a query in order of change."""

    def __init__(self, pair: Pair, method: str, query: SpanQuery | TraceQuery | AssessmentQuery) -> None:
        self._pair, self._method, self._query = pair, method, query

    def changes(self) -> Iterator[tuple[Position, Any]]:
        """Yield what has changed since the last time: the identity of each record, and its state."""
        more = True
        while more:
            page: Page[Any] = self._pair.both(self._method, self._query)
            for record in page.nodes:
                place = position(record, self._query.order)
                assert place > (self._query.window.after or ())
                self._query = replace(self._query, window=replace(self._query.window, after=place))
                yield place[1:], record
            more = page.has_next

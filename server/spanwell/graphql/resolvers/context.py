"""What the resolvers of one request share."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeAlias, TypeVar

from graphql import GraphQLResolveInfo
from strawberry.dataloader import DataLoader

from spanwell.observability.model.errors import SpanwellError
from spanwell.observability.model.span import Span
from spanwell.observability.questions.conditions import Condition
from spanwell.observability.questions.queries import Page, SpanQuery
from spanwell.observability.service import Observability
from spanwell.observability.storage import ObservabilityStorage

K = TypeVar("K")
V = TypeVar("V")

Place: TypeAlias = tuple[int, ...]
"""Where in a request a field stands. In all items of a list it stands in the same place, with the same arguments."""


def place_of(info: GraphQLResolveInfo[Any]) -> Place:
    """Return where a field stands; only good for one request, whose document keeps the nodes alive."""
    return tuple(map(id, info.field_nodes))


@dataclass(frozen=True)
class SpanLists:
    """One list of spans, asked of many traces: all pages are read by one statement, and so are all counts."""

    query: SpanQuery
    bound_to: Callable[[], bytes]
    pages: DataLoader[str, Page[Span]]
    counts: DataLoader[str, int]

    async def page(self, trace_id: str) -> Page[Span]:
        """Return the page of a trace."""
        return await asyncio.shield(self.pages.load(trace_id))

    async def count(self, trace_id: str) -> int:
        """Return the count of a trace.

        What a loader gives is shared: one field that is given up, since another failed, must not take it from others.
        """
        return await asyncio.shield(self.counts.load(trace_id))


@dataclass
class Context:
    """The service, and the loaders that gather what the fields of a list ask for into one statement each."""

    service: Observability
    _lists: dict[Place, SpanLists | SpanwellError] = field(default_factory=dict["Place", "SpanLists | SpanwellError"])
    _pages: dict[SpanQuery, DataLoader[str, Page[Span]]] = field(
        default_factory=dict["SpanQuery", "DataLoader[str, Page[Span]]"]
    )
    _loaders: dict[Hashable, DataLoader[Any, Any]] = field(default_factory=dict["Hashable", "DataLoader[Any, Any]"])
    _counts: dict[Condition, DataLoader[str, int]] = field(default_factory=dict["Condition", "DataLoader[str, int]"])

    @property
    def storage(self) -> ObservabilityStorage:
        """The store that queries read. Raises `Forbidden` for those who may not."""
        return self.service.readable

    def loader(self, key: Hashable, load: Callable[[list[K]], Awaitable[Sequence[V]]]) -> DataLoader[K, V]:
        """Return the loader of a kind of question: whatever a list asks of it is asked of the store at once."""
        return self._loaders.setdefault(key, DataLoader(load))

    def span_lists(self, place: Place, query: Callable[[], SpanQuery]) -> SpanLists:
        """Return the lists of a place; its query is only worked out once. Raises what that raised."""
        if place not in self._lists:
            try:
                self._lists[place] = self._make_lists(query())
            except SpanwellError as error:
                self._lists[place] = error
        found = self._lists[place]
        if isinstance(found, SpanwellError):
            raise found
        return found

    def keep_page(self, query: SpanQuery, trace_id: str, page: Page[Span]) -> None:
        """Cache a page of a trace's spans for other fields with the same arguments."""
        self._pages_of(query).prime(trace_id, page)

    def _pages_of(self, query: SpanQuery) -> DataLoader[str, Page[Span]]:
        return self._pages.setdefault(query, DataLoader(lambda ids: self.storage.list_trace_spans(ids, query)))

    def _make_lists(self, query: SpanQuery) -> SpanLists:
        pages = self._pages_of(query)
        where = query.where
        counts = self._counts.setdefault(where, DataLoader(lambda ids: self.storage.count_trace_spans(ids, where)))
        return SpanLists(query, cache(query.fingerprint), pages, counts)

"""What the resolvers of one request share."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

from graphql import GraphQLResolveInfo
from strawberry.dataloader import DataLoader

from spanwell.observability.model.errors import SpanwellError
from spanwell.observability.model.span import Span
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


class Loaders:
    """The loaders of one request, by what they ask."""

    def __init__(self) -> None:
        self._loaders: dict[Hashable, DataLoader[Any, Any]] = {}

    def get(self, key: Hashable, load: Callable[[list[K]], Awaitable[Sequence[V]]]) -> DataLoader[K, V]:
        """Return the loader of a kind of question: whatever a list asks of it is asked of the store at once."""
        if key not in self._loaders:
            self._loaders[key] = DataLoader(load)
        return self._loaders[key]


_Kept: TypeAlias = dict[str, tuple[SpanQuery, Page[Span]]]


class SpanLists:
    """One list of spans, asked of many traces: all pages are read by one statement, and so are all counts.

    It does not know the context that has it: in a cycle, all that a request read would stay until the next collection.
    """

    def __init__(self, storage: ObservabilityStorage, loaders: Loaders, kept: _Kept, query: SpanQuery) -> None:
        self._storage = storage
        self._loaders = loaders
        self._kept = kept
        self.query = query

    @cached_property
    def _fingerprint(self) -> bytes:
        return self.query.fingerprint()

    @cached_property
    def _pages(self) -> DataLoader[str, Page[Span]]:
        storage, query = self._storage, self.query
        return self._loaders.get(("pages", query), lambda ids: storage.list_trace_spans(ids, query))

    @cached_property
    def _counts(self) -> DataLoader[str, int]:
        storage, where = self._storage, self.query.where
        return self._loaders.get(("counts", where), lambda ids: storage.count_trace_spans(ids, where))

    def bound_to(self) -> bytes:
        """Return what the cursors of all pages are bound to."""
        return self._fingerprint

    async def page(self, trace_id: str) -> Page[Span]:
        """Return the page of a trace."""
        query, kept = self._kept.get(trace_id, (None, None))
        if kept is not None and query == self.query:
            return kept
        return await asyncio.shield(self._pages.load(trace_id))

    async def count(self, trace_id: str) -> int:
        """Return the count of a trace.

        What a loader gives is shared: one field that is given up, since another failed, must not take it from others.
        """
        return await asyncio.shield(self._counts.load(trace_id))


class Context:
    """The service, and the loaders that gather what the fields of a list ask for into one statement each."""

    def __init__(self, service: Observability) -> None:
        self.service = service
        self._lists: dict[Place, SpanLists | SpanwellError] = {}
        self._kept: _Kept = {}
        self._loaders = Loaders()

    @property
    def storage(self) -> ObservabilityStorage:
        """The store that queries read. Raises `Forbidden` for those who may not."""
        return self.service.readable

    def loader(self, key: Hashable, load: Callable[[list[K]], Awaitable[Sequence[V]]]) -> DataLoader[K, V]:
        """Return the loader of a kind of question."""
        return self._loaders.get(key, load)

    def span_lists(self, place: Place, query: Callable[[], SpanQuery]) -> SpanLists:
        """Return the lists of a place; its query is only worked out once. Raises what that raised."""
        if place not in self._lists:
            try:
                self._lists[place] = SpanLists(self.storage, self._loaders, self._kept, query())
            except SpanwellError as error:
                self._lists[place] = error
        found = self._lists[place]
        if isinstance(found, SpanwellError):
            raise found
        return found

    def keep_page(self, query: SpanQuery, trace_id: str, page: Page[Span]) -> None:
        """Keep a page of a trace's spans for other fields with the same arguments."""
        self._kept[trace_id] = query, page

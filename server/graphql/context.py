"""What the resolvers of one request share."""

from dataclasses import dataclass, field

from strawberry.dataloader import DataLoader

from server.observability.conditions import Condition
from server.observability.queries import Page, SpanQuery
from server.observability.service import Observability
from server.observability.span import Span
from server.observability.storage import ObservabilityStorage


@dataclass
class Context:
    """The service, and the loaders that gather what the fields of a list ask for into one statement each."""

    service: Observability
    _pages: dict[SpanQuery, DataLoader[str, Page[Span]]] = field(
        default_factory=dict["SpanQuery", "DataLoader[str, Page[Span]]"]
    )
    _counts: dict[Condition, DataLoader[str, int]] = field(default_factory=dict["Condition", "DataLoader[str, int]"])

    @property
    def storage(self) -> ObservabilityStorage:
        """The store that queries read."""
        return self.service.storage

    async def trace_spans(self, trace_id: str, query: SpanQuery) -> Page[Span]:
        """Return a page of a trace's spans; those of all traces of a list are read together."""
        if query not in self._pages:
            self._pages[query] = DataLoader(lambda ids: self.storage.list_trace_spans(ids, query))
        return await self._pages[query].load(trace_id)

    async def trace_span_count(self, trace_id: str, where: Condition) -> int:
        """Return how many of a trace's spans meet a condition; those of all traces of a list are counted together."""
        if where not in self._counts:
            self._counts[where] = DataLoader(lambda ids: self.storage.count_trace_spans(ids, where))
        return await self._counts[where].load(trace_id)

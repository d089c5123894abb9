"""Lists and traces in blocks."""

import sys
from abc import ABC
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace

from typing_extensions import override

from spanwell.observability.model.blocks import Block, RecordBlock
from spanwell.observability.model.record import Listed
from spanwell.observability.questions.ordering import SPAN_IDENTITY, OrderKey
from spanwell.observability.questions.queries import (
    WHOLE_LIST,
    AssessmentQuery,
    Columns,
    ListQuery,
    SpanQuery,
    TraceQuery,
    Window,
)
from spanwell.observability.storage import ObservabilityStorage


class StreamingStorage(ObservabilityStorage, ABC):
    """Gives a whole list as a single block."""

    @override
    async def stream(self, query: ListQuery) -> AsyncGenerator[Block]:
        yield RecordBlock(await self._all(replace(query, window=Window(sys.maxsize, after=query.window.after))))

    @override
    async def get_trace_blocks(self, trace_ids: Sequence[str], columns: Columns) -> list[Block]:
        query = SpanQuery(WHOLE_LIST, order=(OrderKey("tree_start"), *SPAN_IDENTITY))
        return [RecordBlock(page.nodes) for page in await self.list_trace_spans(trace_ids, query)]

    async def _all(self, query: ListQuery) -> Sequence[Listed]:
        match query:
            case SpanQuery():
                return (await self.list_spans(query)).nodes
            case TraceQuery():
                return (await self.list_traces(query)).nodes
            case AssessmentQuery():
                return (await self.list_assessments(query)).nodes

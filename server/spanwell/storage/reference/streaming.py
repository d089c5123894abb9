"""Streams of whole lists."""

import sys
from abc import ABC
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace

from typing_extensions import override

from spanwell.observability.model.blocks import Block, RecordBlock
from spanwell.observability.model.record import Listed
from spanwell.observability.questions.queries import AssessmentQuery, ListQuery, SpanQuery, TraceQuery, Window
from spanwell.observability.storage import ObservabilityStorage


class StreamingStorage(ObservabilityStorage, ABC):
    """Streams a whole list as a single block."""

    @override
    async def stream(self, query: ListQuery) -> AsyncGenerator[Block]:
        yield RecordBlock(await self._all(replace(query, window=Window(sys.maxsize, after=query.window.after))))

    async def _all(self, query: ListQuery) -> Sequence[Listed]:
        match query:
            case SpanQuery():
                return (await self.list_spans(query)).nodes
            case TraceQuery():
                return (await self.list_traces(query)).nodes
            case AssessmentQuery():
                return (await self.list_assessments(query)).nodes

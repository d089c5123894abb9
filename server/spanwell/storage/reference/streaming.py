"""Whole lists of the plain store."""

import sys
from abc import ABC
from collections.abc import AsyncGenerator
from dataclasses import replace

from typing_extensions import override

from spanwell.observability.model.span import Span
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.queries import SpanQuery, TraceQuery, Window
from spanwell.observability.storage import ObservabilityStorage


class StreamingStorage(ObservabilityStorage, ABC):
    """Gives whole lists as one page."""

    @override
    async def stream(self, query: SpanQuery | TraceQuery) -> AsyncGenerator[list[Span] | list[Trace]]:
        query = replace(query, window=Window(sys.maxsize, after=query.window.after))
        page = await (self.list_spans(query) if isinstance(query, SpanQuery) else self.list_traces(query))
        yield page.nodes

"""A schema over a plain store that shows only what was asked of it, and writes down what that was."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
import orjson
from graphql.execution import Executor

from spanwell.graphql.execution.executor import Execution
from spanwell.graphql.execution.failures import Failure, Refused
from spanwell.graphql.execution.prepared import Answer, GraphQLRequest
from spanwell.graphql.fast.column_executor import ColumnarExecutor
from spanwell.graphql.library import core_schema
from spanwell.graphql.resolvers.context import Context
from spanwell.graphql.schema import schema
from spanwell.observability.model.span import Span, SpanKey
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.conditions import Condition
from spanwell.observability.questions.queries import (
    ALL_SPAN_COLUMNS,
    ALL_TRACE_COLUMNS,
    Columns,
    Page,
    SpanQuery,
    TraceQuery,
)
from spanwell.observability.questions.tree_facts import BelowQuery, Surroundings
from spanwell.observability.service import Observability, WriteLimits
from spanwell.storage.reference.storage import MemoryStorage

T = TypeVar("T")


@dataclass(frozen=True)
class Call:
    """One read of the store: its name, and what it asked for."""

    name: str
    columns: Columns = frozenset()
    head_columns: Columns = frozenset()
    query: SpanQuery | TraceQuery | None = None
    keys: Sequence[object] = ()


def _only(record: T, columns: Columns) -> T:
    made = object.__new__(type(record))
    made.__dict__.update({name: value for name, value in vars(record).items() if name in columns})
    return made


def _only_span(span: Span | None, columns: Columns) -> Span | None:
    return None if span is None else _only(span, columns)


def _only_trace(trace: Trace | None, columns: Columns, head_columns: Columns) -> Trace | None:
    if trace is None:
        return None
    made = _only(trace, columns)
    made.head = _only(trace.head, head_columns)
    return made


def _page(page: Page[T], nodes: Sequence[T]) -> Page[T]:
    return Page(list(nodes), page.has_next, page.has_previous)


class SparingStorage(MemoryStorage):
    """Gives records nothing but the columns asked for, so that reading any other is an error; and keeps a record."""

    def __init__(self) -> None:
        ticks = iter(range(1, 1_000_000))
        super().__init__(lambda: next(ticks))
        self.calls: list[Call] = []

    async def get_spans(self, keys: Sequence[SpanKey], columns: Columns = ALL_SPAN_COLUMNS) -> list[Span | None]:
        self.calls.append(Call("get_spans", columns, keys=keys))
        return [_only_span(span, columns) for span in await super().get_spans(keys)]

    async def get_traces(
        self,
        trace_ids: Sequence[str],
        columns: Columns = ALL_TRACE_COLUMNS,
        head_columns: Columns = ALL_SPAN_COLUMNS,
    ) -> list[Trace | None]:
        self.calls.append(Call("get_traces", columns, head_columns, keys=trace_ids))
        return [_only_trace(trace, columns, head_columns) for trace in await super().get_traces(trace_ids)]

    async def list_traces(self, query: TraceQuery) -> Page[Trace]:
        self.calls.append(Call("list_traces", query.columns, query.head_columns, query))
        page = await super().list_traces(query)
        found = (_only_trace(trace, query.columns, query.head_columns) for trace in page.nodes)
        return _page(page, [trace for trace in found if trace])

    async def list_spans(self, query: SpanQuery) -> Page[Span]:
        self.calls.append(Call("list_spans", query.columns, query=query))
        page = await super().list_spans(query)
        return _page(page, [_only(span, query.columns) for span in page.nodes])

    async def list_trace_spans(self, trace_ids: Sequence[str], query: SpanQuery) -> list[Page[Span]]:
        self.calls.append(Call("list_trace_spans", query.columns, query=query, keys=trace_ids))
        pages = await super().list_trace_spans(trace_ids, query)
        return [_page(page, [_only(span, query.columns) for span in page.nodes]) for page in pages]

    async def get_surroundings(self, keys: Sequence[SpanKey]) -> list[Surroundings]:
        self.calls.append(Call("get_surroundings", keys=keys))
        return await super().get_surroundings(keys)

    async def list_below(self, keys: Sequence[SpanKey], query: BelowQuery) -> list[Page[Span]]:
        self.calls.append(Call("list_below", query.columns, keys=keys))
        pages = await super().list_below(keys, query)
        return [_page(page, [_only(span, query.columns) for span in page.nodes]) for page in pages]

    async def count_below(self, keys: Sequence[SpanKey], depth: int) -> list[int]:
        self.calls.append(Call("count_below", keys=keys))
        return await super().count_below(keys, depth)

    async def count_traces(self, where: Condition) -> int:
        self.calls.append(Call("count_traces"))
        return await super().count_traces(where)

    async def count_spans(self, where: Condition) -> int:
        self.calls.append(Call("count_spans"))
        traces = [await super(SparingStorage, self).count_trace_spans([trace_id], where) for trace_id in self._traces]
        return sum(count for counts in traces for count in counts)

    async def count_trace_spans(self, trace_ids: Sequence[str], where: Condition) -> list[int]:
        self.calls.append(Call("count_trace_spans", keys=trace_ids))
        return await super().count_trace_spans(trace_ids, where)


class Asker:
    """Asks the schema as the server does, over a `SparingStorage` that holds some spans."""

    def __init__(self, *spans: Span, limits: WriteLimits | None = None) -> None:
        self.storage = SparingStorage()
        self.service = Observability(self.storage, limits)
        self._execution = Execution(core_schema(schema), executor_class=ColumnarExecutor)
        if spans:
            asyncio.run(self.storage.batch_create_spans(spans))

    def executor(self, executor: type[Executor[Any]]) -> None:
        """Have requests executed in another way from now on."""
        self._execution = Execution(core_schema(schema), executor_class=executor)

    def answer(self, query: str, variables: Mapping[str, Any] | None = None) -> Answer:
        """Return what a request gives, its errors included; forgets the calls of requests before."""
        self.storage.calls.clear()
        prepared = self._execution.prepare(GraphQLRequest(query, variables=variables or {}))
        return asyncio.run(self._execution.execute(prepared, Context(self.service)))

    def ask(self, query: str, variables: Mapping[str, Any] | None = None) -> Any:
        """Return the data of a request without errors, as it leaves the server and arrives at a client."""
        answer = self.answer(query, variables)
        assert answer.failures == []
        return msgspec.json.decode(orjson.dumps(answer.data))

    def failure(self, query: str, variables: Mapping[str, Any] | None = None) -> Failure:
        """Return the only error of a request."""
        try:
            failures = self.answer(query, variables).failures
        except Refused as refusal:
            failures = refusal.failures
        (failure,) = failures
        return failure

    def bad_input(self, query: str, variables: Mapping[str, Any] | None = None) -> str:
        """Return the element that a request is refused for."""
        failure = self.failure(query, variables)
        assert failure["extensions"]["code"] in {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"}, failure
        return str(failure["extensions"].get("element", failure["message"]))

    @property
    def called(self) -> list[str]:
        """The reads of the last request, by name."""
        return [call.name for call in self.storage.calls]

    @property
    def call(self) -> Call:
        """The only read of the last request."""
        (call,) = self.storage.calls
        return call

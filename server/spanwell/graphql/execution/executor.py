"""Executes requests with graphql-core directly, without Strawberry's limits and error masking."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from inspect import isawaitable
from typing import Any, TypeVar, cast

import orjson
from graphql import ExecutionResult, GraphQLError, GraphQLSchema, OperationDefinitionNode, OperationType
from graphql.execution import (
    Executor,
    create_source_event_stream,
    execute_subscription_event,
    get_variable_values,
)
from graphql.execution.values import VariableValues
from msgspec import Raw

from spanwell.graphql.arguments.logic import used_filters
from spanwell.graphql.fast.batch_elements import Variables
from spanwell.graphql.fast.batch_variables import JsonText, ListInputs, is_big
from spanwell.graphql.library import coerced_variables, executor_for, executor_of
from spanwell.observability.model.errors import Overloaded, SpanwellError
from spanwell.observability.room import Room, room_for_request
from spanwell.observability.threads import Threads

from .cost import Cost, cost_of
from .documents import Document, Documents
from .event_cache import Shared, sharing_key
from .failures import Code, Failure, failures, refused
from .fair_turns import Turns
from .lanes import Lanes
from .limits import QueryLimits
from .warnings import Warnings

T = TypeVar("T")


_EVENTS_AT_ONCE = 16
"""A write wakes every subscription; so many are served at a time, so that other requests are served in between."""

_LARGE = 20_000
"""Values that take about 20 ms to complete, longer than other requests should wait."""

_LANES = 2
"""How many large responses are completed at the same time."""

_READING, _WAITING = 4, 64
"""How many requests with large variables are decoded at the same time, and how many may wait."""

_MOST_VARIABLE_ERRORS = 5

_ROOM = 8 * 1024 * 1024
"""Maximum size in bytes of the cached responses to events."""


class QueryTimeout(SpanwellError):
    """The request took longer than the time limit."""

    code = "TIMEOUT"


@dataclass(frozen=True)
class GraphQLRequest:
    """The parameters of a GraphQL request."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] | JsonText = field(default_factory=dict[str, Any])
    """The variables, decoded or as a JSON object."""
    wants_cost: bool = False
    """Whether the response has `extensions.cost`."""


@dataclass(frozen=True)
class Prepared:
    """A request that is ready to be executed."""

    request: GraphQLRequest
    document: Document
    operation: OperationDefinitionNode
    variables: Variables
    cost: Cost
    is_large: bool = False
    """Whether its response may be so large that a thread completes it."""

    @property
    def has_big_variables(self) -> bool:
        """Whether it has large variables that are not coerced yet."""
        return not self.variables.read and is_big(self.request.variables)

    @property
    def operation_type(self) -> OperationType:
        """Whether it is a query, a mutation or a subscription."""
        return self.operation.operation


@dataclass(frozen=True)
class Answer:
    """The result of a request: data, the failures of fields, and extensions."""

    data: dict[str, Any] | None
    failures: list[Failure]
    extensions: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @cached_property
    def json(self) -> bytes:
        """The body of the response; it is serialized once, however many clients receive it."""
        # Errors first, so that they are seen before a long `data`, as the GraphQL specification advises.
        parts = {"errors": self.failures, "data": self.data, "extensions": self.extensions}
        return orjson.dumps({name: part for name, part in parts.items() if part or name == "data"})


class Execution:
    """Executes requests on a schema within limits; `timeout` is in seconds."""

    def __init__(  # noqa: PLR0913 - each is a setting, passed by name
        self,
        schema: GraphQLSchema,
        *,
        limits: QueryLimits | None = None,
        timeout: float = 30.0,
        introspection: bool = True,
        executor_class: type[Executor[Any]] = Executor,
        list_inputs: ListInputs | None = None,
        answer_bytes: int = 64 * 1024 * 1024,
    ) -> None:
        self._schema = schema
        self._documents = Documents(schema, limits or QueryLimits(), introspection=introspection)
        self._timeout = timeout
        self._hide_suggestions = not introspection
        self._list_inputs = list_inputs or {}
        self._answer_bytes = answer_bytes
        self._lanes = Lanes(_LANES)
        self._reading = Threads(_READING, "spanwell-variables", _WAITING)
        self._make = partial(executor_of, executor_class, schema, hide_suggestions=not introspection)
        self.warnings = Warnings()
        self._turns = Turns(_EVENTS_AT_ONCE)
        self._events = Shared(_size, _ROOM)

    def prepare(self, request: GraphQLRequest) -> Prepared:
        """Return a request ready to be executed. Raises `Refused`."""
        document = self._documents.get(request.query)
        try:
            operation = document.operation(request.operation_name)
            document.check_text(operation, request.variables)
            variables = self._variables(document, operation, request.variables)
            document.check_variables(operation, variables.values)
            cost = document.cost(operation, variables.values)
        except SpanwellError as error:
            raise refused([error]) from None
        return Prepared(request, document, operation, variables, cost, is_large=cost.values > _LARGE)

    async def prepare_beside(self, request: GraphQLRequest) -> Prepared:
        """Like `prepare`, but long documents and large variables are read in a thread, beside other requests."""
        if not is_big(request.variables) and not self._documents.take_long(request.query):
            return self.prepare(request)
        try:
            return await self._reading.run(partial(self.prepare, request))
        except Overloaded as error:
            raise refused([error]) from None

    def _variables(
        self, document: Document, operation: OperationDefinitionNode, values: Mapping[str, Any] | JsonText
    ) -> Variables:
        reader = document.reader(operation, self._list_inputs)
        return reader.read(values) if isinstance(values, bytes | Raw) else reader.read_plain(values)

    def variables(self, prepared: Prepared) -> dict[str, Any]:
        """Return the coerced variables of an operation. Raises `Refused`."""
        values = self._coerced(prepared)
        if isinstance(values, list):
            raise refused(values)
        return coerced_variables(values)

    async def execute(self, prepared: Prepared, context: object) -> Answer:
        """Return the result of a query or mutation. Raises `Refused` for invalid variables, or if it takes too long."""
        try:
            with room_for_request(self._answer_bytes) as room:
                if prepared.is_large and prepared.operation_type is OperationType.QUERY:
                    return await self._in_time(self._lanes.run(partial(self._answer, prepared, context, room)))
                return await self._in_time(self._answer(prepared, context, room))
        except SpanwellError as error:
            raise refused([error]) from None

    async def _answer(self, prepared: Prepared, context: object, room: Room) -> Answer:
        with used_filters() as filters:
            result = await self._execute(prepared, context)
        errors = result.errors or []
        if result.data is None and errors and all(error.path is None for error in errors):
            raise refused(errors)
        extensions: dict[str, Any] = {"cost": cost_of(prepared.cost, room)} if prepared.request.wants_cost else {}
        if filters and (warnings := await self.warnings.of(getattr(context, "service", None), filters)):
            extensions["warnings"] = warnings
        answer = Answer(result.data, failures(errors), extensions)
        if prepared.is_large:
            _ = answer.json  # serialized here, in the thread, and cached
        return answer

    async def subscribe(self, prepared: Prepared, make_context: Callable[[], object]) -> AsyncGenerator[Answer]:
        """Yield the result of each event of a subscription.

        An event is executed once for all subscriptions with the same query, in the context of one of them. The first
        result has the warnings. Raises `Refused` before the first result; a later error is the last result. `aclose`
        ends the subscription at once.
        """
        context = make_context()
        executor = self._built(prepared, context)
        with used_filters() as filters:
            opened = create_source_event_stream(executor)
            stream = await opened if isawaitable(opened) else opened
        if isinstance(stream, ExecutionResult):
            raise refused(stream.errors or [], Code.INTERNAL)
        service = getattr(context, "service", None)
        warnings = await self.warnings.of(service, filters)
        key = (
            service,  # callers with access to other rows have another service
            prepared.request.query,
            sharing_key(prepared.document.node, prepared.operation, prepared.variables.values),
        )
        async with aclosing(cast("AsyncGenerator[Any]", stream)):
            try:
                async for event in stream:
                    await self._turns.mine()
                    answer = await self._events.get((key, event), partial(self._event, prepared, event, make_context))
                    await self._turns.mine()  # many wait for the same result, and then send it
                    yield replace(answer, extensions={"warnings": warnings}) if warnings else answer
                    warnings = []
            except SpanwellError as error:
                yield Answer(None, refused([error]).failures)

    def _built(self, prepared: Prepared, context: object) -> Executor[Any]:
        executor = self._build(prepared, context)
        if isinstance(executor, list):
            raise refused(executor)
        return executor

    async def _event(self, prepared: Prepared, event: object, make_context: Callable[[], object]) -> Answer:
        executor = self._built(prepared, make_context())
        executor.root_value = event
        with room_for_request(self._answer_bytes):
            result = execute_subscription_event(executor)
            done = await self._in_time(result) if isawaitable(result) else result
        return Answer(done.data, failures(done.errors or []))

    async def _in_time(self, work: Awaitable[T]) -> T:
        """Return the result of an awaitable within the time limit. Raises `QueryTimeout`."""
        try:
            async with asyncio.timeout(self._timeout):
                return await work
        except TimeoutError:
            raise QueryTimeout(f"The request exceeded its time limit of {self._timeout:g} seconds.") from None

    async def _execute(self, prepared: Prepared, context: object) -> ExecutionResult:
        if prepared.has_big_variables:
            executor = await self._reading.run(partial(self._build, prepared, context))
        else:
            executor = self._build(prepared, context)
        if isinstance(executor, list):
            return ExecutionResult(None, executor)
        result = executor.execute_operation()
        return cast("ExecutionResult", await result if executor.is_awaitable(result) else result)

    def _coerced(self, prepared: Prepared) -> VariableValues | list[GraphQLError]:
        definitions = prepared.operation.variable_definitions
        if not definitions:
            return VariableValues({}, {})
        return get_variable_values(
            self._schema,
            definitions,
            dict(prepared.variables.values),
            max_errors=_MOST_VARIABLE_ERRORS,
            hide_suggestions=self._hide_suggestions,
        )

    def _build(self, prepared: Prepared, context: object) -> Executor[Any] | list[GraphQLError]:
        variables = self._coerced(prepared)
        if isinstance(variables, list):
            return variables
        coerced_variables(variables).update(prepared.variables.read)
        return executor_for(prepared.document.executor(prepared.operation, self._make), context, variables)


def _size(answer: Answer) -> int | None:
    """Return the size of a result in bytes; None if it has failures, because the next attempt may succeed."""
    return None if answer.failures else len(answer.json)

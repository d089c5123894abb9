"""Executes requests with graphql-core directly, without Strawberry's limits and error masking."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from inspect import isawaitable
from typing import Any, TypeVar, cast

from graphql import ExecutionResult, GraphQLError, GraphQLSchema, OperationDefinitionNode, OperationType
from graphql.execution import (
    Executor,
    create_source_event_stream,
    execute_subscription_event,
    get_variable_values,
)
from graphql.execution.values import VariableValues
from msgspec import Raw

from spanwell.graphql.arguments.logic import UsedFilters, used_filters
from spanwell.graphql.fast.batch_elements import Variables
from spanwell.graphql.fast.batch_variables import JsonText, ListInputs, is_big
from spanwell.graphql.library import coerced_variables, executor_for, executor_of
from spanwell.observability.model.errors import Overloaded, SpanwellError
from spanwell.observability.room import Room, room_for_request
from spanwell.observability.threads import Threads
from spanwell.observability.time_limits import TimeLimit

from .cost import cost_of
from .documents import Document, Documents
from .event_cache import Shared, sharing_key
from .failures import Code, failures, refused
from .fair_turns import Turns
from .lanes import Lanes
from .limits import QueryLimits
from .prepared import Answer, GraphQLRequest, Prepared
from .warnings import Caution, Warnings

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
        if not isinstance(request.variables, dict) or request.variables:
            return self._prepared(document, request)
        key = request.operation_name, request.wants_cost
        prepared = document.without_variables.get(key)
        if prepared is None:
            prepared = document.without_variables[key] = self._prepared(document, request)
        return prepared

    def _prepared(self, document: Document, request: GraphQLRequest) -> Prepared:
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
                if prepared.has_big_variables:
                    return await self._in_time(self._answer(prepared, context, room))
                with used_filters() as filters:
                    result = _result(self._build(prepared, context))
                    if isinstance(result, ExecutionResult):  # nothing to wait for, so it needs no time limit
                        return _answered(prepared, room, result)
                    return _answered(prepared, room, *await self._in_time(self._finished(result, context, filters)))
        except SpanwellError as error:
            raise refused([error]) from None

    async def _answer(self, prepared: Prepared, context: object, room: Room) -> Answer:
        """Return the result of an operation that is large, or has large variables."""
        with used_filters() as filters:
            build = partial(self._build, prepared, context)
            result = _result(await self._reading.run(build) if prepared.has_big_variables else build())
            answer = _answered(prepared, room, *await self._finished(result, context, filters))
        if prepared.is_large:
            _ = answer.json  # serialized here, in the thread, and cached
        return answer

    async def _finished(
        self, result: ExecutionResult | Awaitable[ExecutionResult], context: object, filters: UsedFilters
    ) -> tuple[ExecutionResult, list[Caution]]:
        """Return a result once it is there, with the warnings about its filters."""
        found = result if isinstance(result, ExecutionResult) else await result
        return found, await self.warnings.of(getattr(context, "service", None), filters) if filters else []

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
                    yield Answer(answer.data, answer.failures, {"warnings": warnings}) if warnings else answer
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
            with TimeLimit(self._timeout):
                return await work
        except TimeoutError:
            raise QueryTimeout(f"The request exceeded its time limit of {self._timeout:g} seconds.") from None

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


def _result(executor: Executor[Any] | list[GraphQLError]) -> ExecutionResult | Awaitable[ExecutionResult]:
    if isinstance(executor, list):
        return ExecutionResult(None, executor)
    return cast("ExecutionResult | Awaitable[ExecutionResult]", executor.execute_operation())


def _answered(prepared: Prepared, room: Room, result: ExecutionResult, warnings: Sequence[Caution] = ()) -> Answer:
    errors = result.errors or []
    if result.data is None and errors and all(error.path is None for error in errors):
        raise refused(errors)
    extensions: dict[str, Any] = {"cost": cost_of(prepared.cost, room)} if prepared.request.wants_cost else {}
    if warnings:
        extensions["warnings"] = warnings
    return Answer(result.data, failures(errors) if errors else [], extensions)


def _size(answer: Answer) -> int | None:
    """Return the size of a result in bytes; None if it has failures, because the next attempt may succeed."""
    return None if answer.failures else len(answer.json)

"""Runs requests on graphql-core itself, past Strawberry's own runner, whose limits and error masking we do not use."""

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

from spanwell.graphql.arguments.logic import asked_filters
from spanwell.graphql.fast.batch_elements import Variables
from spanwell.graphql.fast.batch_variables import JsonText, ListInputs, is_big
from spanwell.graphql.library import coerced_variables, executor_for, executor_of
from spanwell.observability.model.errors import Overloaded, SpanwellError
from spanwell.observability.room import Room, room_for_request
from spanwell.observability.threads import Threads

from .cost import Cost, cost_of
from .documents import Document, Documents
from .event_cache import Shared, asked_alike
from .failures import Code, Failure, failures, refused
from .fair_turns import Turns
from .lanes import Lanes
from .limits import QueryLimits
from .warnings import Warnings

T = TypeVar("T")


_EVENTS_AT_ONCE = 16
"""One write wakes every subscription: taking turns, they leave others room between them."""

_LARGE = 20_000
"""Values of an answer that take longer to put together, some 20 ms, than other requests should wait."""

_LANES = 2
"""How many large answers are put together at the same time."""

_READING, _WAITING = 4, 64
"""How many requests with big variables are read at the same time, and how many may wait for that."""

_MOST_VARIABLE_ERRORS = 5

_ROOM = 8 * 1024 * 1024
"""Bytes of answers to the latest events, for subscriptions that ask alike."""


class QueryTimeout(SpanwellError):
    """The request took longer than this server works on one."""

    code = "TIMEOUT"


@dataclass(frozen=True)
class GraphQLRequest:
    """What a client asks for."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] | JsonText = field(default_factory=dict[str, Any])
    """Their values, or those as a JSON object."""
    wants_cost: bool = False
    """Whether the answer is to say what it cost."""


@dataclass(frozen=True)
class Prepared:
    """A request that may be executed."""

    request: GraphQLRequest
    document: Document
    operation: OperationDefinitionNode
    variables: Variables
    cost: Cost
    is_large: bool = False
    """Whether its answer may hold so much that it is put together beside the event loop."""

    @property
    def has_big_variables(self) -> bool:
        """Whether its variables are still to be coerced, value by value, and are many."""
        return not self.variables.read and is_big(self.request.variables)

    @property
    def operation_type(self) -> OperationType:
        """Whether it is a query, a mutation or a subscription."""
        return self.operation.operation


@dataclass(frozen=True)
class Answer:
    """What an executed request gave: data, the failures of the fields that gave none, and what is said beside it."""

    data: dict[str, Any] | None
    failures: list[Failure]
    extensions: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @cached_property
    def json(self) -> bytes:
        """The answer as a response shows it; made once, however many it is sent to."""
        # Errors first, so that they are seen before a long `data`, as the GraphQL specification advises.
        parts = {"errors": self.failures, "data": self.data, "extensions": self.extensions}
        return orjson.dumps({name: part for name, part in parts.items() if part or name == "data"})


class Execution:
    """A schema with the limits under which it answers. `timeout` is in seconds."""

    def __init__(  # noqa: PLR0913 - each is a setting of its own, given by name
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
        """Do as `prepare`; big variables are read in a thread, so that other requests need not wait for it."""
        if not is_big(request.variables):
            return self.prepare(request)
        try:
            return await self._reading.run(partial(self.prepare, request))
        except Overloaded as error:
            raise refused([error]) from None

    def _variables(
        self, document: Document, operation: OperationDefinitionNode, given: Mapping[str, Any] | JsonText
    ) -> Variables:
        reader = document.reader(operation, self._list_inputs)
        return reader.read(given) if isinstance(given, bytes | Raw) else reader.read_plain(given)

    def variables(self, prepared: Prepared) -> dict[str, Any]:
        """Return the variables of an operation as its fields would have them. Raises `Refused`."""
        found = self._coerced(prepared)
        if isinstance(found, list):
            raise refused(found)
        return coerced_variables(found)

    async def execute(self, prepared: Prepared, context: object) -> Answer:
        """Return what a query or mutation gives. Raises `Refused` if its variables are wrong or the time is over."""
        try:
            with room_for_request(self._answer_bytes) as room:
                if prepared.is_large and prepared.operation_type is OperationType.QUERY:
                    return await self._in_time(self._lanes.run(partial(self._answer, prepared, context, room)))
                return await self._in_time(self._answer(prepared, context, room))
        except SpanwellError as error:
            raise refused([error]) from None

    async def _answer(self, prepared: Prepared, context: object, room: Room) -> Answer:
        with asked_filters() as asked:
            result = await self._execute(prepared, context)
        errors = result.errors or []
        if result.data is None and errors and all(error.path is None for error in errors):
            raise refused(errors)
        extensions: dict[str, Any] = {"cost": cost_of(prepared.cost, room)} if prepared.request.wants_cost else {}
        if asked and (warnings := await self.warnings.of(getattr(context, "service", None), asked)):
            extensions["warnings"] = warnings
        answer = Answer(result.data, failures(errors), extensions)
        if prepared.is_large:
            _ = answer.json  # which is made here and kept
        return answer

    async def subscribe(self, prepared: Prepared, make_context: Callable[[], object]) -> AsyncGenerator[Answer]:
        """Yield what each event of a subscription gives, each executed in a context of its own.

        An event is executed once for all subscriptions that ask alike, in the context of any of them. The first answer
        has the warnings.
        Raises `Refused` before the first; what goes wrong later is the last answer. `aclose` ends it at once.
        """
        context = make_context()
        executor = self._built(prepared, context)
        with asked_filters() as filters:
            opened = create_source_event_stream(executor)
            stream = await opened if isawaitable(opened) else opened
        if isinstance(stream, ExecutionResult):
            raise refused(stream.errors or [], Code.INTERNAL)
        service = getattr(context, "service", None)
        warnings = await self.warnings.of(service, filters)
        asked = (
            service,  # who may see other rows is answered apart
            prepared.request.query,
            asked_alike(prepared.document.node, prepared.operation, prepared.variables.values),
        )
        async with aclosing(cast("AsyncGenerator[Any]", stream)):
            try:
                async for event in stream:
                    await self._turns.mine()
                    answer = await self._events.get((asked, event), partial(self._event, prepared, event, make_context))
                    await self._turns.mine()  # who waited for the same answer has it in the same moment, and sends it
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
        """Return what some work gives. Raises `QueryTimeout`."""
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
        return cast("ExecutionResult", await result if isawaitable(result) else result)

    def _coerced(self, prepared: Prepared) -> VariableValues | list[GraphQLError]:
        return get_variable_values(
            self._schema,
            prepared.operation.variable_definitions or (),
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
    """Return how much room an answer takes; one with failures is not kept: the next time it may have none."""
    return None if answer.failures else len(answer.json)

"""Yields the answers of an operation: one for a query or mutation, any number for a subscription."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from graphql import OperationType

from spanwell.graphql.execution.executor import Execution
from spanwell.graphql.execution.failures import Refused, failures
from spanwell.graphql.execution.prepared import Answer, Prepared

MakeContext = Callable[[], object]


async def answers(execution: Execution, prepared: Prepared, make_context: MakeContext) -> AsyncGenerator[Answer]:
    """Yield the answers of an operation. Raises `Refused`, also for internal errors."""
    try:
        if prepared.operation_type is not OperationType.SUBSCRIPTION:
            yield await execution.execute(prepared, make_context())
            return
        async with aclosing(execution.subscribe(prepared, make_context)) as events:
            async for answer in events:
                yield answer
    except Refused:
        raise
    except Exception as error:  # noqa: BLE001 - any failure of a stream is reported and logged
        raise Refused(failures([error])) from None

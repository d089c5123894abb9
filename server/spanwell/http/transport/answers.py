"""The answers of an operation one after the other: one of a query or mutation, a subscription's as they come."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from graphql import OperationType

from spanwell.graphql.execution.executor import Answer, Execution, Prepared
from spanwell.graphql.execution.failures import Refused, failures

MakeContext = Callable[[], object]


async def answers(execution: Execution, prepared: Prepared, make_context: MakeContext) -> AsyncGenerator[Answer]:
    """Yield what an operation gives. Raises `Refused`, also for what is our fault."""
    try:
        if prepared.operation_type is not OperationType.SUBSCRIPTION:
            yield await execution.execute(prepared, make_context())
            return
        async with aclosing(execution.subscribe(prepared, make_context)) as events:
            async for answer in events:
                yield answer
    except Refused:
        raise
    except Exception as error:  # noqa: BLE001 - a stream that broke is said to be broken, and logged, like any failure
        raise Refused(failures([error])) from None

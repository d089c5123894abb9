"""Counts GraphQL operations by their first field; unlike operation names, there are only a few."""

import time

from typing_extensions import override

from spanwell.graphql.execution.executor import Execution
from spanwell.graphql.execution.failures import Failure, Refused
from spanwell.graphql.execution.prepared import Answer, Prepared
from spanwell.tracing.steps import traced_operation

from .meter import Meter


class MeteredExecution(Execution):
    """An execution that counts its operations once it has a meter."""

    meter = Meter()

    @override
    async def execute(self, prepared: Prepared, context: object) -> Answer:
        """Like `Execution.execute`, and count the operation."""
        began = time.monotonic()
        failures: list[Failure] = []
        name = prepared.first_field
        try:
            with traced_operation(*prepared.traced_as) as note:
                answer = await super().execute(prepared, context)
                failures = answer.failures
                note("spanwell.errors", len(failures))
        except Refused as refusal:
            failures = refusal.failures
            raise
        finally:
            self.meter.operations[name, "failed" if failures else "done"] += 1
            self.meter.operation_seconds.add((name,), time.monotonic() - began)
            for failure in failures:
                self.meter.errors[str(failure["extensions"]["code"])] += 1
        return answer

"""Traces that have not ended by now: an agent at work, and a nightly import that hangs."""

from collections.abc import Callable

from spanwell.demo.agents.conversations import Turn
from spanwell.demo.agents.mastra import agent_run
from spanwell.demo.agents.workflows import failure
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span
from spanwell.observability.model.text import json_of

from .day import HOUR
from .dice import Dice
from .draft import Draft

_SECONDS = 3 * 10**9


def unfinished(make: Callable[[int], Draft], now: Nanos) -> list[Span]:
    """Return the spans of a trace that has begun a moment ago and still runs."""
    ago = _SECONDS
    while (draft := make(now - ago)).clock <= now:
        ago //= 2
    return draft.finish(now)


def agent_at_work(dice: Dice, turn: Turn, now: Nanos) -> list[Span]:
    """Return an agent run that waits for its model."""
    return unfinished(lambda at: agent_run(dice, turn, at, refused=False), now)


def hanging_import(dice: Dice, now: Nanos) -> list[Span]:
    """Return a workflow that has run for hours; root and one step have failed already, but none of them has ended."""
    context = {"service_name": "catalog-import", "environment": "production", "source": "cloud", "run_id": dice.uuid()}
    begun = now - 2 * HOUR - dice.randrange(HOUR)
    given = json_of({"suppliers": 40, "mode": "incremental"})
    root = Draft.root(
        dice,
        "workflow run: 'catalog-import'",
        begun,
        context,
        type="workflow_run",
        input=given,
        tags=["odd", "running"],
    )
    root.given.update(entity_type="workflow", entity_name="catalog-import")
    for name in ("fetch-feeds", "normalise"):
        with root.child(f"workflow step: '{name}'", type="workflow_step", entity_type="workflow_step") as step:
            step.work(42_000)
    step = root.child("workflow step: 'write-products'", type="workflow_step", entity_type="workflow_step")
    details = {"written": 18_204, "suppliers": [7, 19]}
    step.given["error_info"] = failure(
        "LockTimeout", "2 of 40 suppliers are locked, trying again", "STEP_RETRY", details
    )
    root.given["error_info"] = failure("PartialFailure", "step write-products has failed 12 times", "RUN_RETRY", {})
    for draft in (step, root):
        draft.clock = now + HOUR
    return root.finish(now)

"""Tool calls of agents as Mastra traces them."""

from dataclasses import dataclass

from spanwell.demo.draft import Draft
from spanwell.demo.topics.script import Call
from spanwell.demo.topics.travel import BOOK
from spanwell.observability.model.columns import Json
from spanwell.observability.model.text import json_of

from .workflows import booking_workflow, entity, failure

_FAULTS = (
    ("TimeoutError", "The service did not answer within 5000 ms"),
    ("FetchError", "503 Service Unavailable"),
    ("FetchError", "socket hang up"),
    ("RateLimitError", "Too many requests, try again in 2 s"),
)


@dataclass(frozen=True)
class Attempt:
    """One try at a tool call."""

    call: Call
    fails: bool


def call_tool(step: Draft, attempt: Attempt, at: int) -> Json:
    """Add a tool call to a step of a model, beginning at a moment; return its output, or its error."""
    call = attempt.call
    with step.child(
        f"tool: '{call.tool}'",
        at=at,
        type="tool_call",
        **entity("tool", call.tool),
        input=json_of(call.arguments),
        attributes={"toolType": "tool", "toolDescription": call.tool.replace("_", " ").capitalize()},
    ) as tool:
        tool.measured["success"] = not attempt.fails
        if attempt.fails:
            name, message = tool.dice.choice(_FAULTS)
            tool.work(2_000, 0.6)
            error = failure(name, message, "TOOL_EXECUTION_FAILED", {"tool": call.tool})
            tool.results["error_info"] = error
            return error
        if call.tool == BOOK:
            booking_workflow(tool, call)
        else:
            tool.work(call.takes, 0.5)
        output = json_of(call.result)
        tool.results["output"] = output
        return output

"""The model's part of an agent run as Mastra traces it: a generation, its steps, their chunks and tool calls.

The usage of a generation is the sum of its steps', and both state it: whoever adds up all spans counts twice.
"""

from collections.abc import Sequence
from typing import Any

from spanwell.demo.dice import Dice
from spanwell.demo.draft import Draft
from spanwell.demo.models import MODELS, Model, Usage, thinking_time, tokens, usage
from spanwell.demo.topics.script import Call
from spanwell.observability.model.columns import Json
from spanwell.observability.model.text import json_of

from .conversations import Turn
from .tools import Attempt, call_tool
from .workflows import entity, failure

_REFUSALS = (
    ("AI_APICallError", "Rate limit reached for tokens per min. Please try again in 1.2s.", 429),
    ("AI_APICallError", "The server had an error while processing your request.", 500),
    ("AI_RetryError", "Failed after 3 attempts. Last error: Overloaded", 529),
)


def generation(root: Draft, turn: Turn, *, refused: bool) -> Draft:
    """Add the model's part of an agent run, and return it; it fails if the model's provider refuses to answer."""
    model = MODELS[turn.model]
    with root.child(
        f"llm: '{model.name}'",
        type="model_generation",
        **entity("agent", turn.topic.agent),
        input=json_of({"messages": [{"role": "system", "content": turn.topic.instructions}, *turn.messages]}),
        attributes={
            "model": model.name,
            "provider": model.provider.name,
            "streaming": True,
            "parameters": {"temperature": 0.3, "maxOutputTokens": 2048},
        },
    ) as made:
        made.work(1.5)
        if refused:
            _refuse(made)
        else:
            used = _steps(made, turn, model)
            made.results["output"] = json_of({"text": turn.answer})
            made.measured = {**usage_attributes(used, model), "finishReason": "stop", "responseModel": model.release}
    return made


def _refuse(made: Draft) -> None:
    name, message, status = made.dice.choice(_REFUSALS)
    made.work(1_900, 0.6)
    made.results["error_info"] = failure(name, message, "MODEL_CALL_FAILED", {"statusCode": status})


def _steps(made: Draft, turn: Turn, model: Model) -> Usage:
    read = 420 + sum(tokens(message["content"]) for message in turn.messages)
    total = Usage()
    rounds = _rounds(made.dice, turn.calls)
    for index, attempts in enumerate(rounds):
        used = usage(made.dice, model, read, sum(24 + tokens(str(attempt.call.arguments)) for attempt in attempts))
        with _step(made, index, model, used, "tool-calls") as step:
            for attempt in attempts:
                payload = {"toolName": attempt.call.tool, "args": attempt.call.arguments}
                step.moment("chunk: 'tool-call'", **_chunk("tool-call", json_of(payload)))
            _call_tools(step, attempts)
        read += used.written + sum(tokens(str(attempt.call.result)) for attempt in attempts)
        total += used
    used = usage(made.dice, model, read, tokens(turn.answer))
    with _step(made, len(rounds), model, used, "stop") as step:
        _say(step, turn.answer, model, used)
        step.results["output"] = json_of({"text": turn.answer})
    return total + used


def _rounds(dice: Dice, calls: Sequence[Call]) -> list[list[Attempt]]:
    """Return which tools each step calls: one by one or side by side; what fails is tried again in the next step."""
    groups = [list(calls)] if len(calls) > 1 and dice.chance(0.4) else [[call] for call in calls]
    rounds: list[list[Attempt]] = []
    for group in groups:
        attempts = [Attempt(call, fails=dice.chance(0.022)) for call in group]
        rounds.append(attempts)
        rounds.extend([Attempt(attempt.call, fails=False)] for attempt in attempts if attempt.fails)
    return rounds


def _step(generation: Draft, index: int, model: Model, used: Usage, finish: str) -> Draft:
    step = generation.child(
        f"step: {index}",
        type="model_step",
        attributes={"stepIndex": index, "model": model.name, "provider": model.provider.name},
    )
    step.measured = {**usage_attributes(used, model), "finishReason": finish, "isContinued": finish != "stop"}
    step.work(thinking_time(model, used)[0], 0.3)
    return step


def usage_attributes(used: Usage, model: Model) -> dict[str, Any]:
    """Return the attributes that state what a call used and cost."""
    counts: dict[str, Any] = {"inputTokens": used.read, "outputTokens": used.written}
    if used.cached:
        counts["inputDetails"] = {"cacheRead": used.cached, "text": used.read - used.cached}
    if used.reasoning:
        counts["outputDetails"] = {"reasoning": used.reasoning, "text": used.written - used.reasoning}
    cost = {"provider": model.provider.name, "model": model.name, "estimatedCost": used.cost(model), "costUnit": "usd"}
    return {"usage": counts, "costContext": cost}


def _chunk(kind: str, output: Json) -> dict[str, Any]:
    return {"type": "model_chunk", "output": output, "attributes": {"chunkType": kind}}


def _say(step: Draft, text: str, model: Model, used: Usage) -> None:
    writing = thinking_time(model, used)[1]
    if used.reasoning:
        with step.child("chunk: 'reasoning'", type="model_chunk", attributes={"chunkType": "reasoning"}) as reasoning:
            reasoning.work(writing * used.reasoning / used.written, 0.2)
    with step.child("chunk: 'text'", type="model_chunk", attributes={"chunkType": "text"}) as chunk:
        chunk.work(model.per_token * (used.written - used.reasoning), 0.2)
        chunk.results["output"] = json_of({"text": text})


def _call_tools(step: Draft, attempts: Sequence[Attempt]) -> None:
    start = step.clock
    results = [call_tool(step, attempt, start) for attempt in attempts]
    for result in results:
        step.moment("chunk: 'tool-result'", **_chunk("tool-result", result))

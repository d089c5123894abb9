"""Agent runs as Mastra traces them: memory, the model generation with its steps and tools, now and then a score."""

from typing import Any

from spanwell.demo.dice import Dice
from spanwell.demo.draft import Draft, Given
from spanwell.observability.model.text import json_of

from .conversations import Turn
from .generation import generation
from .workflows import entity

_VERSIONS = {"production": "v14", "staging": "v15-rc.2"}


def agent_run(dice: Dice, turn: Turn, at: int, *, refused: bool | None = None) -> Draft:
    """Return the trace of an agent that answers a turn; the provider refuses one in 80, or as told."""
    topic = turn.topic
    root = Draft.root(
        dice,
        f"agent run: '{topic.agent}'",
        at,
        _context(dice, turn),
        type="agent_run",
        **entity("agent", topic.agent),
        entity_version_id=_VERSIONS[turn.environment],
        input=json_of({"messages": turn.messages}),
        metadata=json_of({"turn": turn.number, "script": turn.title, "channel": dice.choice(("web", "web", "app"))}),
        tags=[topic.name, turn.environment],
        request_context=json_of(
            {"locale": dice.choice(("en-GB", "de-DE", "fr-FR", "sv-SE")), "userId": turn.person.user_id}
        ),
        attributes={
            "conversationId": turn.thread_id,
            "instructions": topic.instructions,
            "availableTools": topic.tools,
            "maxSteps": 8,
        },
    )
    if dice.chance(0.02):
        root.given["experiment_id"] = "exp-shorter-answers"
    with root:
        root.work(3)
        _memory(root, "recall", {"messages": len(turn.messages) - 1, "semantic": False})
        _answer(root, turn, refused=dice.chance(0.02) if refused is None else refused)
    return root


def _context(dice: Dice, turn: Turn) -> dict[str, Any]:
    return {
        "user_id": turn.person.user_id,
        "organization_id": turn.topic.organization,
        "resource_id": f"customer:{turn.person.user_id}",
        "session_id": turn.session_id,
        "thread_id": turn.thread_id,
        "run_id": dice.uuid(),
        "request_id": f"req_{dice.token(12)}",
        "environment": turn.environment,
        "service_name": turn.topic.service,
        "source": "cloud",
        "scope_name": "@mastra/core",
        "scope_version": "1.4.2",
    }


def _memory(root: Draft, operation: str, attributes: Given) -> None:
    with root.child(
        f"memory: {operation}",
        type="memory_operation",
        **entity("memory", "conversation-memory"),
        attributes={"operationType": operation, **attributes},
    ) as memory:
        memory.work(14)


def _answer(root: Draft, turn: Turn, *, refused: bool) -> None:
    answered = generation(root, turn, refused=refused)
    if "error_info" in answered.results:
        root.results["error_info"] = answered.results["error_info"]
        return
    root.results["output"] = json_of(turn.answer)
    _memory(root, "save", {"messages": 2})
    if root.dice.chance(0.08):
        _score(root, turn)


def _score(root: Draft, turn: Turn) -> None:
    with root.child(
        "scorer: 'answer-relevancy'",
        type="scorer_run",
        **entity("scorer", "answer-relevancy"),
        input=json_of({"question": turn.question, "answer": turn.answer}),
    ) as scorer:
        for step in ("preprocess", "analyze", "generateScore"):
            with scorer.child(f"scorer step: '{step}'", type="scorer_step") as part:
                part.work(6 if step == "preprocess" else 700)
        scorer.results["output"] = json_of({"score": round(root.dice.triangular(0.5, 1.0, 0.93), 2)})

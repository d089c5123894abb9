"""A crew of agents that divide a research question among them."""

from spanwell.demo.dice import Dice
from spanwell.demo.draft import Draft
from spanwell.demo.telemetry import fail

from .conversations import Turn
from .openinference import begin, done, model_call, step


def crew_run(dice: Dice, turn: Turn, at: int) -> Draft:
    """Return the trace of a planner, a searcher and a writer that answer a turn."""
    root = begin(dice, turn.topic.agent, "AGENT", turn, at)
    with root:
        root.work(8)
        if turn.calls:
            _plan(root, turn)
            _search(root, turn)
        _write(root, turn)
        done(root, turn.answer)
    return root


def _plan(root: Draft, turn: Turn) -> None:
    plan = "1. " + "\n2. ".join(f"use {call.tool}" for call in turn.calls)
    with step(root, "planner", "CHAIN", turn.question) as planner:
        system = {"role": "system", "content": "Split the question into searches that can be checked."}
        model_call(planner, "ChatModel", [system, turn.messages[-1]], plan, turn.model)
        done(planner, {"next": "searcher", "plan": plan})


def _search(root: Draft, turn: Turn) -> None:
    with step(root, "searcher", "AGENT", turn.question, {"agent.name": "searcher"}) as searcher:
        for call in turn.calls:
            model_call(searcher, "ChatModel", [turn.messages[-1]], f"Calling {call.tool}", "gpt-4o-mini")
            attributes = {"tool.name": call.tool, "tool.description": call.tool.replace("_", " ")}
            with step(searcher, call.tool, "TOOL", call.arguments, attributes) as tool:
                tool.work(call.takes, 0.5)
                if tool.dice.chance(0.02):
                    fail(tool, "ReadTimeout", "The journal's site did not answer within 30 s")
                    continue
                done(tool, call.result)
        done(searcher, {"sources": len(turn.calls) * 4})


def _write(root: Draft, turn: Turn) -> None:
    with step(root, "writer", "CHAIN", turn.question) as writer:
        with step(writer, "ChatPromptTemplate", "CHAIN") as template:
            template.work(0.8)
            done(template, {"messages": len(turn.messages) + 1})
        system = {"role": "system", "content": turn.topic.instructions}
        model_call(writer, "ChatModel", [system, *turn.messages], turn.answer, turn.model)
        with step(writer, "StrOutputParser", "CHAIN") as parser:
            parser.work(0.2)
            done(parser, turn.answer)
        done(writer, turn.answer)

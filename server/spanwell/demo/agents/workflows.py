"""Workflows as Mastra traces them: runs, steps, parallel branches, conditions, waits."""

from collections.abc import Callable, Sequence
from typing import Any

from spanwell.demo.dice import Dice
from spanwell.demo.draft import Draft
from spanwell.demo.topics.script import Call
from spanwell.observability.model.columns import Json
from spanwell.observability.model.text import json_of

_SUBJECTS = (
    ("Invoice 2231 was charged twice", "billing"),
    ("Tent pole broke on the second night", "warranty"),
    ("Where can I download the 2025 catalogue?", "question"),
    ("Please delete my account", "privacy"),
    ("Delivery to Iceland possible?", "shipping"),
)


def entity(kind: str, name: str) -> dict[str, Any]:
    """Return the columns that say what ran."""
    return {"entity_type": kind, "entity_name": name, "entity_id": name}


def failure(name: str, message: str, identifier: str, details: dict[str, Any]) -> Json:
    """Return error information as Mastra states it."""
    return json_of({"message": message, "name": name, "id": identifier, "category": "THIRD_PARTY", "details": details})


def booking_workflow(tool: Draft, call: Call) -> None:
    """Add the workflow that a booking tool runs."""
    with _run(tool.child, "book-trip", call.arguments) as run:
        _step(run, "check-availability", 420)
        _together(run, (("hold-seats", 900), ("hold-rooms", 760)))
        _step(run, "charge-card", 1_150)
        _step(run, "send-confirmation", 210)
        run.results["output"] = json_of({"status": "success", "result": call.result})


def inbound_mail(dice: Dice, at: int) -> Draft:
    """Return the trace of a workflow that sorts a customer's mail and drafts a reply."""
    subject, label = dice.choice(_SUBJECTS)
    mail = {"from": f"customer-{dice.randrange(10_000)}@mail.example", "subject": subject}
    context = {
        "run_id": dice.uuid(),
        "organization_id": "larkspur-outdoor",
        "environment": "production",
        "service_name": "mail-triage",
        "source": "cloud",
        "request_id": f"req_{dice.token(12)}",
        "scope_name": "@mastra/core",
        "scope_version": "1.4.2",
    }

    def begin(name: str, **given: Any) -> Draft:
        return Draft.root(dice, name, at, context, tags=["workflow", label], **given)

    with _run(begin, "inbound-email-workflow", mail) as run:
        _step(run, "create-record", 18)
        _step(run, "security-check", 130)
        _sort(run, label)
        run.results["output"] = json_of(
            {"status": "success", "result": {"label": label, "replied": label != "privacy"}}
        )
    return run


def _sort(run: Draft, label: str) -> None:
    with run.child(
        "conditional: '2 conditions'", type="workflow_conditional", attributes={"conditionCount": 2}
    ) as branch:
        _evaluate(branch, 0, label != "privacy")
        _evaluate(branch, 1, label == "privacy")
        if label == "privacy":
            _step(branch, "forward-to-privacy-team", 90)
            return
        name = "issue-processing-workflow"
        with _begun_step(branch, name) as step, _run(step.child, name, {"label": label}) as inner:
            _together(inner, (("parse-data", 25), ("analyze-content", 1_400), ("identify-entities", 650)))
            _step(inner, "merge-parallel-results", 4)
            _draft_reply(inner, label)
            inner.results["output"] = json_of({"status": "success"})
    if run.dice.chance(0.3):
        with run.child("sleep: '2000ms'", type="workflow_sleep", attributes={"durationMs": 2_000}) as sleep:
            sleep.work(2_000, 0.001)
    _step(run, "send-reply", 160)


def _draft_reply(run: Draft, label: str) -> None:
    with run.child("loop: 'dountil'", type="workflow_loop", attributes={"loopType": "dountil"}) as loop:
        rounds = run.dice.choice((1, 1, 1, 2, 3))
        for _ in range(rounds):
            _step(loop, "draft-reply", 1_900)
            _step(loop, "check-tone", 480)
        loop.measured["totalIterations"] = rounds
        loop.results["output"] = json_of({"label": label, "accepted": True})


def _evaluate(branch: Draft, index: int, result: object) -> None:
    with branch.child(
        f"condition '{index}'", type="workflow_conditional_eval", attributes={"conditionIndex": index}
    ) as condition:
        condition.work(0.4)
        condition.measured["result"] = bool(result)


def _together(run: Draft, steps: Sequence[tuple[str, float]]) -> None:
    with run.child(
        f"parallel: '{len(steps)} branches'", type="workflow_parallel", attributes={"branchCount": len(steps)}
    ) as parallel:
        start = parallel.clock
        for name, takes in steps:
            _step(parallel, name, takes, at=start)


def _run(begin: Callable[..., Draft], name: str, given: Any) -> Draft:
    run = begin(
        f"workflow run: '{name}'",
        type="workflow_run",
        **entity("workflow", name),
        input=json_of(given),
        attributes={"workflowId": name},
    )
    run.measured["status"] = "success"
    run.work(1)
    return run


def _begun_step(parent: Draft, name: str, at: int | None = None) -> Draft:
    step = parent.child(
        f"workflow step: '{name}'",
        at=at,
        type="workflow_step",
        **entity("workflow_step", name),
        attributes={"stepId": name},
    )
    step.measured["status"] = "success"
    return step


def _step(parent: Draft, name: str, takes: float, at: int | None = None) -> None:
    failed = parent.dice.chance(0.004)
    with _begun_step(parent, name, at) as step:
        step.work(takes, 0.4)
        if failed:
            step.measured["status"] = "failed"
            step.results["error_info"] = failure("Error", f"{name} timed out", "STEP_FAILED", {"attempt": 1})
        else:
            step.results["output"] = json_of({"ok": True})
    if failed:
        _step(parent, name, takes, step.clock)

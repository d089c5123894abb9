"""Every kind of question of Mastra's trace and thread queries is a filter here, over a plain store and over HTTP."""

from collections.abc import Callable, Generator
from typing import Any, TypeAlias

import pytest

from tests.rules.http_door import HttpDoor

from .asking import Asker

Ask: TypeAlias = Callable[[str, dict[str, Any]], Any]

CREATE = """mutation($spans: [CreateSpanInput!]!, $scores: [CreateScoreInput!]!, $feedback: [CreateFeedbackInput!]!) {
  batchCreateSpans(spans: $spans) { createdCount }
  batchCreateScores(scores: $scores) { createdCount }
  batchCreateFeedback(feedback: $feedback) { createdCount } }"""
TRACES = "query($where: TraceFilter!) { traces(filter: $where) { nodes { traceId } } }"
THREADS = """query($where: TraceFilter!, $having: ConversationFilter) {
  threads(filter: $where, having: $having, orderBy: [{field: ID, direction: ASC}]) { nodes { threadId } } }"""


def span(trace_id: str, span_id: str, start: str, end: str | None, **given: Any) -> dict[str, Any]:
    return {"traceId": trace_id, "spanId": span_id, "name": span_id, "startedAt": start, "endedAt": end, **given}


def root(trace_id: str, day: str, **given: Any) -> dict[str, Any]:
    given = {"type": "agent_run", "environment": "production", "endedAt": f"{day}T10:00:02Z", **given}
    return span(trace_id, "agent", f"{day}T10:00:00Z", given.pop("endedAt"), **given)


LOOKUP = {
    "type": "tool_call",
    "parentSpanId": "agent",
    "entityType": "tool",
    "entityId": "find_order",
    "metadata": {"rootEntityVersionId": "agent-1"},
}
CALL = {"type": "model_generation", "parentSpanId": "agent"}
METADATA = {"messageId": "m1", "role": "assistant", " role": "spaced", "padded": "  late  ", "empty": "", "number": 42}
SPANS = [
    root("order", "2026-08-05", threadId="ann", resourceId="shop-1", metadata=METADATA),
    span("order", "lookup", "2026-08-05T10:00:00Z", None, **LOOKUP, entityVersionId="1"),
    span("order", "lookup", "2026-08-05T10:00:00Z", "2026-08-05T10:00:01Z", errorInfo={"message": "no such order"})
    | LOOKUP
    | {"name": "find_order", "entityVersionId": "2"},
    span("order", "call", "2026-07-15T10:00:00Z", "2026-07-15T10:00:06Z", **CALL)
    | {"attributes": {"model": "large", "provider": "anthropic"}},
    root("refund", "2026-08-06", threadId="ann", resourceId="shop-2", environment="staging"),
    span("refund", "find_order", "2026-08-06T10:00:00Z", "2026-08-06T10:00:01Z", **LOOKUP, entityVersionId="1"),
    span("refund", "call", "2026-08-06T10:00:00Z", "2026-08-06T10:00:02Z", **CALL)
    | {"attributes": {"model": "small", "provider": "openai"}},
    root("stock", "2026-08-07", threadId="bob", errorInfo={"message": "failed"}),
    span("stock", "search", "2026-08-07T10:00:00Z", "2026-08-07T10:00:01Z", type="rag_action", parentSpanId="agent")
    | {"attributes": {"model": 42, "provider": {"name": "none"}}},
    root("greeting", "2026-08-08"),
    root("running", "2026-08-09", threadId="carl", endedAt=None),
    root("june", "2026-06-01", threadId="dora"),
]


def score(score_id: str, trace_id: str | None, scorer: str, value: float, **given: Any) -> dict[str, Any]:
    given = {"timestamp": "2026-08-10T10:00:00Z", **given}
    return {"scoreId": score_id, "traceId": trace_id, "name": scorer, "scorer": scorer, "value": value, **given}


OLD, NEW = {"scorerVersion": "1", "source": "manual"}, {"scorerVersion": "2", "source": "automated"}
SCORES = [
    score("1", "order", "factuality", 0.9, spanId="lookup", timestamp="2026-07-19T10:00:00Z", **OLD),
    score("1", "order", "factuality", 0.4, spanId="lookup", timestamp="2026-07-20T10:00:00Z", **NEW),
    score("2", "order", "safety", 0.95, scorerVersion="1", source="automated"),
    score("3", "refund", "factuality", 0.9, spanId="find_order", **NEW),
    score("4", "refund", "safety", 0.4, **OLD),
    score("5", "stock", "factuality", 0.7),
    score("6", None, "factuality", 0.1, **NEW),
    score("7", "nowhere", "factuality", 0.1, **NEW),
]


def feedback(feedback_id: str, trace_id: str, name: str, source: str, **given: Any) -> dict[str, Any]:
    given = {"timestamp": "2026-08-10T10:00:00Z", **given}
    return {"feedbackId": feedback_id, "traceId": trace_id, "name": name, "source": source, **given}


FEEDBACK = [
    feedback("1", "order", "rating", "nobody", value=-1, userId="ann", sourceId="survey", comment="No."),
    feedback("1", "order", "rating", "customer", value=-1),
    feedback("2", "order", "correction", "clerk", textValue="It is order 7.", userId="joe"),
    feedback("3", "refund", "review", "customer", textValue="seen"),
    feedback("4", "refund", "rating", "clerk", value=3, timestamp="2026-08-20T10:00:00Z"),
    feedback("5", "refund", "rating", "customer", textValue="3"),
    feedback("6", "stock", "review", "clerk", textValue="approved", comment="Fine."),
    feedback("7", "refund", "correction", "clerk", textValue="It is order 8.", userId="eve"),
]


@pytest.fixture(scope="module", params=["plain", "http"])
def ask(request: pytest.FixtureRequest) -> Generator[Ask]:
    everything = {"spans": SPANS, "scores": SCORES, "feedback": FEEDBACK}
    if request.param == "plain":
        asker = Asker()
        asker.ask(CREATE, everything)
        yield lambda query, variables: next(iter(asker.ask(query, variables).values()))
    else:
        door = HttpDoor()
        assert "errors" not in door.send(CREATE, **everything).json()
        yield lambda query, variables: door.ask(query, **variables)
        door.close()


def within(since: str, until: str, where: Any = None) -> dict[str, Any]:
    """Return the filter of traces whose root span has ended and started in a time range."""
    started = {"isRoot": {"eq": True}, "startedAt": {"gte": since, "lt": until}, "endedAt": {"isNull": False}}
    return {"and": [{"spans": {"some": started}}, where or {}]}


def august(where: Any = None) -> dict[str, Any]:
    return within("2026-08-01", "2026-09-01", where)


def metadata(key: str, **test: Any) -> dict[str, Any]:
    return {"attributes": [{"key": key, "level": "METADATA", **test}]}


def some(of: str, **given: Any) -> dict[str, Any]:
    return {of: {"some": given}}


def none(of: str, **given: Any) -> dict[str, Any]:
    return {of: {"none": given}}


def eq(value: Any) -> dict[str, Any]:
    return {"eq": value}


FAILED, MISSING = {"errorInfo": {"isNull": False}}, {"isNull": True}
LOW = some("scores", scorer=eq("factuality"), value={"lt": 0.6})
BY_EVE = some("feedback", name=eq("correction"), userId=eq("eve"))
BY_JOE = some("feedback", name=eq("correction"), userId=eq("joe"))
REVIEW = {"name": eq("review")}
OF_TRACES: dict[str, tuple[Any, list[str]]] = {
    "ended roots, the newest first": ({}, ["greeting", "stock", "refund", "order"]),
    "and, not": ({"environment": eq("production"), "not": {"status": eq("ERROR")}}, ["greeting", "order"]),
    "a metadata key": (metadata("messageId", string=eq("m1")), ["order"]),
    "a key with a space": (metadata(" role", string=eq("spaced")), ["order"]),
    "the key without it": (metadata("role", string=eq("spaced")), []),
    "a trimmed value": (metadata("padded", string={"regex": r"^\s*late\s*$"}), ["order"]),
    "an empty value as a missing one": (
        {"not": metadata("empty", string={"regex": r"\S"})},
        ["greeting", "stock", "refund", "order"],
    ),
    "a number is no text": (metadata("number", string=eq("42")), []),
    "a missing key differs": (metadata("role", string={"ne": "assistant"}), ["greeting", "stock", "refund"]),
    "a missing key is in no set": (metadata("role", string={"notIn": ["assistant"]}), ["greeting", "stock", "refund"]),
    "many tests of one span": (
        some(
            "spans",
            **metadata("rootEntityVersionId", string=eq("agent-1")),
            name=eq("find_order"),
            status=eq("ERROR"),
            entityId=eq("find_order"),
            entityVersionId=eq("2"),
        ),
        ["order"],
    ),
    "tests of different spans": (some("spans", name=eq("find_order"), model=eq("large")), []),
    "slow calls of a model": (
        some("spans", provider=eq("anthropic"), endedAt={"lt": "2026-07-15T11:00Z"}, durationMs={"gt": 5_000}),
        ["order"],
    ),
    "a model that is no text": (some("spans", name=eq("search"), model=MISSING, provider=MISSING), ["stock"]),
    "a span whose field is in no set": (
        some("spans", entityId=eq("find_order"), provider={"notIn": ["openai"]}),
        ["refund", "order"],
    ),
    "a replaced name": (some("spans", name=eq("lookup")), []),
    "no failed tool": (none("spans", type=eq("tool_call"), **FAILED), ["greeting", "stock", "refund"]),
    "any failure, the root's too": (some("spans", **FAILED), ["stock", "order"]),
    "scorer and value of one score": (LOW, ["order"]),
    "version and value of one score": (some("scores", scorerVersion=eq("2"), value={"lt": 0.6}), ["order"]),
    "scores of a time": (
        some("scores", source=eq("automated"), timestamp={"gte": "2026-07-15", "lt": "2026-08-01"}),
        ["order"],
    ),
    "scores of spans": (some("scores", spanId={"isNull": False}), ["refund", "order"]),
    "scores of traces": (some("scores", spanId=MISSING), ["stock", "refund", "order"]),
    "not scored": (none("scores", scorer=eq("safety")), ["greeting", "stock"]),
    "a missing version differs": (some("scores", scorerVersion={"ne": "2"}), ["stock", "refund", "order"]),
    "a missing version is in no set": (some("scores", scorerVersion={"notIn": ["2"]}), ["stock", "refund", "order"]),
    "no low score": (none("scores", value={"lt": 0.5}), ["greeting", "stock"]),
    "scores of no trace": (some("scores", value={"lt": 0.2}), []),
    "eq of a null": ({"threadId": eq("ann")}, ["refund", "order"]),
    "ne of a null": ({"threadId": {"ne": "ann"}}, ["greeting", "stock"]),
    "in of a null": ({"resourceId": {"in": ["shop-1"]}}, ["order"]),
    "notIn of a null": ({"resourceId": {"notIn": ["shop-1"]}}, ["greeting", "stock", "refund"]),
    "exists": ({"threadId": {"isNull": False}}, ["stock", "refund", "order"]),
    "not exists": ({"threadId": MISSING}, ["greeting"]),
    "bad ratings": (some("feedback", name=eq("rating"), source=eq("customer"), value={"lt": 0}), ["order"]),
    "not reviewed by a clerk": (none("feedback", **REVIEW, source=eq("clerk")), ["greeting", "refund", "order"]),
    "a comment stays": (some("feedback", comment={"isNull": False}), ["stock", "order"]),
    "feedback of a time": (some("feedback", source=eq("clerk"), timestamp={"gte": "2026-08-15"}), ["refund"]),
    "a replaced source": (some("feedback", source=eq("nobody")), []),
    "text is no number": (some("feedback", source=eq("customer"), value=eq(3)), []),
    "text": (some("feedback", source=eq("customer"), textValue=eq("3")), ["refund"]),
    "text differs from a number": (
        some("feedback", name=eq("rating"), source=eq("customer"), value={"ne": 3}),
        ["refund", "order"],
    ),
    "user and source of feedback": (some("feedback", userId=eq("ann"), sourceId=eq("survey")), ["order"]),
}
OF_THREADS: dict[str, tuple[Any, Any, list[str]]] = {
    "threads of ended traces": ({}, {}, ["ann", "bob"]),
    "two traces": ({}, {"and": [{"traces": {"some": LOW}}, {"traces": {"some": BY_EVE}}]}, ["ann"]),
    "both of one trace": ({}, {"traces": {"some": {"and": [LOW, BY_EVE]}}}, []),
    "the same trace twice": ({}, {"and": [{"traces": {"some": LOW}}, {"traces": {"some": BY_JOE}}]}, ["ann"]),
    "a trace without a review": ({}, {"traces": {"some": none("feedback", **REVIEW)}}, ["ann"]),
    "no trace with a review": ({}, {"traces": {"none": some("feedback", **REVIEW)}}, []),
    "of some traces only": (
        {"environment": eq("production")},
        {"and": [{"traces": {"some": LOW}}, {"traces": {"some": BY_EVE}}]},
        [],
    ),
    "one span": ({}, {"traces": {"some": some("spans", name=eq("find_order"), model=eq("small"))}}, []),
    "one score": ({"environment": eq("staging")}, {"traces": {"some": LOW}}, []),
    "a failed span": ({}, {"traces": {"some": some("spans", name=eq("find_order"), **FAILED)}}, ["ann"]),
    "or": (
        {},
        {"or": [{"traces": {"some": {"environment": eq("staging")}}}, {"traces": {"some": {"status": eq("ERROR")}}}]},
        ["ann", "bob"],
    ),
    "not": ({}, {"not": {"traces": {"some": {"status": eq("ERROR")}}}}, ["ann"]),
}


@pytest.mark.parametrize("name", OF_TRACES)
def test_a_question_about_traces_is_a_filter(ask: Ask, name: str) -> None:
    where, found = OF_TRACES[name]
    assert [node["traceId"] for node in ask(TRACES, {"where": august(where)})["nodes"]] == found


def test_spans_and_scores_from_other_times_count_for_a_trace_of_the_time(ask: Ask) -> None:
    for where, found in ((some("spans", type=eq("tool_call")), ["order"]), (LOW, ["order"]), ({}, ["order"])):
        asked = within("2026-08-05", "2026-08-06", where)
        assert [node["traceId"] for node in ask(TRACES, {"where": asked})["nodes"]] == found


@pytest.mark.parametrize("name", OF_THREADS)
def test_a_question_about_threads_is_a_filter_of_their_traces(ask: Ask, name: str) -> None:
    where, having, found = OF_THREADS[name]
    nodes = ask(THREADS, {"where": august(where), "having": having})["nodes"]
    assert [node["threadId"] for node in nodes] == found

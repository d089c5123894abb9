"""Every model call of a trace counts once, whichever spans repeat its numbers: the six shapes that senders make."""

import pytest

from spanwell.observability.derivation.derived import derived
from spanwell.observability.derivation.trace_state import TraceState
from spanwell.observability.derivation.usage_rule import Role, role_of
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span
from tests.making import light_span, rollups

Shape = list[tuple[str, str | None, str, int | None, float | None]]
"""Of each span its id, its parent, its type, its tokens and its cost."""

SHAPES: dict[str, tuple[Shape, int | None, float | None]] = {
    "an aggregate stands for its steps": (
        [("a", None, "agent_run", 150, 0.3), ("1", "a", "chat", 100, 0.2), ("2", "a", "chat", 50, 0.1)],
        *(150, 0.3),
    ),
    "an aggregate knows of calls that nobody traced": (
        [("a", None, "agent_run", 200, 0.4), ("1", "a", "chat", 100, 0.2)],
        *(200, 0.4),
    ),
    "the last step hides no other": (
        [("a", None, "invoke_agent", 90, 0.2), ("1", "a", "chat", 70, 0.1), ("2", "a", "chat", 90, 0.2)],
        *(160, 0.3),
    ),
    "an own share hides nothing": (
        [("a", None, "agent_run", 10, None), ("1", "a", "chat", 100, 0.2)],
        *(100, 0.2),
    ),
    "a delegate below a tool counts besides": (
        [
            *(("g", None, "model_generation", 100, 0.1), ("s", "g", "model_step", 100, None)),
            *(("t", "s", "tool_call", None, None), ("b", "t", "agent_run", None, None)),
            ("h", "b", "model_generation", 30, 0.2),
        ],
        *(130, 0.3),
    ),
    "zero hides nothing": ([("a", None, "chain", 0, None), ("1", "a", "LLM", 100, 0.2)], *(100, 0.2)),
    "nothing stated is not zero": ([("a", None, "chain", None, None), ("1", "a", "LLM", None, None)], None, None),
    "of equal numbers the one that knows its cost": (
        [("a", None, "chain", 100, None), ("1", "a", "LLM", 100, 0.2)],
        *(100, 0.2),
    ),
    "a partial trace: below states less than above": (
        [("g", None, "generation", 100, 0.5), ("1", "g", "generation", 60, 0.3)],
        *(100, 0.5),
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("is_reversed", [False, True], ids=["parents first", "children first"])
def test_a_shape_counts_each_call_once(shape: str, *, is_reversed: bool) -> None:
    spans, tokens, cost = SHAPES[shape]
    state = TraceState()
    for at, (span_id, parent, kind, total, usd) in enumerate(reversed(spans) if is_reversed else spans):
        span = Span(trace_id="t", span_id=span_id, parent_span_id=parent, name="x", type=kind, started_at=Nanos(at))
        derived(span)
        span.total_tokens, span.cost_usd = total, usd
        state.add([light_span(span)])
    rolled = rollups(state)
    assert (rolled["total_tokens"], rolled["cost_usd"]) == (tokens, cost)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        *(("LLM", Role.MODEL), ("chat", Role.MODEL), ("ai.generateText.doGenerate", Role.MODEL)),
        *(("execute_tool", Role.BOUNDARY), ("AGENT", Role.BOUNDARY), ("mcp_tool_call", Role.BOUNDARY)),
        *(("CHAT_MODEL", Role.MODEL), ("llm_request", Role.MODEL), ("ai.streamText", Role.MODEL)),
        *(("ai.toolCall", Role.BOUNDARY), ("agent_turn", Role.BOUNDARY), ("create_agent", Role.BOUNDARY)),
        *(("generic", Role.OTHER), ("CHAIN", Role.OTHER), ("workflow_run", Role.OTHER)),
    ],
)
def test_a_type_has_a_role_in_any_spelling(name: str, role: Role) -> None:
    assert role_of(name) is role

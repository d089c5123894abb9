"""Random traces of agents, whose spans repeat numbers as frameworks do, come to what their model calls add up to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwell.observability.derivation.derived import derived
from spanwell.observability.derivation.trace_state import TraceState
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span
from spanwell.storage.reference.forest import Forest
from spanwell.storage.reference.usage import UsageForest
from tests.making import light_span, rollups

Tokens = tuple[int, int]
"""Those that a call read, and those that it wrote."""

CALLS = ("chat", "LLM", "model_generation", "CHAT_MODEL", "ai.generateText.doGenerate", "generation", "llm_request")
TOOLS = ("execute_tool", "TOOL", "tool_call", "ai.toolCall")
AGENTS = ("invoke_agent", "AGENT", "agent_run")
OTHERS = ("generic", "CHAIN", "workflow_step", "task")


def total(calls: Sequence[Tokens]) -> Tokens:
    return sum(read for read, _ in calls), sum(written for _, written in calls)


def price(tokens: Tokens) -> float:
    """Return what tokens cost, as whole microdollars, so that sums are exact."""
    return (tokens[0] + 4 * tokens[1]) / 1e6


HABITS: Sequence[Callable[[Sequence[Tokens]], Tokens | None]] = (
    total,
    lambda calls: calls[-1],
    lambda calls: calls[0],
    lambda _: (0, 0),
    lambda _: None,
    lambda calls: (total(calls)[0], 0),
    lambda calls: (0, total(calls)[1]),
    lambda calls: total(calls[::2]),
    lambda calls: (total(calls)[0] // 2, total(calls)[1] // 3),
)
"""What a span states of the calls below it.

All, the last, the first, zero, nothing, only what was read or written, every other call, or a share of its own.
"""


@dataclass
class Growing:
    """A trace that grows at random, span by span."""

    random: Random
    spans: list[Span] = field(default_factory=list[Span])

    def add(self, kind: str, parent: str | None) -> Span:
        """Return a new span."""
        at = len(self.spans)
        span = Span(trace_id="t", span_id=f"{at}", parent_span_id=parent, name="x", type=kind, started_at=Nanos(at))
        self.spans.append(derived(span))
        return span

    def state(self, span: Span, tokens: Tokens | None, *, knows_cost: bool = False) -> None:
        """Let a span state tokens, and what they cost if it knows, as most do."""
        if tokens is not None:
            span.input_tokens, span.output_tokens = tokens
            span.total_tokens = sum(tokens)
            if knows_cost or self.random.random() < 0.6:
                span.cost_usd = price(tokens)

    def call(self, parent: str | None, depth: int) -> tuple[list[Tokens], list[Tokens]]:
        """Add a model call, alone or with steps; return the calls that it is, and those of others behind its tools."""
        span = self.add(self.random.choice(CALLS), parent)
        if depth <= 0 or self.random.random() < 0.6:
            tokens = (self.random.randint(1, 50), self.random.randint(1, 50))
            self.state(span, tokens, knows_cost=True)
            return [tokens], []
        own: list[Tokens] = []
        others: list[Tokens] = []
        for _ in range(self.random.randint(1, 3)):
            step, behind = self.call(span.span_id, depth - 1)
            own, others = own + step, others + behind
            if self.random.random() < 0.4:
                others += self.group(TOOLS, span.span_id, depth - 1)
        self.state(span, self.random.choice(HABITS)(own))
        return own, others

    def group(self, kinds: Sequence[str], parent: str | None, depth: int) -> list[Tokens]:
        """Add an agent, a tool or a chain with whatever it calls; return all calls below it."""
        span = self.add(self.random.choice(kinds), parent)
        found: list[Tokens] = []
        for _ in range(self.random.randint(0, 3) if depth > 0 else 0):
            if self.random.random() < 0.5:
                own, others = self.call(span.span_id, depth - 1)
                found += own + others
            else:
                found += self.group(self.random.choice((AGENTS, TOOLS, OTHERS)), span.span_id, depth - 1)
        if found:
            self.state(span, self.random.choice(HABITS)(found))
        return found


@settings(max_examples=200)
@given(st.randoms(use_true_random=False))
def test_a_trace_comes_to_what_its_model_calls_add_up_to(random: Random) -> None:
    growing = Growing(random)
    calls = growing.group((*AGENTS, *OTHERS), None, 4)
    random.shuffle(growing.spans)
    rolled = rollups(TraceState(map(light_span, growing.spans)))
    expected = total(calls) if calls else (None, None)
    assert (rolled["input_tokens"], rolled["output_tokens"]) == expected
    counting = UsageForest(Forest(growing.spans)).counting(growing.spans)
    assert sum(span.input_tokens or 0 for span in counting) == (expected[0] or 0)
    cost = sum(span.cost_usd or 0 for span in counting)
    assert cost == pytest.approx(sum(map(price, calls)))
    assert (rolled["cost_usd"] or 0) == pytest.approx(cost)


@given(st.randoms(use_true_random=False))
def test_any_one_span_counts_what_it_states(random: Random) -> None:
    growing = Growing(random)
    growing.group(AGENTS, None, 3)
    forest = UsageForest(Forest(growing.spans))
    for span in growing.spans:
        assert forest.counting([span]) == ([span] if span.total_tokens is not None else [])


@given(st.randoms(use_true_random=False), st.integers(1, 99))
def test_an_outer_call_knows_of_steps_that_nobody_traced(random: Random, more: int) -> None:
    growing = Growing(random)
    root = growing.add("agent_run", None)
    outer = growing.add("ai.generateText", root.span_id)
    own, others = growing.call(outer.span_id, 3)
    read, written = total(own)
    growing.state(outer, (read + more, written))
    rolled = rollups(TraceState(map(light_span, growing.spans)))
    assert rolled["input_tokens"] == read + more + total(others)[0]

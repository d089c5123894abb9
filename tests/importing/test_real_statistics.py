"""Statistics of real traces of agents have the tokens that their files state."""

from pathlib import Path

import pytest

from spanwell.observability.questions.conditions import ALWAYS, Compare, Condition, Op
from spanwell.observability.questions.queries import SpanQuery, Window
from spanwell.observability.questions.statistics import Basic, StatsQuery

from .stores import Store
from .test_real_files import LANGFUSE

TOKENS = (Basic.INPUT_TOKENS, Basic.OUTPUT_TOKENS, Basic.TOTAL_TOKENS)


def tokens(store: Store, where: Condition = ALWAYS) -> tuple[int | None, ...]:
    """Return the tokens of some spans."""
    return store.runner.run(store.storage.span_stats(StatsQuery(TOKENS, where))).cells[0, 0]


@pytest.mark.parametrize(("name", "expected"), [(name, stated) for name, _, stated, _ in LANGFUSE])
def test_an_agents_trace_has_the_tokens_that_its_file_states(
    store: Store, shared_data: Path, name: str, expected: tuple[int | None, ...]
) -> None:
    store.add(shared_data / "langfuse-frameworks" / f"{name}.json")
    assert tokens(store) == expected
    assert store.runner.run(store.storage.trace_stats(StatsQuery(TOKENS))).cells[0, 0] == expected


def test_all_of_them_together_count_each_trace_once(store: Store, shared_data: Path) -> None:
    """Two of the files hold the same trace."""
    expected: dict[str, tuple[int | None, ...]] = {}
    for name, _, stated, _ in LANGFUSE:
        store.add(shared_data / "langfuse-frameworks" / f"{name}.json")
        expected[name.replace("-tools-2025-06-06", "-2025-06-06")] = stated
    sums = tuple(sum(each[i] or 0 for each in expected.values()) for i in range(3))
    assert tokens(store) == sums


def test_an_agent_that_sums_up_hides_its_calls_only_where_it_matches(store: Store, shared_data: Path) -> None:
    store.add(shared_data / "langfuse-frameworks" / "microsoft-agent-2025-10-14.json")
    calls = Compare("model", Op.EQ, "gpt-4o")
    found = store.runner.run(store.storage.list_spans(SpanQuery(Window(100), calls))).nodes
    stated = sum(span.total_tokens or 0 for span in found)
    assert tokens(store, calls)[2] == stated > 666

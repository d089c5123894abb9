"""The self time of a span: each moment in which it runs and none of its children does."""

from hypothesis import given
from hypothesis import strategies as st

from spanwell.storage.reference.trees import self_time_ms
from tests.making import at, ended, span

STRETCHES = st.tuples(st.integers(0, 12), st.none() | st.integers(0, 12))


@given(st.integers(0, 12), st.integers(0, 12), st.lists(STRETCHES, max_size=6))
def test_it_counts_the_seconds_in_which_no_child_runs(
    first: int, last: int, children: list[tuple[int, int | None]]
) -> None:
    alone = sum(
        not any(start <= second and (end is None or second < end) for start, end in children)
        for second in range(first, last)
    )
    parent = ended("t", "p", started_at=at(first), ended_at=at(last))
    below = [span("t", "c", "p", started_at=at(a), ended_at=None if b is None else at(b)) for a, b in children]
    assert self_time_ms(parent, below) == alone * 1000.0


def test_a_span_that_runs_has_none_yet() -> None:
    assert self_time_ms(span("t", "p"), []) is None

"""Lists are in a total order, and a cursor stands for a place in it."""

import pytest

from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.model.columns import Json
from spanwell.observability.model.errors import BadCursor
from tests.making import at, ended, span

from .door import NEWEST, Door, Listing, Sort

BY_END = Sort("ENDED_AT", "ended_at")
BY_END_RISING = Sort("ENDED_AT", "ended_at", descending=False)


def walk(door: Door, kind: str, sort: Sort, first: int) -> list[str]:
    """Return the ids of all pages, which never overlap and never end early."""
    found: list[str] = []
    after: str | None = None
    while True:
        page: Listing = getattr(door, kind)(sort, first, after)
        found += page.ids
        assert len(page.ids) == first or not page.has_next
        if not page.has_next:
            return found
        after = page.end_cursor


def test_the_newest_come_first(door: Door) -> None:
    door.create(*(span(f"t{i}", "a", started_at=at(i)) for i in (2, 0, 3, 1)))
    assert door.traces().ids == ["t3", "t2", "t1", "t0"]


def test_descending_ends_put_running_traces_first_and_ascending_ones_last(door: Door) -> None:
    door.create(ended("a", "s", ended_at=at(1)), span("b", "s"), ended("c", "s", ended_at=at(3)))
    assert door.traces(BY_END).ids == ["b", "c", "a"]
    assert door.traces(BY_END_RISING).ids == ["a", "c", "b"]


@pytest.mark.parametrize("first", [1, 2, 3, 7, 50])
@pytest.mark.parametrize("kind", ["traces", "spans"])
@pytest.mark.parametrize("sort", [NEWEST, BY_END, BY_END_RISING, Sort("NAME", "name")], ids=str)
def test_equal_keys_and_absent_ones_page_without_loss_or_repeat(door: Door, kind: str, sort: Sort, first: int) -> None:
    spans = [span(f"t{i:02}", f"s{i:02}", ended_at=at(i % 3) if i % 4 else None, name=f"n{i % 2}") for i in range(20)]
    door.create(*spans)
    found = walk(door, kind, sort, first)
    prefix = "t" if kind == "traces" else "s"
    assert sorted(found) == [f"{prefix}{i:02}" for i in range(20)]
    assert found == getattr(door, kind)(sort).ids


@pytest.mark.parametrize("kind", ["traces", "spans"])
def test_paging_while_spans_arrive_neither_loses_nor_repeats(door: Door, kind: str) -> None:
    door.create(*(span(f"t{i:02}", f"s{i:02}", started_at=at(i)) for i in range(20)))
    found: list[str] = []
    after: str | None = None
    for step in range(7):
        page: Listing = getattr(door, kind)(NEWEST, 3, after)
        found += page.ids
        after = page.end_cursor
        door.create(*(span(f"new{step}{i}", f"new{step}{i}", started_at=at(100 + step)) for i in range(5)))
        door.delete("t19")
    assert [i[1:] for i in found] == [f"{i:02}" for i in reversed(range(20))]


def test_the_total_is_exact_after_creates_updates_and_deletes(door: Door) -> None:
    door.create(*(span("t", f"s{i}") for i in range(30)), span("u", "s"))
    door.create(*(ended("t", f"s{i}") for i in range(10, 40)))
    door.update(SpanUpdate("t", "s1", {"metadata": Json("{}")}))
    assert (door.spans(first=1).total, door.traces(first=1).total) == (41, 2)
    door.delete("u")
    assert (door.spans(first=1).total, door.traces(first=1).total) == (40, 1)


def test_the_spans_of_a_trace_come_in_the_order_in_which_they_began(door: Door) -> None:
    door.create(span("t", "c", started_at=at(1)), span("t", "b", started_at=at(1)), span("t", "a", started_at=at(0)))
    assert door.trace_spans("t") == ["a", "b", "c"]


def test_a_cursor_of_another_order_is_refused(door: Door) -> None:
    door.create(*(span(f"t{i}", "a") for i in range(3)))
    cursor = door.traces(first=1).end_cursor
    with pytest.raises(BadCursor):
        door.traces(BY_END, 1, cursor)
    with pytest.raises(BadCursor):
        door.spans(NEWEST, 1, cursor)

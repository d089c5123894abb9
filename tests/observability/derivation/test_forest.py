"""The spans of a trace are a forest, whatever they say of their parents."""

from hypothesis import given
from hypothesis import strategies as st

from spanwell.observability.model.span import Span
from spanwell.storage.reference.forest import Forest, positions
from tests.making import at, span

IDS = [str(i) for i in range(12)]
PARENTS = st.lists(st.none() | st.sampled_from([*IDS, "missing"]), min_size=1, max_size=len(IDS))


def family(parents: list[str | None]) -> list[Span]:
    return [span("t", str(i), parent, started_at=at(i % 5)) for i, parent in enumerate(parents)]


@given(PARENTS)
def test_every_walk_ends_and_every_span_has_its_place(parents: list[str | None]) -> None:
    spans = family(parents)
    forest = Forest(spans)
    below_tops = [s for top in forest.tops for s in (top, *forest.descendants(top))]
    assert sorted(s.span_id for s in below_tops) == sorted(s.span_id for s in spans)
    for each in spans:
        assert each not in list(forest.ancestors(each))
        assert all(each in list(forest.ancestors(below)) for below in forest.descendants(each))


@given(PARENTS)
def test_places_tell_who_is_below_whom(parents: list[str | None]) -> None:
    spans = family(parents)
    forest, placed = Forest(spans), positions(spans)
    assert sorted(p.tree_start for p in placed.values()) == list(range(len(spans)))
    for one in spans:
        mine = placed[one.span_id]
        below = {o.span_id for o in spans if mine.tree_start < placed[o.span_id].tree_start <= mine.tree_end}
        assert below == {o.span_id for o in forest.descendants(one)}
        children = {o.span_id for o in spans if placed[o.span_id].tree_parent == mine.tree_start}
        assert children == {o.span_id for o in forest.children(one)}


def test_a_cycle_is_cut_at_its_earliest_span() -> None:
    forest = Forest(
        [
            span("t", "a", "b", started_at=at(2)),
            span("t", "b", "c", started_at=at(1)),
            span("t", "c", "a", started_at=at(3)),
        ]
    )
    assert [top.span_id for top in forest.tops] == ["b"]
    assert [s.span_id for s in forest.descendants(forest.tops[0])] == ["a", "c"]


def test_a_chain_of_a_hundred_thousand_spans_is_no_trouble() -> None:
    chain = [span("t", str(i), str(i - 1) if i else None) for i in range(100_000)]
    placed = positions(chain)
    assert placed["0"].tree_end == 99_999
    assert placed["99999"].tree_parent == 99_998

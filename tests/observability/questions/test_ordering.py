"""Records come in the order that comparing their positions gives."""

from itertools import pairwise
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from spanwell.observability.questions.ordering import OrderKey, compare, ordered, position

_KEYS = st.builds(OrderKey, st.sampled_from(["name", "cost"]), st.booleans(), st.booleans())
_RECORDS = st.lists(st.tuples(st.none() | st.sampled_from("xyz"), st.none() | st.integers(0, 3)), max_size=12)


@given(values=_RECORDS, keys=st.lists(_KEYS, max_size=3), descending=st.booleans())
def test_each_record_comes_before_the_next(
    *, values: list[tuple[str | None, int | None]], keys: list[OrderKey], descending: bool
) -> None:
    order = (*keys, OrderKey("place", descending))
    records = [SimpleNamespace(name=name, cost=cost, place=place) for place, (name, cost) in enumerate(values)]
    found = ordered(records, order)
    assert sorted(record.place for record in found) == list(range(len(records)))
    assert all(compare(position(a, order), position(b, order), order) < 0 for a, b in pairwise(found))

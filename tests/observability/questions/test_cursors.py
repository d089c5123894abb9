"""A cursor is good for its own list, whole; anything else is refused."""

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwell.observability.model.errors import BadCursor
from spanwell.observability.questions.conditions import ALWAYS, Compare, Op
from spanwell.observability.questions.cursors import decode_cursor, encode_cursor, fingerprint
from spanwell.observability.questions.ordering import NEWEST_SPANS, NEWEST_TRACES

BOUND = fingerprint("spans", ALWAYS, NEWEST_SPANS)
VALUES = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(max_size=5)
PLACES = st.lists(VALUES.filter(lambda v: v not in {float("inf"), float("-inf")}), min_size=1, max_size=4).map(tuple)


@given(PLACES)
def test_a_position_comes_back_from_its_cursor(place: tuple[object, ...]) -> None:
    assert decode_cursor(encode_cursor(place, BOUND), BOUND) == place


@given(PLACES, st.data())
def test_a_changed_cursor_is_refused(place: tuple[object, ...], data: st.DataObject) -> None:
    cursor = encode_cursor(place, BOUND)
    at = data.draw(st.integers(0, len(cursor) - 1))
    other = data.draw(st.characters().filter(lambda c: c != cursor[at]))
    for damaged in (cursor[:at] + other + cursor[at + 1 :], cursor[:at], cursor + "A"):
        with pytest.raises(BadCursor):
            decode_cursor(damaged, BOUND)


@pytest.mark.parametrize(
    "bound_to",
    [
        fingerprint("traces", ALWAYS, NEWEST_SPANS),
        fingerprint("spans", Compare("name", Op.EQ, "x"), NEWEST_SPANS),
        fingerprint("spans", ALWAYS, NEWEST_TRACES),
    ],
)
def test_a_cursor_of_another_list_is_refused(bound_to: bytes) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(encode_cursor((1, "t", "s"), bound_to), BOUND)


@pytest.mark.parametrize(
    "text", ["", "x", "ключ", "A" * 1_000_000, "' OR 1=1--", urlsafe_b64encode(b"[1]" * 9).decode()]
)
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(text, BOUND)

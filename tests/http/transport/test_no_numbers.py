"""A body with NaN, as Python's json writes it, is refused with the place of the number."""

import pytest

from spanwell.http.transport.no_numbers import place_of_no_number


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b'{"variables": {"spans": [{"a": 1.5}, {"a": {"x": NaN}}]}}', "variables.spans[1].a.x"),
        (b'{"a": [1, -Infinity], "b": NaN}', "a[1]"),
        (b'{"a": "NaN"}', None),
        (b'{"a": 1', None),
        (b'{"NaN": NaN, ]', None),
        (b'{"a": NaN, "b": "' + b"x" * 1024 * 1024 + b'"}', None),
    ],
)
def test_the_first_of_them_is_named(text: bytes, place: str | None) -> None:
    assert place_of_no_number(text) == place

"""Moments are read strictly and written exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.times import EARLIEST, LATEST, SECOND, format_moment, parse_moment, parse_moments


@given(st.integers(EARLIEST, LATEST))
def test_every_moment_comes_back_from_its_text(nanos: int) -> None:
    assert parse_moment(format_moment(Nanos(nanos))) == nanos


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-01-31T09:30:00Z", "2026-01-31T09:30:00Z"),
        ("2026-01-31t09:30:00.250z", "2026-01-31T09:30:00.25Z"),
        ("2026-01-31 09:30:00.123456789+02:00", "2026-01-31T07:30:00.123456789Z"),
        ("2026-01-31T09:30:00.1234567899-05:30", "2026-01-31T15:00:00.123456789Z"),
        ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
    ],
)
def test_texts_with_an_offset_are_moments(text: str, shown: str) -> None:
    assert format_moment(parse_moment(text)) == shown


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2026-01-31T09:30:00", "needs a UTC offset"),
        ("2026-01-31", "needs a UTC offset"),
        ("2026-02-30T00:00:00Z", "not a date that exists"),
        ("0000-01-01T00:00:00Z", "not a date that exists"),
        ("2026-01-01T24:00:00Z", "not a time of day"),
        ("2026-01-01T00:00:60Z", "not a time of day"),
        ("2026-01-01T00:00:00+24:00", "offset that does not exist"),
        ("9999-12-31T00:00:00Z", "outside the years 1677 to 2262"),
        ("0001-01-01T00:00:00+14:00", "outside the years 1677 to 2262"),
        ("yesterday", "not a date and time of RFC 3339"),
        ("2026-01-31T09:30:00,5Z", "not a date and time of RFC 3339"),
        ("２０２６-01-31T09:30:00Z", "not a date and time of RFC 3339"),  # noqa: RUF001 - digits of another script
        ("1767225600", "not a date and time of RFC 3339"),
        ("", "not a date and time of RFC 3339"),
    ],
)
def test_texts_that_name_no_moment_are_refused_with_the_reason(text: str, problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        parse_moment(text)


def test_a_second_has_a_thousand_million_nanoseconds() -> None:
    assert parse_moment("1970-01-01T00:00:01Z") == SECOND


MOMENTS = st.from_regex(
    r"(2026-0[1-2]-(01|30)|1677-09-2[12])[T ]00:00:0[0-9](\.[0-9]{1,12}|\.|\.٣|,5|)([Zz]|[+-]01:00|)", fullmatch=True
)


@given(st.lists(MOMENTS, max_size=8))
def test_many_moments_are_read_as_one_by_one(texts: list[str]) -> None:
    def read_one_by_one() -> list[Nanos] | None:
        try:
            return [parse_moment(text) for text in texts]
        except InvalidInput:
            return None

    def read_together() -> list[Nanos] | None:
        try:
            return parse_moments(texts)
        except InvalidInput:
            return None

    assert read_together() == read_one_by_one()

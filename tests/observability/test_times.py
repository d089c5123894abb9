"""Moments are read strictly and written exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.times import (
    EARLIEST,
    LATEST,
    SECOND,
    format_moment,
    moment_of_milliseconds,
    parse_moment,
    parse_moments,
    plain_epoch,
    units_of,
)


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
        ("2026-01-31T09:30Z", "2026-01-31T09:30:00Z"),
        ("2026-01-31T09:30:00,5Z", "2026-01-31T09:30:00.5Z"),
        ("2026-01-31T09:30:00+0100", "2026-01-31T08:30:00Z"),
        ("2026-01-31 09:30:00 +0100", "2026-01-31T08:30:00Z"),  # as Ruby and git write it
        ("2026-01-31 09:30:00+00", "2026-01-31T09:30:00Z"),
        ("2026-01-31 09:30:00 UTC", "2026-01-31T09:30:00Z"),
        ("2026-01-31", "2026-01-31T00:00:00Z"),
        ("2026-01-31T09:30:00.25", "2026-01-31T09:30:00.25Z"),
        ("2026-01-31[Europe/Berlin]", "2026-01-30T23:00:00Z"),
        ("2026-07-31T09:30[Europe/Berlin]", "2026-07-31T07:30:00Z"),
        ("2026-07-31T09:30:00+02:00[Europe/Berlin]", "2026-07-31T07:30:00Z"),
    ],
)
def test_texts_that_leave_no_doubt_are_moments(text: str, shown: str) -> None:
    assert format_moment(parse_moment(text)) == shown


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2026-01-31T09", "not an RFC 3339 date and time"),
        ("2026-01", "not an RFC 3339 date and time"),
        ("2026-01-31T09:30[Mars/Olympus]", "is not a time zone"),
        ("2026-02-30T00:00:00Z", "not a valid date"),
        ("0000-01-01T00:00:00Z", "not a valid date"),
        ("2026-01-01T24:00:00Z", "not a valid time of day"),
        ("2026-01-01T00:00:60Z", "not a valid time of day"),
        ("2026-01-01T00:00:00+24:00", "invalid UTC offset"),
        ("9999-12-31T00:00:00Z", "outside the years 1677 to 2262"),
        ("0001-01-01T00:00:00+14:00", "outside the years 1677 to 2262"),
        ("yesterday", "not an RFC 3339 date and time"),
        ("２０２６-01-31T09:30:00Z", "not an RFC 3339 date and time"),  # noqa: RUF001 - digits of another script
        ("1767225600", "not an RFC 3339 date and time"),
        ("", "not an RFC 3339 date and time"),
    ],
)
def test_texts_that_name_no_moment_are_refused_with_the_reason(text: str, problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        parse_moment(text)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (1770000000000, "2026-02-02T02:40:00Z"),
        (1770000000000.5, "2026-02-02T02:40:00.0005Z"),
        (0, "1970-01-01T00:00:00Z"),
        (-1000, "1969-12-31T23:59:59Z"),
    ],
)
def test_numbers_are_milliseconds(number: float, shown: str) -> None:
    assert format_moment(moment_of_milliseconds(number)) == shown


@pytest.mark.parametrize(
    ("number", "problem"),
    [(1770000000, "before 1973"), (1770000000000000, "outside the years"), (float("nan"), "outside the years")],
)
def test_numbers_that_are_plainly_no_milliseconds_are_refused(number: float, problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        moment_of_milliseconds(number)


@pytest.mark.parametrize(
    ("number", "unit"),
    [
        (1770000000, "seconds"),
        (1770000000.25, "seconds"),
        (1770000000250, "milliseconds"),
        (1770000000250000, "microseconds"),
    ],
)
def test_numbers_of_files_that_are_plainly_no_nanoseconds_say_what_they_are(number: float, unit: str) -> None:
    moment = plain_epoch(number)
    assert moment // SECOND == 1770000000
    assert units_of([moment]) == {unit: 1}


def test_nanoseconds_are_themselves() -> None:
    moments = [plain_epoch(n) for n in (0, 5, -5, 1770000000 * SECOND)]
    assert moments == [0, 5, -5, 1770000000 * SECOND]
    assert not units_of(moments)


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

"""Buckets of time begin and end where clocks and calendars say, summer time and odd zones included."""

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.durations import Duration, parse_duration
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.times import SECOND, format_moment, parse_moment, parse_zone
from spanwell.observability.statistics.buckets import MOST, earlier, edges, even_edges

HOUR = 3600 * SECOND


def cut(step: str, since: str, until: str, zone: str = "UTC") -> list[str]:
    found = edges(parse_duration(step), parse_moment(since), parse_moment(until), ZoneInfo(zone))
    return [format_moment(Nanos(edge)) for edge in found]


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("PT1M", Duration(nanos=60 * SECOND)),
        ("PT0.25S", Duration(nanos=SECOND // 4)),
        ("PT0,5H", Duration(nanos=HOUR // 2)),
        ("PT1H30M", Duration(nanos=HOUR * 3 // 2)),
        ("P1D", Duration(days=1)),
        ("P2W", Duration(days=14)),
        ("P1M", Duration(months=1)),
        ("P1Y6M", Duration(months=18)),
        ("P1M2DT3S", Duration(1, 2, 3 * SECOND)),
        ("500ms", Duration(nanos=SECOND // 2)),
        ("30s", Duration(nanos=30 * SECOND)),
        ("1m", Duration(nanos=60 * SECOND)),
        ("6h", Duration(nanos=6 * HOUR)),
        ("1d", Duration(days=1)),
        ("2w", Duration(days=14)),
        ("3M", Duration(months=3)),
        ("1y", Duration(months=12)),
    ],
)
def test_a_duration_is_written_as_in_iso_8601_or_as_dashboards_do(text: str, duration: Duration) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "1D",
        "P1",
        "P1S",
        "PT1D",
        "-P1D",
        "P-1D",
        "P1DT",
        "p1d",
        "P1.5D",
        "P٣D",
        "m",
        "1.5h",
        "-1m",
        "1h30m",
        "٣m",
    ],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="is not an ISO 8601 duration"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["P0D", "0s", "PT0S", "P0Y0MT0.0S", "PT0.0000000001S"])
def test_a_duration_of_nothing_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"is a duration of zero|is not an ISO"):
        parse_duration(text)


@pytest.mark.parametrize(
    "name", ["", "Mars/Base", "../etc/passwd", "/etc/passwd", "Europe", "a\0b", "\ud800", "x" * 5000]
)
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="is not a time zone"):
        parse_zone(name)


def test_hours_are_exact_and_begin_as_the_zone_s_clocks_read() -> None:
    assert cut("PT1H", "2026-01-01T10:10:00Z", "2026-01-01T12:00:00Z", "Asia/Kolkata") == [
        "2026-01-01T09:30:00Z",
        "2026-01-01T10:30:00Z",
        "2026-01-01T11:30:00Z",
        "2026-01-01T12:30:00Z",
    ]
    assert cut("PT6H", "2026-06-01T00:00:00Z", "2026-06-01T04:00:00Z", "Europe/Berlin") == [
        "2026-05-31T22:00:00Z",
        "2026-06-01T04:00:00Z",
    ]


def test_a_day_of_summer_time_has_23_or_25_hours() -> None:
    spring = days("2026-03-28T23:00:00Z", "2026-03-30T22:00:00Z")
    autumn = days("2026-10-24T22:00:00Z", "2026-10-26T23:00:00Z")
    assert [(end - start) // HOUR for start, end in pairwise(spring)] == [23, 24]
    assert [(end - start) // HOUR for start, end in pairwise(autumn)] == [25, 24]


def days(since: str, until: str) -> tuple[int, ...]:
    return edges(Duration(days=1), parse_moment(since), parse_moment(until), ZoneInfo("Europe/Berlin"))


def test_a_day_without_midnight_begins_when_it_does() -> None:
    """Clocks in Beirut went from Saturday's end to one o'clock on Sunday."""
    assert cut("P1D", "2021-03-27T12:00:00Z", "2021-03-28T12:00:00Z", "Asia/Beirut") == [
        "2021-03-26T22:00:00Z",
        "2021-03-27T22:00:00Z",
        "2021-03-28T21:00:00Z",
    ]


def test_a_day_that_a_zone_left_out_has_no_bucket() -> None:
    """Samoa went from Thursday the 29th to Saturday the 31st of December 2011."""
    found = cut("P1D", "2011-12-29T12:00:00Z", "2011-12-31T09:00:00Z", "Pacific/Apia")
    assert found == ["2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"]


def test_weeks_begin_on_monday_and_quarters_with_the_year() -> None:
    assert cut("P1W", "2026-01-01T00:00:00Z", "2026-01-06T00:00:00Z") == [
        "2025-12-29T00:00:00Z",
        "2026-01-05T00:00:00Z",
        "2026-01-12T00:00:00Z",
    ]
    assert cut("P3M", "2026-02-01T00:00:00Z", "2026-07-01T00:00:00Z") == [
        "2026-01-01T00:00:00Z",
        "2026-04-01T00:00:00Z",
        "2026-07-01T00:00:00Z",
    ]
    assert cut("P1Y", "1999-12-31T22:59:59Z", "1999-12-31T23:00:01Z", "Europe/Berlin") == [
        "1998-12-31T23:00:00Z",
        "1999-12-31T23:00:00Z",
        "2000-12-31T23:00:00Z",
    ]


def test_a_mixed_duration_counts_from_where_the_stretch_begins() -> None:
    assert cut("P1DT12H", "2026-01-01T05:00:00Z", "2026-01-03T00:00:00Z") == [
        "2026-01-01T00:00:00Z",
        "2026-01-02T12:00:00Z",
        "2026-01-04T00:00:00Z",
    ]
    assert cut("P1M1D", "2026-01-15T05:00:00Z", "2026-03-01T00:00:00Z") == [
        "2026-01-01T00:00:00Z",
        "2026-02-02T00:00:00Z",
        "2026-03-03T00:00:00Z",
    ]


def test_too_many_buckets_are_refused_at_once() -> None:
    for step, zone in (("PT1S", "UTC"), ("P1D", "Europe/Berlin")):
        with pytest.raises(InvalidInput, match=r"`interval` makes more than 10,000 buckets"):
            cut(step, "1900-01-01T00:00:00Z", "2000-01-01T00:00:00Z", zone)
    assert len(cut("PT1S", "2000-01-01T00:00:00Z", "2000-01-01T02:46:40Z")) == MOST + 1


@pytest.mark.parametrize("text", ["P101Y", "P1201M", "P36601D", "PT900000H"])
def test_a_bucket_is_no_longer_than_a_century(text: str) -> None:
    with pytest.raises(InvalidInput, match="is longer than 100 years"):
        parse_duration(text)
    assert cut("P100Y", "1999-01-01T00:00:00Z", "2000-01-01T00:00:01Z") == [
        "1900-01-01T00:00:00Z",
        "2000-01-01T00:00:00Z",
        "2100-01-01T00:00:00Z",
    ]


def test_the_days_before_are_days_too() -> None:
    zone = ZoneInfo("Europe/Berlin")
    found = earlier(Duration(days=1), parse_moment("2026-03-30T22:00:00Z"), 3, zone)
    assert [format_moment(Nanos(edge)) for edge in found] == [
        "2026-03-27T23:00:00Z",
        "2026-03-28T23:00:00Z",
        "2026-03-29T22:00:00Z",
        "2026-03-30T22:00:00Z",
    ]


ZONES = st.sampled_from(
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "America/Havana",
    ]
)
STEPS = st.sampled_from(
    ["PT1H", "PT7H", "PT0.1S", "P1D", "P3D", "P1W", "P1M", "P5M", "P1Y", "P10Y", "P1DT1H", "P1M3DT1S"]
)


@given(since=st.integers(-(2**61), 2**62), length=st.integers(1, 2**57), step=STEPS, zone=ZONES)
def test_buckets_cover_their_stretch_without_gaps_and_not_more(since: int, length: int, step: str, zone: str) -> None:
    until = since + length
    try:
        found = edges(parse_duration(step), since, until, ZoneInfo(zone))
    except InvalidInput:
        return
    assert found[0] <= since < found[1]
    assert found[-2] < until <= found[-1]
    assert all(start < end for start, end in pairwise(found))


@given(since=st.integers(0, 2**62), length=st.integers(1, 2**57), zone=ZONES)
def test_days_begin_at_midnight_or_where_clocks_left_it_out(since: int, length: int, zone: str) -> None:
    until = min(since + length, since + 400 * 24 * HOUR)
    for edge in edges(Duration(days=1), since, until, ZoneInfo(zone)):
        local = datetime.fromtimestamp(edge // SECOND, ZoneInfo(zone))
        before = datetime.fromtimestamp(edge // SECOND - 1, ZoneInfo(zone))
        assert local.date() != before.date()


@given(since=st.integers(0, 2**60), length=st.integers(1, 2**60), number=st.integers(1, 1000))
def test_a_number_of_buckets_is_met_where_there_is_time_enough(since: int, length: int, number: int) -> None:
    found = even_edges(since, since + length, number)
    assert found[0] == since
    assert found[-2] < since + length <= found[-1]
    assert len(found) - 1 <= number
    if length >= number * number:
        assert len(found) - 1 == number

"""Times as RFC 3339 text and as nanoseconds since 1970."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import isfinite
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .columns import Nanos
from .errors import InvalidInput

SECOND = 1_000_000_000
_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?"
    r"(?:([Zz]| ?UTC| ?GMT)| ?([+-])(\d\d)(?::?(\d\d))?)?(?:\[([\w/+-]+)\])?",
    re.ASCII,
)
"""RFC 3339, unambiguous forms of ISO 8601, and a time zone in brackets (RFC 9557)."""
_UNITS = [10 ** (9 - digits) for digits in range(10)]
"""The nanoseconds of the last decimal place of a second, by the number of decimal places."""
_MILLISECOND = 1_000_000
_DAY = 24 * 60 * 60
"""Seconds."""
EARLIEST_TRACED = 100_000_000 * SECOND
"""March 1973: an earlier time cannot come from tracing; it has another unit, is from a wrong clock, or is unknown."""
_LARGER = (("microseconds", 1_000), ("milliseconds", _MILLISECOND), ("seconds", SECOND))
_SECONDS = len("2026-01-31T09:30:00")
_EPOCH = date(1970, 1, 1).toordinal()
_SIXTY = [f"{number:02d}" for number in range(60)]
_MINUTES = [f"T{hour}:{minute}:" for hour in _SIXTY[:24] for minute in _SIXTY]
"""The text of each minute of a day."""

EARLIEST = Nanos(-9_223_286_400 * SECOND)
"""1677-09-22T00:00:00Z, the first whole day within 64 bits of nanoseconds."""
LATEST = Nanos(9_223_286_400 * SECOND - 1)
"""The last nanosecond of 2262-04-10."""


def parse_moment(text: str) -> Nanos:
    """Return the time in a text; digits beyond nanoseconds are cut off. Raises `InvalidInput`.

    A date means its beginning. A time without an offset is in the time zone in brackets, or else in UTC.
    """
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise InvalidInput("is not an RFC 3339 date and time such as `2026-01-31T09:30:00.25Z`")
    year, month, day, hour, minute, second, fraction, utc, sign, off_hour, off_minute, zone = match.groups(default="")
    try:
        days = date(int(year), int(month), int(day)).toordinal() - _EPOCH
    except ValueError:
        raise InvalidInput("is not a valid date") from None
    time = int(hour or 0), int(minute or 0), int(second or 0)
    if time > (23, 59, 59) or time[1] > 59 or time[2] > 59:
        raise InvalidInput("is not a valid time of day")
    offset = _offset(sign, off_hour, off_minute or "0") if sign else 0
    if zone:
        there = datetime(int(year), int(month), int(day), *time, tzinfo=parse_zone(zone)).utcoffset() or timedelta()
        offset = offset if utc or sign else int(there.total_seconds())
    seconds = days * 86400 + time[0] * 3600 + time[1] * 60 + time[2] - offset
    return checked_moment(seconds * SECOND + int((fraction or "0")[:9].ljust(9, "0")))


def _offset(sign: str, hours: str, minutes: str) -> int:
    if int(hours) > 23 or int(minutes) > 59:
        raise InvalidInput("has an invalid UTC offset")
    return (int(hours) * 3600 + int(minutes) * 60) * (1 if sign == "+" else -1)


def parse_zone(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name. Raises `InvalidInput`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput("is not a time zone such as `UTC` or `Europe/Berlin`") from None


def moment_of_milliseconds(value: float) -> Nanos:
    """Return a time given in milliseconds since 1970. Raises `InvalidInput`.

    It also raises for times between 1970 and 1973, which are most likely in seconds.
    """
    if not isfinite(value) or abs(value) > LATEST // _MILLISECOND:
        raise InvalidInput("is outside the years 1677 to 2262: a number is milliseconds since 1970")
    if 0 < value < EARLIEST_TRACED // _MILLISECOND:
        raise InvalidInput("is before 1973: a number is milliseconds since 1970, not seconds")
    return checked_moment(int(value * _MILLISECOND) if isinstance(value, int) else round(value * 1000) * 1000)


class Rescaled(int):
    """A time in nanoseconds that arrived in a larger unit than expected; `unit` is the name of that unit."""

    unit: str

    @classmethod
    def of(cls, nanos: int, unit: str) -> "Rescaled":
        """Return a time with its original unit."""
        made = cls(nanos)
        made.unit = unit
        return made


def units_of(moments: Iterable[int]) -> Counter[str]:
    """Return the number of rescaled times, by unit."""
    return Counter(moment.unit for moment in moments if isinstance(moment, Rescaled))


def plain_epoch(value: float, unit: int = 1) -> Nanos:
    """Return the time of a number in units of some nanoseconds, `Rescaled` if it is clearly in another unit.

    That is so if it means a time before 1973 in the expected unit, and a later one in a larger unit.
    """
    if value * unit >= EARLIEST_TRACED or value < EARLIEST_TRACED // SECOND:
        return Nanos(int(value * unit))
    name, factor = next((name, factor) for name, factor in _LARGER if value * factor >= EARLIEST_TRACED)
    return cast("Nanos", Rescaled.of(checked_moment(int(Decimal(str(value)) * factor)), name))


def first_traced(moments: Iterable[Nanos] | Iterable[int]) -> Nanos:
    """Return the earliest of some times, ignoring those before `EARLIEST_TRACED` if there are others."""
    return Nanos(min(moments, key=_as_traced))


def _as_traced(moment: int) -> tuple[bool, int]:
    return moment < EARLIEST_TRACED, moment


def parse_moments(texts: Sequence[str]) -> list[Nanos]:
    """Return the times in some texts, like `parse_moment`; repeated seconds are parsed once."""
    seconds: dict[str, int] = {}
    moments: list[Nanos] = []
    is_ascii = "".join(texts).isascii()  # other alphabets also have digits
    for text in texts:
        second, digits = seconds.get(text[:_SECONDS]), text[20:-1]
        if second is not None and text[-1] == "Z" and (len(text) == 20 or (text[_SECONDS] == "." and digits.isdigit())):
            moments.append(Nanos(second + int(digits[:9] or 0) * _UNITS[len(digits[:9])]))
            continue
        moment = parse_moment(text)
        moments.append(moment)
        if text.endswith("Z") and is_ascii and len(text) > _SECONDS and text[_SECONDS] in "Z.":
            seconds[text[:_SECONDS]] = moment - moment % SECOND
    return moments


def checked_moment(nanos: int) -> Nanos:
    """Return a time that is within the range of the stores. Raises `InvalidInput`."""
    if not EARLIEST <= nanos <= LATEST:
        raise InvalidInput("is outside the years 1677 to 2262")
    return Nanos(nanos)


def format_moment(nanos: Nanos) -> str:
    """Return a time as RFC 3339 text in UTC with `Z`, without trailing zeros."""
    (text,) = format_moments((nanos,))
    return text


def format_moments(moments: Iterable[int]) -> list[str]:
    """Return times as RFC 3339 text; repeated days are formatted once."""
    dates: dict[int, str] = {}
    texts: list[str] = []
    for moment in moments:
        second, nanos = divmod(moment, SECOND)
        day, second = divmod(second, _DAY)
        day_text = dates.get(day)
        if day_text is None:
            day_text = dates[day] = date.fromordinal(_EPOCH + day).isoformat()
        fraction = str(SECOND + nanos)[1:].rstrip("0")  # converting a number takes half the time of formatting it
        point = "." if fraction else ""
        texts.append(f"{day_text}{_MINUTES[second // 60]}{_SIXTY[second % 60]}{point}{fraction}Z")
    return texts

"""Moments as RFC 3339 text and as nanoseconds since 1970."""

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
"""RFC 3339, and what of ISO 8601 leaves no doubt; in brackets a time zone (RFC 9557)."""
_UNITS = [10 ** (9 - digits) for digits in range(10)]
"""How many nanoseconds the last of so many decimal places of a second counts."""
_MILLISECOND = 1_000_000
EARLIEST_TRACED = 100_000_000 * SECOND
"""March 1973: no moment before it is one that anybody traced; it is another unit, another clock, or not known."""
_LARGER = (("microseconds", 1_000), ("milliseconds", _MILLISECOND), ("seconds", SECOND))
_SECONDS = len("2026-01-31T09:30:00")
_EPOCH = date(1970, 1, 1).toordinal()
_START = datetime(1970, 1, 1)  # noqa: DTZ001 - a zone would be asked for its offset, second by second

EARLIEST = Nanos(-9_223_286_400 * SECOND)
"""1677-09-22T00:00:00Z: the first whole day that 64 bits of nanoseconds reach."""
LATEST = Nanos(9_223_286_400 * SECOND - 1)
"""The last nanosecond of 2262-04-10."""


def parse_moment(text: str) -> Nanos:
    """Return the moment that a text names; digits beyond nanoseconds are cut. Raises `InvalidInput`.

    A day is its beginning. What names no offset is in the time zone that stands behind it in brackets, else in UTC.
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
    """Return the moment that is so many milliseconds after 1970. Raises `InvalidInput`, also for plain seconds.

    Milliseconds are the one unit of numbers; one that would be a moment between 1970 and 1973 most likely is seconds.
    """
    if not isfinite(value) or abs(value) > LATEST // _MILLISECOND:
        raise InvalidInput("is outside the years 1677 to 2262: a number is milliseconds since 1970")
    if 0 < value < EARLIEST_TRACED // _MILLISECOND:
        raise InvalidInput("is before 1973: a number is milliseconds since 1970, not seconds")
    return checked_moment(int(value * _MILLISECOND) if isinstance(value, int) else round(value * 1000) * 1000)


class Rescaled(int):
    """A moment as nanoseconds that came in a larger unit than it should have; `unit` is what that is called."""

    unit: str

    @classmethod
    def of(cls, nanos: int, unit: str) -> "Rescaled":
        """Return a moment with the unit that it came in."""
        made = cls(nanos)
        made.unit = unit
        return made


def units_of(moments: Iterable[int]) -> Counter[str]:
    """Return how many of some moments came in which larger unit."""
    return Counter(moment.unit for moment in moments if isinstance(moment, Rescaled))


def plain_epoch(value: float, unit: int = 1) -> Nanos:
    """Return the moment of a number that should count units of so many nanoseconds, `Rescaled` if it plainly does not.

    In its unit it would lie before 1973; in a larger one it lies after.
    """
    if value * unit >= EARLIEST_TRACED or value < EARLIEST_TRACED // SECOND:
        return Nanos(int(value * unit))
    name, factor = next((name, factor) for name, factor in _LARGER if value * factor >= EARLIEST_TRACED)
    return cast("Nanos", Rescaled.of(checked_moment(int(Decimal(str(value)) * factor)), name))


def first_traced(moments: Iterable[Nanos] | Iterable[int]) -> Nanos:
    """Return the earliest of some moments, of those that anybody can have traced if there are any."""
    return Nanos(min(moments, key=_as_traced))


def _as_traced(moment: int) -> tuple[bool, int]:
    return moment < EARLIEST_TRACED, moment


def parse_moments(texts: Sequence[str]) -> list[Nanos]:
    """Return the moments that texts name, as `parse_moment` would; seconds that come again are not worked out again."""
    seconds: dict[str, int] = {}
    moments: list[Nanos] = []
    is_ascii = "".join(texts).isascii()  # other alphabets have digits too
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
    """Return a moment that is in the range of the stores. Raises `InvalidInput`."""
    if not EARLIEST <= nanos <= LATEST:
        raise InvalidInput("is outside the years 1677 to 2262")
    return Nanos(nanos)


def format_moment(nanos: Nanos) -> str:
    """Return a moment as RFC 3339 text in UTC with `Z`, trailing zeros trimmed."""
    (text,) = format_moments((nanos,))
    return text


def format_moments(moments: Iterable[Nanos]) -> list[str]:
    """Return moments as RFC 3339 text; seconds that come again are not written out again."""
    seconds: dict[int, str] = {}
    texts: list[str] = []
    for moment in moments:
        second, fraction = divmod(moment, SECOND)
        text = seconds.get(second)
        if text is None:
            text = seconds[second] = (_START + timedelta(0, second)).isoformat() + "."
        # The digits of a number are written in half of the time that a format takes.
        texts.append((text + str(SECOND + fraction)[1:]).rstrip("0") + "Z" if fraction else text[:-1] + "Z")
    return texts

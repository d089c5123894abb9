"""Moments as RFC 3339 text and as nanoseconds since 1970."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from .columns import Nanos
from .errors import InvalidInput

SECOND = 1_000_000_000
_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):(\d\d))", re.ASCII
)
_NAIVE = re.compile(r"\d{4}-\d\d-\d\d([Tt ][\d:.]+)?", re.ASCII)
_UNITS = [10 ** (9 - digits) for digits in range(10)]
"""How many nanoseconds the last of so many decimal places of a second counts."""
_EPOCH = date(1970, 1, 1).toordinal()
_START = datetime(1970, 1, 1)  # noqa: DTZ001 - a zone would be asked for its offset, second by second

EARLIEST = Nanos(-9_223_286_400 * SECOND)
"""1677-09-22T00:00:00Z: the first whole day that 64 bits of nanoseconds reach."""
LATEST = Nanos(9_223_286_400 * SECOND - 1)
"""The last nanosecond of 2262-04-10."""


def parse_moment(text: str) -> Nanos:
    """Return the moment that RFC 3339 text names; digits beyond nanoseconds are cut. Raises `InvalidInput`."""
    match = _RFC3339.fullmatch(text)
    if match is None:
        if _NAIVE.fullmatch(text):
            raise InvalidInput("needs a UTC offset, such as `2026-01-31T09:30:00Z`")
        raise InvalidInput("is not a date and time of RFC 3339, such as `2026-01-31T09:30:00.25Z`")
    year, month, day, hour, minute, second, fraction, _, sign, off_hour, off_minute = match.groups()
    try:
        days = date(int(year), int(month), int(day)).toordinal() - _EPOCH
    except ValueError:
        raise InvalidInput("is not a date that exists") from None
    if int(hour) > 23 or int(minute) > 59 or int(second) > 59:
        raise InvalidInput("is not a time of day that exists")
    offset = 0
    if sign:
        if int(off_hour) > 23 or int(off_minute) > 59:
            raise InvalidInput("has a UTC offset that does not exist")
        offset = (int(off_hour) * 3600 + int(off_minute) * 60) * (1 if sign == "+" else -1)
    seconds = days * 86400 + int(hour) * 3600 + int(minute) * 60 + int(second) - offset
    return checked_moment(seconds * SECOND + int((fraction or "0")[:9].ljust(9, "0")))


def parse_moments(texts: Sequence[str]) -> list[Nanos]:
    """Return the moments that texts name, as `parse_moment` would; seconds that come again are not worked out again."""
    seconds: dict[str, int] = {}
    moments: list[Nanos] = []
    is_ascii = "".join(texts).isascii()  # other alphabets have digits too
    for text in texts:
        second, digits = seconds.get(text[:19]), text[20:-1]
        if second is not None and text[-1] == "Z" and (len(text) == 20 or (text[19] == "." and digits.isdigit())):
            moments.append(Nanos(second + int(digits[:9] or 0) * _UNITS[len(digits[:9])]))
            continue
        moment = parse_moment(text)
        moments.append(moment)
        if text.endswith("Z") and is_ascii:
            seconds[text[:19]] = moment - moment % SECOND
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
            text = seconds[second] = (_START + timedelta(0, second)).isoformat()
        texts.append(f"{text}.{fraction:09d}".rstrip("0") + "Z" if fraction else text + "Z")
    return texts

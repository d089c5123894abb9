"""Durations in ISO 8601 (`PT1M`, `P3M`) or as dashboards write them (`1m`, `3M`).

Hours, minutes and seconds are exact; days and months follow a calendar.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from .errors import InvalidInput
from .times import SECOND

_DURATION = re.compile(
    r"P(?=.)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
    r"(?:T(?=.)(?:(\d{1,9}(?:[.,]\d{1,9})?)H)?(?:(\d{1,9}(?:[.,]\d{1,9})?)M)?(?:(\d{1,9}(?:[.,]\d{1,9})?)S)?)?",
    re.ASCII,
)
_OF_DASHBOARDS = re.compile(r"(\d{1,9})(ms|[smhdwMy])", re.ASCII)


@dataclass(frozen=True)
class Duration:
    """A number of months, then days, then nanoseconds; a week is seven days, a year twelve months."""

    months: int = 0
    days: int = 0
    nanos: int = 0

    @property
    def is_of_calendar(self) -> bool:
        """Whether it consists of whole months only, or of whole days only."""
        return self.nanos == 0 and (self.months == 0) != (self.days == 0)


_UNITS: Mapping[str, Duration] = MappingProxyType(
    {
        "ms": Duration(nanos=SECOND // 1_000),
        "s": Duration(nanos=SECOND),
        "m": Duration(nanos=60 * SECOND),
        "h": Duration(nanos=3_600 * SECOND),
        "d": Duration(days=1),
        "w": Duration(days=7),
        "M": Duration(months=1),
        "y": Duration(months=12),
    }
)
_CENTURY = Duration(100 * 12, 100 * 366, 100 * 366 * 86_400 * SECOND)


def parse_duration(text: str) -> Duration:
    """Return the duration in a text. Raises `InvalidInput`."""
    short = _OF_DASHBOARDS.fullmatch(text)
    duration = _times(int(short[1]), _UNITS[short[2]]) if short else _iso_duration(text)
    if duration == Duration():
        raise InvalidInput("is a duration of zero")
    if duration.months > _CENTURY.months or duration.days > _CENTURY.days or duration.nanos > _CENTURY.nanos:
        raise InvalidInput("is longer than 100 years")
    return duration


def _times(count: int, unit: Duration) -> Duration:
    return Duration(count * unit.months, count * unit.days, count * unit.nanos)


def _iso_duration(text: str) -> Duration:
    match = _DURATION.fullmatch(text)
    if match is None:
        raise InvalidInput("is not an ISO 8601 duration such as `PT5M`, `P1D` or `P1M`")
    years, months, weeks, days = (int(part or 0) for part in match.groups()[:4])
    hours, minutes, seconds = (Fraction((part or "0").replace(",", ".")) for part in match.groups()[4:])
    nanos = int((hours * 3600 + minutes * 60 + seconds) * SECOND)
    return Duration(years * 12 + months, weeks * 7 + days, nanos)

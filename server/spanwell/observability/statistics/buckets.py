"""The edges of time buckets, computed in Python, so that stores need no time zones.

Durations of hours, minutes and seconds are exact, and their buckets are aligned with the zone's local time at the start
of the range. Days, weeks (from Monday), months and years are those of the zone, so a day may have 23 or 25 hours. A
mixed duration counts from the first day, or the first day of the month, in the range.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from spanwell.observability.model.durations import Duration
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.times import SECOND

MOST = 10_000
"""Maximum number of buckets."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_MONDAY = 4
"""1970-01-05, the first Monday, as days since 1970-01-01."""


def even_edges(since: int, until: int, number: int) -> tuple[int, ...]:
    """Return the edges of equal buckets; fewer if the range has fewer nanoseconds than buckets."""
    width = -(-(until - since) // number)
    number = -(-(until - since) // width)
    return tuple(since + width * i for i in range(number + 1))


def edges(step: Duration, since: int, until: int, zone: ZoneInfo, most: int = MOST) -> tuple[int, ...]:
    """Return the edges of the buckets that cover a time range. Raises `InvalidInput` if they are too many."""
    if step.months == step.days == 0:
        return _exact(step.nanos, since, until, zone)
    found: list[int] = []
    coming = _calendar(step, since, zone)
    while not found or found[-1] < until:
        edge = next(coming)
        if found and edge <= found[-1]:  # a day that the zone skipped
            continue
        if edge <= since:
            found = [edge]
            continue
        found.append(edge)
        if len(found) > most + 1:
            raise _too_many()
    return tuple(found)


def earlier(step: Duration, first: int, number: int, zone: ZoneInfo) -> tuple[int, ...]:
    """Return the edges of calendar buckets that end at a given edge."""
    longest = (step.months * 31 + step.days) * 86_400 * SECOND
    found = edges(step, first - number * longest - 1, first, zone, most=2 * MOST)
    return found[-number - 1 :]


def _too_many() -> InvalidInput:
    return InvalidInput(f"makes more than {MOST:,} buckets of the time range; use a longer interval", "interval")


def _exact(width: int, since: int, until: int, zone: ZoneInfo) -> tuple[int, ...]:
    offset = _local(since, zone).utcoffset() or timedelta()
    shift = (offset.days * 86_400 + offset.seconds) * SECOND
    first = (since + shift) // width * width - shift
    number = -(-(until - first) // width)
    if number > MOST:
        raise _too_many()
    return tuple(first + width * i for i in range(number + 1))


def _calendar(step: Duration, since: int, zone: ZoneInfo) -> Iterator[int]:
    """Yield edges without end, the first at or before the start of a range."""
    today = _local(since, zone).date()
    month = today.year * 12 + today.month - 1
    if step.is_of_calendar and step.months:
        first = month // step.months
        return (_midnight(_month((first + i) * step.months), zone) for i in count())
    if step.is_of_calendar:
        anchor = _EPOCH_DAY + (_MONDAY if step.days % 7 == 0 else 0)
        number = (today.toordinal() - anchor) // step.days
        return (_midnight(date.fromordinal(anchor + (number + i) * step.days), zone) for i in count())
    firsts = (_month(month + i * step.months) if step.months else today for i in count())
    return (_midnight(day + timedelta(i * step.days), zone) + i * step.nanos for i, day in enumerate(firsts))


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _midnight(day: date, zone: ZoneInfo) -> int:
    """Return the start of a day: its first moment if the zone's clocks skip midnight."""
    began = datetime.combine(day, time(), zone).astimezone(UTC) - _EPOCH
    return (began.days * 86_400 + began.seconds) * SECOND


def _local(moment: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(moment // SECOND, zone)

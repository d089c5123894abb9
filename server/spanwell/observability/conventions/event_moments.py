"""Reads the time of a span event from its JSON."""

from collections.abc import Mapping
from typing import Any

from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.times import checked_moment, parse_moment, plain_epoch

_TIMES = ("timeUnixNano", "time_unix_nano", "time", "timestamp")
"""The members that hold the time of an event: OTLP's name, and those of others."""


def moment_of_event(event: Mapping[str, Any]) -> Nanos | None:
    """Return the time of an event; None if it is missing or unreadable."""
    value = next((event[name] for name in _TIMES if event.get(name) is not None), None)
    try:
        if isinstance(value, str) and not value.isdecimal():
            return parse_moment(value)
        if value is None:
            return None
        return checked_moment(Nanos(int(plain_epoch(float(value) if isinstance(value, float) else int(value)))))
    except (InvalidInput, TypeError, ValueError, OverflowError):
        return None

"""The bad hour of the day: a release of the payment service was slow and failing, until it was rolled back."""

from spanwell.demo.day import HOUR

from .services import PAYMENT

_BEGAN = 7 * HOUR
_ENDED = 6 * HOUR
BAD_VERSION = "4.9.0"


def bad_release(at: int, now: int) -> bool:
    """Return whether the bad release was running at a moment: from seven to six hours before now."""
    return _ENDED < now - at <= _BEGAN


def payment_version(at: int, now: int) -> str:
    """Return the version of the payment service at a moment."""
    return BAD_VERSION if bad_release(at, now) else PAYMENT.version

"""A one-time code, printed at startup, that signs a browser in."""

import time
from collections.abc import Callable
from hmac import compare_digest
from secrets import token_urlsafe

_SECONDS = 600.0


class OneTimeCode:
    """One code, which counts once, within ten minutes. The clock is in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = clock() + _SECONDS
        self.text = token_urlsafe(24)

    def redeem(self, text: str) -> bool:
        """Return whether a text is the code and counts; from then on it does not."""
        is_right = compare_digest(text.encode(), self.text.encode()) and self._clock() < self._until
        if is_right:
            self._until = self._clock()
        return is_right

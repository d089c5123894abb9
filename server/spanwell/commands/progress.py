"""How far long work has come, on stderr: one line that changes on a terminal, else a line every few seconds."""

import sys
import time


class Progress:
    """Says how many of something are done, and how fast."""

    def __init__(self, unit: str) -> None:
        self.total: int | None = None
        self.done = 0
        self._unit = unit
        self._began = self._said = time.monotonic()

    def at(self, done: int) -> None:
        """Print the progress, unless it was printed a short time ago."""
        self.done = done
        now = time.monotonic()
        on_terminal = sys.stderr.isatty()
        if now - self._said < (0.2 if on_terminal else 5):
            return
        self._said = now
        line = self._line(done, now - self._began)
        sys.stderr.write(f"\r\x1b[K{line}" if on_terminal else line + "\n")
        sys.stderr.flush()

    def _line(self, done: int, seconds: float) -> str:
        rate = done / seconds if seconds else 0.0
        of = f" of {self.total:,}" if self.total else ""
        left = f", {(self.total - done) / rate:,.0f} s left" if self.total and rate else ""
        return f"{done:,}{of} {self._unit}, {rate:,.0f}/s{left}"

    def over(self) -> None:
        """End the line on a terminal."""
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")

"""`python -m tests.benchmarks.watched serve ...`: the server, which at its end says how long collections stopped it."""

import gc
import json
import sys
from time import perf_counter

from spanwell.cli import main


class _Watch:
    """Notes how long each collection takes, in milliseconds."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self._began = 0.0

    def __call__(self, phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            self._began = perf_counter()
        elif gc.get_freeze_count():  # it serves: what was there before is frozen
            self.pauses.append((perf_counter() - self._began) * 1_000)


if __name__ == "__main__":
    watch = _Watch()
    gc.callbacks.append(watch)
    main()
    sys.stdout.write(json.dumps({"pauses": watch.pauses}) + "\n")

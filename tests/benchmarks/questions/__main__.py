"""`python -m tests.benchmarks.questions STORE`: questions beside answers that a good engineer would write by hand.

Each question is asked of the whole server and of a hand-written one (`by_hand`), in turn, over HTTP without a network
and without compression; both read the same store, and their answers must be the same. Printed are the medians in
milliseconds, their ratio, and that of processor time, which a busy machine does not change. A STORE that is not there
is made and filled with `--spans` spans.
"""

import argparse
from pathlib import Path
from statistics import median
from time import perf_counter

from spanwell.collector import quiet_collector
from spanwell.storage.duckdb import DuckDBStorage
from tests.benchmarks.spans import BATCH
from tests.benchmarks.three_ways import timed
from tests.rules.http_door import HttpDoor

from .asked import Asked
from .case import Case
from .filling import fill
from .same import check

_LEAST, _MOST = 3, 30
_SECONDS = 1.0
"""How often a question is asked: until so many seconds have gone by, but at least and at most so many times."""


def main() -> None:
    """Print a row for each question."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.questions", description=__doc__)
    parser.add_argument("store", help="a DuckDB file of spans")
    parser.add_argument("--spans", type=int, default=300_000, help="how many are written if it is not there")
    parser.add_argument("--only", default="", help="texts, with | between them: only questions whose name has one")
    arguments = parser.parse_args()
    is_new = not Path(arguments.store).is_file()
    storage = DuckDBStorage(arguments.store)
    door = HttpDoor(storage)
    if is_new:
        fill(door, arguments.spans // BATCH)
    asked = Asked(storage, door)
    print(f"{'medians':<34}{'by hand':>10}{'server':>10}{'ratio':>8}{'cpu':>8}")  # noqa: T201 - the result
    with quiet_collector():
        for case in asked.cases:
            if any(name in case.name for name in arguments.only.split("|")):
                raw, used, server, server_used = _medians(asked, case)
                row = f"{case.name:<34}{raw:>10.1f}{server:>10.1f}{server / raw:>8.2f}{server_used / used:>8.2f}"
                print(row, flush=True)  # noqa: T201 - the result
    asked.close()
    door.close()


def _medians(asked: Asked, case: Case) -> tuple[float, ...]:
    """Return the medians of time and processor time, by hand and of the server."""
    check(case, asked.ours(case), asked.by_hand(case))
    began, rows = perf_counter(), list[tuple[float, ...]]()
    while len(rows) < _LEAST or (len(rows) < _MOST and perf_counter() < began + _SECONDS):
        rows.append((*timed(lambda: asked.by_hand(case)), *timed(lambda: asked.ours(case))))
    return tuple(median(column) for column in zip(*rows, strict=True))


if __name__ == "__main__":
    main()

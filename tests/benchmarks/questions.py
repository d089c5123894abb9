"""`python -m tests.benchmarks.questions STORE`: explanations and discovery beside the SQL that a person would write.

Each question is asked of the whole server (GraphQL over HTTP without a network), and as plain SQL on a cursor of its
own, in turn; medians are printed, their ratio, and that of processor time, which a busy machine does not change. A
STORE that is not there is made and filled with `--spans` spans.
"""

import argparse
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from spanwell.collector import quiet_collector
from spanwell.storage.duckdb import DuckDBStorage
from tests.rules.http_door import HttpDoor

from .question_cases import Case, cases
from .spans import BATCH, CREATE, Source
from .three_ways import timed

TIMES = 3


def fill(door: HttpDoor, batches: int) -> None:
    """Write so many batches of spans with attributes of all shapes, and a score for one span in twenty."""
    source, random = Source(20), Random(1)
    big = source.big(BATCH).spans
    for spans in [big, *(source.next().spans for _ in range(batches))]:
        for span in spans:
            span["attributes"] |= _shapes(random)
            if random.random() < 0.3:
                span["events"] = [{"name": "retry", "attributes": {"attempt": random.randrange(4)}}]
        door.ask(CREATE, spans=spans)
        door.ask(SCORE, scores=[_score(span, random) for span in spans[::20]])


SCORE = "mutation ($scores: [CreateScoreInput!]!) { batchCreateScores(scores: $scores) { createdCount } }"


def _shapes(random: Random) -> dict[str, Any]:
    """Return attributes that are lists, or numbers here and text there."""
    retries = random.randrange(5)
    tools = {"tools": random.sample(["browser", "search", "python", "calendar", "mail"], 2)}
    return {"retries": random.choice([retries, str(retries), None]), **(tools if random.random() < 0.3 else {})}


def _score(span: dict[str, Any], random: Random) -> dict[str, Any]:
    about = {"traceId": span["traceId"], "spanId": span["spanId"]}
    return {**about, "name": random.choice(["helpful", "toxic"]), "value": random.random()}


def _send(door: HttpDoor, case: Case) -> None:
    """Ask the server, and read the answer to its end."""
    is_export = case.query.startswith("/")
    plainly = {"accept-encoding": "identity"}
    answer = door.runner.run(door.client.get(case.query, headers=plainly)) if is_export else door.send(case.query)
    assert answer.is_success, answer.text
    assert not answer.content.startswith(b'{"errors"'), answer.text[:1000]


def main() -> None:
    """Print a row for each question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", help="a DuckDB file of spans")
    parser.add_argument("--spans", type=int, default=300_000, help="how many are written if it is not there")
    parser.add_argument("--only", default="", help="texts, with | between them: only questions whose name has one")
    arguments = parser.parse_args()
    is_new = not Path(arguments.store).is_file()
    storage = DuckDBStorage(arguments.store)
    door = HttpDoor(storage)
    if is_new:
        fill(door, arguments.spans // BATCH)
    cursor = storage._database.cursor()
    print(f"{'medians of ' + str(TIMES):<34}{'SQL ms':>10}{'server':>10}{'ratio':>8}{'cpu':>8}")  # noqa: T201 - the result
    with quiet_collector():
        for case in cases(storage):
            if not any(name in case.name for name in arguments.only.split("|")):
                continue
            _send(door, case)
            rows: list[tuple[float, ...]] = []
            for _ in range(TIMES):
                by_hand = timed(lambda: case.by_hand(cursor))  # noqa: B023 - called at once
                rows.append((*by_hand, *timed(lambda: _send(door, case))))  # noqa: B023 - called at once
            raw, used, server, server_used = (median(column) for column in zip(*rows, strict=True))
            print(f"{case.name:<34}{raw:>10.1f}{server:>10.1f}{server / raw:>8.2f}{server_used / used:>8.2f}")  # noqa: T201 - the result
    door.close()


if __name__ == "__main__":
    main()

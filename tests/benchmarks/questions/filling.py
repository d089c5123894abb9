"""Fills a store with spans that have attributes of all shapes, events, and scores."""

from random import Random
from typing import Any

from tests.benchmarks.spans import BATCH, CREATE, Source
from tests.rules.http_door import HttpDoor

_SCORE = "mutation ($scores: [CreateScoreInput!]!) { batchCreateScores(scores: $scores) { createdCount } }"


def fill(door: HttpDoor, batches: int) -> None:
    """Write one large trace and so many batches of spans, and a score for one span in twenty."""
    source, random = Source(20), Random(1)
    big = source.big(BATCH).spans
    for spans in [big, *(source.next().spans for _ in range(batches))]:
        for span in spans:
            span["attributes"] |= _shapes(random)
            if random.random() < 0.3:
                span["events"] = [{"name": "retry", "attributes": {"attempt": random.randrange(4)}}]
        door.ask(CREATE, spans=spans)
        door.ask(_SCORE, scores=[_score(span, random) for span in spans[::20]])


def _shapes(random: Random) -> dict[str, Any]:
    """Return attributes that are lists, or numbers here and text there."""
    retries = random.randrange(5)
    tools = {"tools": random.sample(["browser", "search", "python", "calendar", "mail"], 2)}
    return {"retries": random.choice([retries, str(retries), None]), **(tools if random.random() < 0.3 else {})}


def _score(span: dict[str, Any], random: Random) -> dict[str, Any]:
    about = {"traceId": span["traceId"], "spanId": span["spanId"]}
    return {**about, "name": random.choice(["helpful", "toxic"]), "value": random.random()}

"""Clients that write to a server which is about to be stopped, and what they are to find in it afterwards."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.client import HTTPException
from random import Random
from typing import Any

CREATE = "mutation ($spans: [CreateSpanInput!]!) { batchCreateSpans(spans: $spans) { createdCount } }"
_UPDATE = "mutation ($updates: [UpdateSpanInput!]!) { batchUpdateSpans(updates: $updates) { updatedCount } }"
_DELETE = "mutation ($ids: [ID!]!) { batchDeleteTraces(traceIds: $ids) { deletedTraceCount } }"
_SCORE = "mutation ($scores: [CreateScoreInput!]!) { batchCreateScores(scores: $scores) { createdCount } }"
_RESCORE = "mutation ($updates: [UpdateScoreInput!]!) { batchUpdateScores(updates: $updates) { updatedCount } }"

_SIZES = (1, 20, 200, 1_000)
_SCORES = 5


@dataclass(frozen=True)
class Content:
    """What is stored about a trace: so many spans of these names, and so many scores of these values."""

    spans: int = 0
    names: frozenset[str] = frozenset()
    scores: int = 0
    values: frozenset[float] = frozenset()

    @property
    def is_half(self) -> bool:
        """Whether a batch is there in part."""
        return (
            len(self.names) > 1
            or len(self.values) > 1
            or self.spans not in {0, *_SIZES}
            or self.scores not in {0, _SCORES}
        )


_NOTHING = Content()


def ask(url: str, query: str, variables: object = None) -> Any:
    """Return the data that answers a query. Raises `OSError`, as `HTTPError` is one, or `ValueError` for errors."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(f"{url}/graphql", body, {"content-type": "application/json"})  # noqa: S310 - http to ourselves
    with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 - as above
        answer = json.load(response)
    if "errors" in answer:
        raise ValueError(answer["errors"])
    return answer["data"]


@dataclass
class Client(threading.Thread):
    """Writes batches about its own traces until the server is gone, and remembers what each is to be.

    What the last batch was about may be as it was before, or after it: its answer never came.
    """

    url: str
    prefix: str
    seed: int
    acked: dict[str, Content] = field(default_factory=dict[str, Content])
    unsure: dict[str, Content] = field(default_factory=dict[str, Content])
    late: set[int] = field(default_factory=set[int])
    """The statuses of what was refused."""
    spans: int = 0
    """How many were acknowledged, updates included."""
    newest: int = 0
    """The number of the last trace whose making was acknowledged."""
    gone: set[str] = field(default_factory=set[str])
    """The traces whose deletion was asked for."""
    pause: float = 0.0
    """Seconds between two batches."""

    def __post_init__(self) -> None:
        super().__init__()
        self._random = Random(self.seed)
        self._number = 0

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        """Write until the server is gone."""
        while True:
            trace_id, query, variables, after = self._next()
            self.unsure[trace_id] = after
            if query == _DELETE:
                self.gone.add(trace_id)
            try:
                ask(self.url, query, variables)
            except urllib.error.HTTPError as error:
                self.late.add(error.code)
                return
            except (OSError, HTTPException):  # the second if the server was killed amid an answer
                return
            del self.unsure[trace_id]
            self.acked[trace_id] = after
            if query == CREATE:
                self.newest = int(trace_id.rpartition("-")[2])
            time.sleep(self.pause)
            self.spans += after.spans

    def allows(self, trace_id: str, found: Content) -> bool:
        """Return whether a trace may be as it was found."""
        before = self.acked.get(trace_id, _NOTHING)
        return not found.is_half and found in {before, self.unsure.get(trace_id, before)}

    def _next(self) -> tuple[str, str, object, Content]:
        """Return the next batch: the trace, the mutation, its variables, and what the trace is to be after it."""
        self._number += 1
        random, number = self._random, self._number
        old = random.choice(list(self.acked)) if self.acked and random.random() < 0.6 else None
        was = self.acked.get(old or "", _NOTHING)
        if old is None or not was.spans:
            trace_id, count = f"{self.prefix}-{number}", random.choice(_SIZES)
            after = Content(count, frozenset({"new"}))
            return trace_id, CREATE, {"spans": [_span(trace_id, place) for place in range(count)]}, after
        match random.choice(("update", "score", "rescore", "delete")):
            case "update":
                name = f"n{number}"
                updates = [{"traceId": old, "spanId": str(place), "name": name} for place in range(was.spans)]
                return old, _UPDATE, {"updates": updates}, replace(was, names=frozenset({name}))
            case "rescore" if was.scores:
                scores = [{"scoreId": f"{old}-{place}", "value": number} for place in range(_SCORES)]
                return old, _RESCORE, {"updates": scores}, replace(was, values=frozenset({float(number)}))
            case "delete":
                return old, _DELETE, {"ids": [old]}, _NOTHING
            case _:
                scores = [
                    {"scoreId": f"{old}-{place}", "traceId": old, "name": "quality", "value": number}
                    for place in range(_SCORES)
                ]
                return old, _SCORE, {"scores": scores}, replace(was, scores=_SCORES, values=frozenset({float(number)}))


def _span(trace_id: str, place: int) -> dict[str, object]:
    return {
        "traceId": trace_id,
        "spanId": str(place),
        "name": "new",
        "startedAt": "2026-01-01T00:00:00Z",
        "input": {"text": "x" * 300},
    }


def stored(url: str, prefix: str) -> dict[str, Content]:
    """Return what a server has stored about every trace whose id begins in some way."""
    found: dict[str, Content] = defaultdict(Content)
    for span in _all(url, "spans", prefix, "traceId name"):
        was = found[span["traceId"]]
        found[span["traceId"]] = replace(was, spans=was.spans + 1, names=was.names | {span["name"]})
    for score in _all(url, "scores", prefix, "traceId value"):
        was = found[score["traceId"]]
        found[score["traceId"]] = replace(was, scores=was.scores + 1, values=was.values | {score["value"]})
    return found


def _all(url: str, records: str, prefix: str, fields: str) -> Iterator[dict[str, Any]]:
    after = ""
    while True:
        chosen = f'first: 1000, filter: {{traceId: {{startsWith: "{prefix}"}}}}{after}'
        query = f"{{ {records}({chosen}) {{ nodes {{ {fields} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        page = ask(url, query)[records]
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = f', after: "{page["pageInfo"]["endCursor"]}"'


def wrong(clients: list[Client], found: dict[str, Content]) -> list[str]:
    """Return the traces that are not what was acknowledged, and those that are half there."""
    return [
        f"{trace_id}: {found.get(trace_id, _NOTHING)}, acknowledged {client.acked.get(trace_id)}"
        for client in clients
        for trace_id in {
            *client.acked,
            *client.unsure,
            *(each for each in found if each.startswith(client.prefix + "-")),
        }
        if not client.allows(trace_id, found.get(trace_id, _NOTHING))
    ]

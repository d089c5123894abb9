"""Seeded spans for the benchmarks: traces of ten spans of about 1.4 KB each, as an agent behind a shop would send them.

Batches are made once as templates. Another batch is a copy of its template with other trace ids and another minute, so
that the load costs the machine next to nothing while the server is measured.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any

BATCH = 1_000
"""Spans in a batch."""
TRACE = 10
"""Spans in a trace."""

_ID = "#batch##"
_MINUTE = "####-##-##T##:##:"
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_VOWELS, _CONSONANTS = "aeiou", "bcdfghklmnprstvz"

SERVICES = ("web", "checkout", "cart", "catalogue", "agent", "payment", "mail", "search")
_STEPS = (
    ("POST /checkout", "generic", "web"),
    ("agent run: 'support'", "agent_run", "agent"),
    ("chat", "model_generation", "agent"),
    ("tool: find_order", "tool_call", "agent"),
    ("SELECT orders", "generic", "checkout"),
    ("GET /cart", "generic", "cart"),
    ("chat", "model_generation", "agent"),
    ("tool: refund", "tool_call", "agent"),
    ("POST /payments", "generic", "payment"),
    ("send mail", "generic", "mail"),
)
_PARENTS = (None, 0, 1, 1, 3, 3, 1, 1, 7, 7)
_MODELS = ("gpt-5", "claude-sonnet-5", "mistral-large")


def _words(random: Random) -> list[str]:
    return ["".join(random.choice(_CONSONANTS) + random.choice(_VOWELS) for _ in range(n)) for n in (1, 2, 3) * 600]


def span_id(trace: int, place: int) -> str:
    """Return the id of a span by its place in its trace, and the number of that in its batch."""
    return f"{(trace * 1_000_003 + place + 1) * 0x9E3779B97F4A7C15 % 2**64:016x}"


class _Maker:
    """Makes the spans of one template."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._vocabulary = _words(Random(0))

    def text(self, words: int) -> str:
        return " ".join(self._random.choices(self._vocabulary, k=words))

    def moment(self, milliseconds: float) -> str:
        return f"{_MINUTE}{milliseconds / 1_000:012.9f}Z"

    def trace(self, number: int, size: int = TRACE) -> Iterator[dict[str, Any]]:
        random = self._random
        trace_id = f"{_ID}{number:08x}{random.getrandbits(64):016x}"
        began = random.uniform(0, 50_000)
        root = random.choice(SERVICES)
        common = {
            "environment": "production",
            "userId": f"user-{random.randrange(5_000)}",
            "sessionId": f"session-{random.randrange(100_000)}",
            "threadId": f"thread-{random.randrange(100_000)}",
        }
        ids = [span_id(number, place) for place in range(size)]
        for place in range(size):
            parent = _PARENTS[place] if place < TRACE else random.randrange(place)
            yield {
                "traceId": trace_id,
                "spanId": ids[place],
                **({} if parent is None else {"parentSpanId": ids[parent]}),
                **self._span(place, began + place * 9_000 / size, root),
                **common,
            }

    def _span(self, place: int, began: float, root: str) -> dict[str, Any]:
        random = self._random
        name, kind, service = _STEPS[place % TRACE]
        failed = random.random() < 0.02
        return {
            "name": name,
            "type": kind,
            "startedAt": self.moment(began),
            "endedAt": self.moment(min(59_999, began + random.expovariate(1 / 400))),
            "serviceName": service if place else root,
            "input": {"messages": [{"role": "user", "content": self.text(70)}]},
            "output": {"text": self.text(85)},
            "metadata": {"customer": f"c-{random.randrange(200)}", "region": random.choice(("eu", "us", "asia"))},
            "tags": [random.choice(("stable", "beta")), *(["canary"] if random.random() < 0.02 else ())],
            "attributes": self._attributes(kind, service),
            **({"errorInfo": {"name": "Timeout", "message": self.text(6)}} if failed else {}),
        }

    def _attributes(self, kind: str, service: str) -> dict[str, Any]:
        random = self._random
        if kind != "model_generation":
            return {"http.route": f"/{service}", "http.status_code": 200, "server.address": f"{service}-{self.text(1)}"}
        return {
            "gen_ai.request.model": random.choice(_MODELS),
            "gen_ai.usage.input_tokens": random.randrange(50, 3_000),
            "gen_ai.usage.output_tokens": random.randrange(10, 800),
            "gen_ai.usage.cost": round(random.uniform(0.0001, 0.02), 6),
        }


CREATE = "mutation ($spans: [CreateSpanInput!]!) { batchCreateSpans(spans: $spans) { createdCount updatedCount } }"
UPDATE = "mutation ($updates: [UpdateSpanInput!]!) { batchUpdateSpans(updates: $updates) { updatedCount } }"


def body(query: str, **variables: object) -> bytes:
    """Return a GraphQL request as it is sent."""
    return json.dumps({"query": query, "variables": variables}, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Batch:
    """A batch of spans; `number` sets its trace ids, and the minute in which its spans began."""

    number: int
    template: "Template"

    def _filled(self, text: bytes) -> bytes:
        return text.replace(_ID.encode(), self.id.encode()).replace(_MINUTE.encode(), self.minute.encode())

    @property
    def id(self) -> str:
        """What its trace ids begin with."""
        return f"{self.number:08x}"

    @property
    def minute(self) -> str:
        """What its moments begin with."""
        return (_BEGIN + timedelta(minutes=self.number)).strftime("%Y-%m-%dT%H:%M:")

    @property
    def create(self) -> bytes:
        """The body of the request that creates it."""
        return self._filled(self.template.create)

    @property
    def update(self) -> bytes:
        """The body of the request that changes every span of it."""
        return self._filled(self.template.update)

    @property
    def spans(self) -> list[dict[str, Any]]:
        """Its spans."""
        found: list[dict[str, Any]] = json.loads(self._filled(json.dumps(self.template.spans).encode()))
        return found

    @property
    def trace_ids(self) -> list[str]:
        """The ids of its traces."""
        return [trace_id.replace(_ID, self.id) for trace_id in self.template.trace_ids]


class Template:
    """Spans of which batches are copies."""

    def __init__(self, seed: int, traces: int = BATCH // TRACE, size: int = TRACE) -> None:
        maker = _Maker(seed)
        self.spans = [span for number in range(traces) for span in maker.trace(number, size)]
        self.changes = [
            {
                "traceId": s["traceId"],
                "spanId": s["spanId"],
                "endedAt": s["endedAt"],
                "output": {"text": maker.text(50)},
            }
            for s in self.spans
        ]
        self.trace_ids = list(dict.fromkeys(span["traceId"] for span in self.spans))

    @cached_property
    def create(self) -> bytes:
        """The body that creates the spans."""
        return body(CREATE, spans=self.spans)

    @cached_property
    def update(self) -> bytes:
        """The body that changes them."""
        return body(UPDATE, updates=self.changes)


class Source:
    """Gives batch after batch, the later the newer."""

    def __init__(self, templates: int) -> None:
        self._templates = [Template(seed) for seed in range(1, templates + 1)]
        self.taken = 0

    def next(self) -> Batch:
        """Return the next batch."""
        batch = self.batch(self.taken)
        self.taken += 1
        return batch

    def batch(self, number: int) -> Batch:
        """Return a batch by its number."""
        return Batch(number, self._templates[number % len(self._templates)])

    def big(self, size: int) -> Batch:
        """Return a batch that is one trace of so many spans, in a minute of its own."""
        batch = Batch(self.taken, Template(size, 1, size))
        self.taken += 1
        return batch

    def trace_id(self, random: Random) -> str:
        """Return the id of some trace of ten spans among the first nine tenths of what was taken."""
        return self.key(random)[0]

    def key(self, random: Random) -> tuple[str, str]:
        """Return the ids of some span of such a trace."""
        trace = random.randrange(BATCH // TRACE)
        batch = self.batch(random.randrange(max(1, self.taken * 9 // 10)))
        return batch.trace_ids[trace], span_id(trace, random.randrange(TRACE))

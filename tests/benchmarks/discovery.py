"""`python -m tests.benchmarks.discovery STORE`: discovery and trace analysis beside the SQL that a person would write.

Each question is asked of the whole server (GraphQL over HTTP without a network) and as plain SQL on a cursor of its
own, in turn; medians are printed, with the processor's time of the server's answer, which a busy machine does not
stretch. STORE is a file with the Nezha traces: `spanwell import --db STORE nezha_full.parquet`. A trace of 40,000
spans is written into it once, years after the others: `stats` wants a file of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from statistics import median

from spanwell.collector import quiet_collector
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span
from spanwell.observability.service import Observability
from spanwell.storage.duckdb import DuckDBStorage
from tests.making import at
from tests.rules.http_door import HttpDoor

from .machine import store_to_ask
from .three_ways import timed

TIMES = 5
LARGE = "forty-thousand-spans"
SPANS = 40_000


@dataclass(frozen=True)
class Case:
    """A question in GraphQL, the SQL that a person would write for it, and how long it may take."""

    name: str
    query: str
    sql: str
    target: str = ""


_LARGE = f"trace_id = '{LARGE}'"
_TREE = f'{{ span(traceId: "{LARGE}", spanId: "0") {{ %s }} }}'
_CALLS = (
    "SELECT p.service_name, c.service_name, count(*), avg((c.status = 'ERROR')::INT),"
    " quantile_cont(c.duration_ms, 0.95)"
    " FROM spans c JOIN spans p ON p.trace_id = c.trace_id AND p.tree_start = c.tree_parent"
    " WHERE p.service_name <> c.service_name GROUP BY ALL"
)
CASES = [
    Case(
        "values of a field, filtered",
        '{ spanFieldValues(field: "name", filter: {serviceName: {eq: "cartservice"}}, prefix: "h") { value count } }',
        "SELECT name, count(*) FROM spans WHERE service_name = 'cartservice' AND name ILIKE 'h%' GROUP BY 1 ORDER BY 2",
        "150",
    ),
    Case(
        "values of an attribute, filtered",
        '{ spanFieldValues(field: "pod_name", level: SPAN, filter: {serviceName: {eq: "cartservice"}}) { value } }',
        "SELECT json_extract_string(attributes, '/pod_name'), count(*) FROM spans WHERE service_name = 'cartservice'"
        " GROUP BY 1",
        "150",
    ),
    Case(
        "fields in use",
        "{ spanFields { name level type seenCount } }",
        "SELECT unnest(json_keys(attributes)) k, count(*) FROM (SELECT attributes FROM spans ORDER BY started_at DESC"
        " LIMIT 5000) GROUP BY k",
    ),
    Case(
        "services",
        "{ services { name spanCount traceCount errorRate p50 p95 lastSeenAt } }",
        "SELECT service_name, count(*), count(DISTINCT trace_id), quantile_cont(duration_ms, [0.5, 0.95]),"
        " max(started_at) FROM spans GROUP BY 1",
    ),
    Case(
        "service graph",
        "{ serviceGraph { nodes { name spanCount errorRate p95 } edges { from to callCount errorRate p95 } } }",
        _CALLS,
        "600",
    ),
    Case("root of 40,000 spans", _TREE % "name depth childCount descendantCount selfTimeMs", _LARGE),
    Case("its first 100 children", _TREE % "children(first: 100) { nodes { name childCount selfTimeMs } }", _LARGE),
    Case("100 spans, three levels", _TREE % "children(first: 100, depth: 3) { nodes { name depth } }", _LARGE),
    Case(
        "its critical path",
        f'{{ trace(traceId: "{LARGE}") {{ criticalPath {{ durationMs span {{ name serviceName }} }} }} }}',
        _LARGE,
    ),
]


def large_trace() -> Iterator[Span]:
    """Yield a trace of 40,000 spans: a root with some 2,000 children, and whatever is below them."""
    random = Random(1)
    stretches = [(at(0), at(4_000))]
    for number in range(SPANS):
        parent = None if number == 0 else 0 if number < 2_000 else random.randrange(number - 2_000, number)
        if parent is not None:
            first, last = stretches[parent]
            began = first + random.randrange(max(1, (last - first) // 2))
            stretches.append((Nanos(began), Nanos(began + random.randrange(1, max(2, last - began)))))
        yield Span(
            trace_id=LARGE,
            span_id=str(number),
            parent_span_id=None if parent is None else str(parent),
            name=f"step {number}",
            service_name=f"service {number % 7}",
            started_at=stretches[number][0],
            ended_at=stretches[number][1],
        )


def write_large_trace(door: HttpDoor, storage: DuckDBStorage) -> None:
    """Write the large trace, unless it is there."""
    if door.runner.run(storage.get_trace(LARGE)) is None:
        spans = list(large_trace())
        for first in range(0, SPANS, 10_000):
            door.runner.run(Observability(storage).create_spans(spans[first : first + 10_000]))


def main(path: str) -> None:
    """Print a row for each question."""
    storage = DuckDBStorage(path)
    door = HttpDoor(storage)
    write_large_trace(door, storage)
    cursor = storage._database.cursor()
    print(f"{'medians of ' + str(TIMES):<34}{'SQL ms':>9}{'server':>9}{'cpu':>9}{'ratio':>7}{'target':>8}")  # noqa: T201 - the result
    with quiet_collector():
        for case in CASES:
            sql = f"SELECT span_id, name FROM spans WHERE {case.sql}" if case.sql == _LARGE else case.sql
            door.ask(case.query)
            rows: list[tuple[float, float, float]] = []
            for _ in range(TIMES):
                raw, _used = timed(lambda: cursor.execute(sql).fetchall())  # noqa: B023 - called at once
                rows.append((raw, *timed(lambda: door.send(case.query))))  # noqa: B023 - called at once
            raw, server, used = (median(column) for column in zip(*rows, strict=True))
            print(f"{case.name:<34}{raw:>9.1f}{server:>9.1f}{used:>9.1f}{server / raw:>7.2f}{case.target:>8}")  # noqa: T201 - the result
    door.close()


if __name__ == "__main__":
    main(store_to_ask(__doc__))

"""`python -m tests.benchmarks.questions STORE`: explanations and discovery beside the SQL that a person would write.

Each question is asked of the whole server (GraphQL over HTTP without a network), and as plain SQL on a cursor of its
own, in turn; medians are printed, and their ratio. A STORE that is not there is made and filled with `--spans` spans.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from spanwell.collector import quiet_collector
from spanwell.observability.analysis.differences import NUMBER_COLUMNS, TEXT_COLUMNS
from spanwell.storage.duckdb import DuckDBStorage
from tests.rules.http_door import HttpDoor

from .spans import BATCH, CREATE, Source
from .three_ways import timed

TIMES = 5
_SIDES = "count(*) FILTER (status <> 'ERROR'), count(*) FILTER (status = 'ERROR')"
_SAMPLE = " UNION ALL ".join(
    f"(SELECT status, attributes FROM spans WHERE status {op} 'ERROR' ORDER BY span_id, trace_id LIMIT 10000)"
    for op in ("=", "<>")
)
_TYPES = "CASE WHEN e.type = 'ARRAY' THEN json_type(e.value, '$[*]') END"
_KEYS = "; ".join(
    f"SELECT e.key, list(DISTINCT {_TYPES}), count(*) FROM spans, json_each(spans.{level}) e GROUP BY 1"
    for level in ("attributes", "metadata", "input", "output")
)
_TREE = """
WITH RECURSIVE tree AS MATERIALIZED (SELECT trace_id, tree_start, tree_parent, name, duration_ms, status,
    epoch_ns(started_at) AS began, epoch_ns(ended_at) AS ended FROM spans),
  children AS (SELECT c.trace_id, c.tree_parent, greatest(c.began, p.began) AS since, least(c.ended, p.ended) AS until
    FROM tree c JOIN tree p ON p.trace_id = c.trace_id AND p.tree_start = c.tree_parent),
  stretches AS (SELECT *, max(until) OVER (PARTITION BY trace_id, tree_parent ORDER BY since
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy FROM children),
  sums AS (SELECT trace_id, tree_parent, sum(greatest(0, until - greatest(since, coalesce(busy, since)))) AS busy
    FROM stretches GROUP BY ALL),
  paths AS (SELECT trace_id, tree_start, name AS path FROM tree WHERE tree_parent IS NULL
    UNION ALL SELECT t.trace_id, t.tree_start, path || '/' || t.name FROM paths p
    JOIN tree t ON t.trace_id = p.trace_id AND t.tree_parent = p.tree_start)
SELECT path, count(*), count(DISTINCT trace_id), count(*) FILTER (status = 'ERROR'), sum(ended - began),
  sum(ended - began - coalesce(busy, 0)), quantile_cont(duration_ms, [0.5, 0.95])
FROM paths JOIN tree USING (trace_id, tree_start)
LEFT JOIN sums ON sums.trace_id = paths.trace_id AND sums.tree_parent = paths.tree_start GROUP BY path
"""


@dataclass(frozen=True)
class Case:
    """A question in GraphQL, and the SQL that a person would write for it: one statement, or several."""

    name: str
    query: str
    sql: str


def _difference(storage: DuckDBStorage) -> str:
    """Return what a person would ask of each column that holds something, of the tags, and of a sample's attributes."""
    cursor = storage._database.cursor()
    columns = [*TEXT_COLUMNS, *NUMBER_COLUMNS]
    counted = ", ".join(f'count("{column.name}")' for column in columns)
    filled = cursor.execute(f"SELECT {counted} FROM spans").fetchone() or ()
    numbers = {column.name for column in NUMBER_COLUMNS}
    named = [column.name for column, count in zip(columns, filled, strict=True) if count]
    values = [f"floor(log2(nullif({name}, 0)) * 8)" if name in numbers else f'"{name}"' for name in named]
    asked = [*values, "unnest(tags)"]
    each = [f"SELECT {value}, {_SIDES} FROM spans GROUP BY 1" for value in asked]
    return "; ".join(
        [*each, f"SELECT e.key, e.value, {_SIDES} FROM ({_SAMPLE}) s, json_each(s.attributes) e GROUP BY ALL"]
    )


def cases(storage: DuckDBStorage) -> Iterator[Case]:
    """Yield the questions."""
    yield Case(
        "spanDifference",
        "{ spanDifference(baseline: {}, selection: {status: {eq: ERROR}}, first: 30) { fields { name difference"
        " values { value baselineShare selectionShare } } } }",
        _difference(storage),
    )
    yield Case("callTree", "{ callTree { name count traceCount errorCount totalMs selfMs p50 p95 } }", _TREE)
    yield Case(
        "errors",
        "{ errors { message count traceCount services firstSeenAt lastSeenAt trend { count } } }",
        "SELECT regexp_replace(error_info ->> '/message', '[0-9]+', '<number>', 'g') AS m, count(*),"
        " count(DISTINCT trace_id), list(DISTINCT service_name), min(started_at), max(started_at),"
        " arg_max(span_id, started_at), histogram(date_trunc('day', started_at))"
        " FROM spans WHERE status = 'ERROR' GROUP BY m ORDER BY 2 DESC LIMIT 50",
    )
    yield Case("spanFields, exact", "{ spanFields(exact: true) { name seenCount } }", _KEYS)
    yield Case(
        "spanFieldValues, contains",
        '{ spanFieldValues(field: "sessionId", contains: "99") { value count } }',
        "SELECT session_id, count(*) FROM spans WHERE session_id ILIKE '%99%' GROUP BY 1 ORDER BY 2 DESC LIMIT 20",
    )
    yield Case(
        "spanStats, having",
        '{ spanStats(groupBy: [{field: "userId"}], having: [{measure: ERROR_RATE, is: {gt: 0.03}}]) { keys count } }',
        "SELECT user_id, count(*) FROM spans GROUP BY 1 HAVING avg((status = 'ERROR')::INT) > 0.03"
        " ORDER BY 2 DESC LIMIT 50",
    )
    yield Case(
        "sessions by cost",
        "{ sessions(having: {traceCount: {gte: 2}}, orderBy: [{field: COST}], first: 50) { nodes { sessionId costUsd }"
        " } }",
        "SELECT session_id, sum(cost_usd) FROM traces GROUP BY 1 HAVING count(*) >= 2 ORDER BY 2 DESC LIMIT 50",
    )


def fill(door: HttpDoor, batches: int) -> None:
    """Write so many batches of spans."""
    source = Source(20)
    for _ in range(batches):
        door.ask(CREATE, spans=source.next().spans)


def main() -> None:
    """Print a row for each question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", help="a DuckDB file of spans")
    parser.add_argument("--spans", type=int, default=300_000, help="how many are written if it is not there")
    arguments = parser.parse_args()
    is_new = not Path(arguments.store).is_file()
    storage = DuckDBStorage(arguments.store)
    door = HttpDoor(storage)
    if is_new:
        fill(door, arguments.spans // BATCH)
    cursor = storage._database.cursor()
    print(f"{'medians of ' + str(TIMES):<30}{'SQL ms':>10}{'server':>10}{'ratio':>8}")  # noqa: T201 - the result
    with quiet_collector():
        for case in cases(storage):
            door.ask(case.query)
            rows: list[tuple[float, float]] = []
            for _ in range(TIMES):
                raw, _used = timed(lambda: cursor.execute(case.sql).fetchall())  # noqa: B023 - called at once
                rows.append((raw, timed(lambda: door.send(case.query))[0]))  # noqa: B023 - called at once
            raw, server = (median(column) for column in zip(*rows, strict=True))
            print(f"{case.name:<30}{raw:>10.1f}{server:>10.1f}{server / raw:>8.2f}")  # noqa: T201 - the result
    door.close()


if __name__ == "__main__":
    main()

"""`python -m tests.benchmarks.stats STORE`: statistics beside the SQL that a person would write for them.

See `three_ways` for how they are asked. STORE is a file with the Nezha traces:
`spanwell import --db STORE nezha_full.parquet`.
"""

from dataclasses import dataclass

from spanwell.observability.questions.statistics import LOG2
from tests.rules.http_door import HttpDoor

from .machine import store_to_ask
from .three_ways import Kept, compare

_DAY = 'startedAt: {gte: "2022-08-22T00:00:00Z", lt: "2022-08-23T00:00:00Z"}'
_OF_DAY = "started_at >= '2022-08-22' AND started_at < '2022-08-23'"


@dataclass(frozen=True)
class Case:
    """Statistics in GraphQL, and the SQL that a person would write."""

    name: str
    query: str
    sql: str


CASES = [
    Case(
        "p50 p95 p99 by service",
        '{ spanStats(groupBy: [{field: "serviceName"}]) { keys count durationMs { p50 p95 p99 } } }',
        "SELECT service_name, count(*), quantile_cont(duration_ms, [0.5, 0.95, 0.99]) FROM spans"
        " GROUP BY 1 ORDER BY 2 DESC",
    ),
    Case(
        "minute x service, a day",
        f'{{ spanStats(filter: {{{_DAY}}}, interval: "PT1M", groupBy: [{{field: "serviceName"}}], first: 5)'
        " { keys bucketStart count } }",
        f"SELECT service_name, date_trunc('minute', started_at), count(*) FROM spans WHERE {_OF_DAY} GROUP BY 1, 2",
    ),
    Case(
        "day x service, all",
        '{ spanStats(interval: "P1D", groupBy: [{field: "serviceName"}]) { keys bucketStart count } }',
        "SELECT service_name, date_trunc('day', started_at), count(*) FROM spans GROUP BY 1, 2",
    ),
    Case(
        "day in Berlin x service",
        '{ spanStats(interval: "P1D", timeZone: "Europe/Berlin", groupBy: [{field: "serviceName"}])'
        " { keys bucketStart count } }",
        "SELECT service_name, date_trunc('day', timezone('Europe/Berlin', started_at::TIMESTAMPTZ))::VARCHAR, count(*)"
        " FROM spans GROUP BY 1, 2",
    ),
    Case(
        "histogram",
        "{ spanStats { histogram { from to count } } }",
        f"SELECT histogram(duration_ms, {[*LOG2]}) FROM spans",
    ),
    Case(
        "heatmap, 60 buckets",
        f"{{ spanStats(filter: {{{_DAY}}}, buckets: 60) {{ bucketStart histogram {{ from to count }} }} }}",
        "SELECT time_bucket(INTERVAL 24 minutes, started_at), floor(log2(duration_ms)), count(*) FROM spans"
        f" WHERE {_OF_DAY} AND duration_ms > 0 GROUP BY 1, 2",
    ),
    Case(
        "traces: count, p95, tokens",
        "{ traceStats { count durationMs { p95 } totalTokens } }",
        "SELECT count(*), quantile_cont(duration_ms, 0.95), sum(total_tokens) FROM traces",
    ),
    Case(
        "tokens and cost, none stated",
        '{ spanStats(groupBy: [{field: "serviceName"}]) { keys count totalTokens costUsd } }',
        "SELECT service_name, count(*), sum(total_tokens), sum(cost_usd) FROM spans GROUP BY 1 ORDER BY 2 DESC",
    ),
]


def main(path: str) -> None:
    """Print a row for each question."""
    storage = Kept(path)
    door = HttpDoor(storage)
    compare("statistics", storage, door, CASES)
    door.close()


if __name__ == "__main__":
    main(store_to_ask(__doc__))

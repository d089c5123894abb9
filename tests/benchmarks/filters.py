"""`python -m tests.benchmarks.filters STORE`: filters beside the SQL that a person would write for them.

For each filter the first page of fifty is asked for; see `three_ways` for how. STORE is a file with the Nezha traces:
`spanwell import --db STORE nezha_full.parquet`.
"""

from dataclasses import dataclass

from spanwell.observability.questions.conditions import ALWAYS
from spanwell.observability.service import Observability
from spanwell.observability.storage import ObservabilityStorage
from tests.rules.http_door import HttpDoor

from .machine import store_to_ask
from .three_ways import Kept, compare

_SPANS = "trace_id, span_id, name, epoch_ns(started_at), duration_ms, service_name"
_TRACES = (
    "trace_id, epoch_ns(started_at), duration_ms, status, span_count, error_count, has_root, head_span_id, head_name"
)
_NEWEST_SPANS = "ORDER BY started_at DESC, trace_id, span_id LIMIT 51"
_NEWEST_TRACES = "ORDER BY started_at DESC, trace_id LIMIT 51"
_ABOVE = "a.trace_id = s.trace_id AND s.tree_start > a.tree_start AND s.tree_start <= a.tree_end"


@dataclass(frozen=True)
class Case:
    """A filter in GraphQL, and the WHERE clause that a person would write."""

    name: str
    field: str
    arguments: str
    where: str
    order: str = ""

    @property
    def query(self) -> str:
        """The GraphQL query of the first page."""
        shown = "name startedAt durationMs " + (
            "serviceName" if self.field == "spans" else "status spanCount errorCount"
        )
        return f"{{ {self.field}({self.arguments}, first: 50) {{ nodes {{ traceId {shown} }} }} }}"

    @property
    def sql(self) -> str:
        """The SQL of the first page."""
        spans = self.field == "spans"
        order = self.order or (_NEWEST_SPANS if spans else _NEWEST_TRACES)
        return f"SELECT {_SPANS if spans else _TRACES} FROM {self.field} s WHERE {self.where} {order}"


CASES = [
    Case("service equal", "spans", 'filter: {serviceName: {eq: "cartservice"}}', "service_name = 'cartservice'"),
    Case(
        "duration range",
        "spans",
        "filter: {durationMs: {gte: 100, lt: 200}}",
        "duration_ms >= 100 AND duration_ms < 200",
    ),
    Case("name contains", "spans", 'filter: {name: {contains: "GetCart"}}', "contains(name, 'GetCart')"),
    Case(
        "name regex", "spans", 'filter: {name: {regex: "Get(Cart|Quote)$"}}', "regexp_matches(name, 'Get(Cart|Quote)$')"
    ),
    Case(
        "A descendant of B",
        "spans",
        'filter: {serviceName: {eq: "cartservice"}, ancestor: {some: {serviceName: {eq: "checkoutservice"}}}}',
        f"service_name = 'cartservice' AND EXISTS (SELECT 1 FROM spans a WHERE {_ABOVE}"
        " AND a.service_name = 'checkoutservice')",
    ),
    Case(
        "has A and not B",
        "traces",
        'filter: {spans: {some: {serviceName: {eq: "cartservice"}}, none: {serviceName: {eq: "checkoutservice"}}}}',
        "trace_id IN (SELECT trace_id FROM spans WHERE service_name = 'cartservice')"
        " AND trace_id NOT IN (SELECT trace_id FROM spans WHERE service_name = 'checkoutservice')",
    ),
    Case(
        "count of errors >= 2",
        "traces",
        "filter: {spans: {count: {where: {status: {eq: ERROR}}, is: {gte: 2}}}}",
        "trace_id IN (SELECT trace_id FROM spans WHERE status = 'ERROR' GROUP BY trace_id HAVING count(*) >= 2)",
    ),
    Case(
        "count of calls >= 2",
        "traces",
        'filter: {spans: {count: {where: {serviceName: {eq: "cartservice"}}, is: {gte: 2}}}}',
        "trace_id IN (SELECT trace_id FROM spans WHERE service_name = 'cartservice' GROUP BY trace_id"
        " HAVING count(*) >= 2)",
    ),
    Case(
        "attribute equal, no hit",
        "spans",
        'filter: {attributes: [{key: "pod_name", string: {eq: "nope"}}]}',
        "json_extract_string(attributes, '/pod_name') = 'nope'",
    ),
    Case("newest traces", "traces", "filter: {}", "TRUE"),
    Case(
        "traces by duration",
        "traces",
        "orderBy: [{field: DURATION}]",
        "TRUE",
        "ORDER BY duration_ms DESC NULLS FIRST, trace_id LIMIT 51",
    ),
    Case("traces with errors", "traces", "filter: {errorCount: {gt: 0}}", "error_count > 0"),
]


def deep_page(door: HttpDoor, storage: ObservabilityStorage) -> Case:
    """Return the page after nine tenths of all spans."""
    total = door.runner.run(Observability(storage).storage.count_spans(ALWAYS))
    selected = "nodes { traceId spanId startedAt } pageInfo { endCursor }"
    found = door.ask(f"{{ spans(first: 1, offset: {total * 9 // 10}) {{ {selected} }} }}")
    (last,) = found["nodes"]
    at = f"TIMESTAMP_NS '{last['startedAt'].rstrip('Z')}'"
    beyond = f"(trace_id > '{last['traceId']}' OR trace_id = '{last['traceId']}' AND span_id > '{last['spanId']}')"
    after = f'after: "{found["pageInfo"]["endCursor"]}"'
    return Case("deep page (90 %)", "spans", after, f"started_at <= {at} AND (started_at < {at} OR {beyond})")


def main(path: str) -> None:
    """Print a row for each filter."""
    storage = Kept(path)
    door = HttpDoor(storage)
    compare("first 50", storage, door, [*CASES, deep_page(door, storage)])
    door.close()


if __name__ == "__main__":
    main(store_to_ask(__doc__))

"""The questions of the benchmark: as GraphQL, and as the SQL that a person would write for them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from random import Random
from time import perf_counter
from typing import Any

import msgspec

from .figures import Row, Target, at_most, both, steady, timed_row
from .raw import RawReader
from .spans import SERVICES, Source
from .wire import Connection

LIGHT = "spanId parentSpanId name type kind startedAt durationMs status serviceName hasChildError"
_LIGHT_SQL = (
    "span_id, parent_span_id, name, type, kind, epoch_ns(started_at), duration_ms, status, service_name,"
    " has_child_error, trace_id"
)
_SPAN = f"{LIGHT} input output metadata attributes tags model inputTokens outputTokens costUsd"
_SPAN_SQL = f"{_LIGHT_SQL}, input, output, metadata, attributes, tags, model, input_tokens, output_tokens, cost_usd"
_ROLLUPS = "traceId name startedAt durationMs status spanCount errorCount totalTokens costUsd services"
_ROLLUPS_SQL = (
    "trace_id, head_name, epoch_ns(started_at), duration_ms, status, span_count, error_count, total_tokens, cost_usd,"
    " services"
)
_NEWEST = "ORDER BY started_at DESC, trace_id LIMIT 51"
_NEEDLE = "nowhere to be found"


@dataclass(frozen=True)
class Question:
    """An operation: what it asks for each time, in GraphQL and in SQL, and what is to be reached."""

    operation: str
    target: Target
    query: Callable[[], tuple[bytes, str, list[Any]]]
    """Returns a request, SQL, and the values of the SQL."""
    slow: bool = False


def request(query: str, **variables: object) -> bytes:
    """Return the body of a request. What differs from one to the next is sent as variables, as clients do."""
    return msgspec.json.encode({"query": query, "variables": variables})


def trace_request(trace_id: str, size: int) -> bytes:
    """Return the request for a whole trace, with the light fields of its spans."""
    selected = f"trace(traceId: $trace) {{ spans(first: $size) {{ nodes {{ {LIGHT} }} }} }}"
    return request(f"query ($trace: ID!, $size: Int!) {{ {selected} }}", trace=trace_id, size=size)


def list_request(**given: object) -> bytes:
    """Return the request for a page of fifty traces with their rollups; `filter` and `after` may be given."""
    page = f"nodes {{ {_ROLLUPS} }} pageInfo {{ endCursor hasNextPage }}"
    traces = f"traces(first: 50, filter: $filter, after: $after) {{ {page} }}"
    return request(f"query ($filter: TraceFilter, $after: String) {{ {traces} }}", **given)


def _trace(trace_id: str, size: int) -> tuple[bytes, str, list[Any]]:
    sql = f"SELECT {_LIGHT_SQL} FROM spans WHERE trace_id = ? ORDER BY started_at, span_id"
    return trace_request(trace_id, size), sql, [trace_id]


def _page(where: str, values: list[Any], **given: object) -> tuple[bytes, str, list[Any]]:
    return list_request(**given), f"SELECT {_ROLLUPS_SQL} FROM traces WHERE {where} {_NEWEST}", values


def questions(source: Source, big: dict[int, str], deep: tuple[str, str, str]) -> Iterator[Question]:
    """Yield every question about a store with so many batches; `deep` is a place far down the list of traces."""
    random = Random(5)

    def some() -> str:
        return source.trace_id(random)

    def span() -> tuple[bytes, str, list[Any]]:
        trace_id, span_id = source.key(random)
        query = f"query ($trace: ID!, $span: ID!) {{ span(traceId: $trace, spanId: $span) {{ {_SPAN} }} }}"
        sql = (
            "WITH found AS MATERIALIZED (SELECT * FROM spans WHERE trace_id = ?)"
            f" SELECT {_SPAN_SQL} FROM found WHERE span_id = ?"
        )
        return request(query, trace=trace_id, span=span_id), sql, [trace_id, span_id]

    yield Question("get a span, 19 fields", at_most(1.5), span)
    yield Question("trace of 10 spans", at_most(1.5), lambda: _trace(some(), 10))
    yield Question("trace of 1,000 spans, light fields", at_most(1.5), lambda: _trace(big[1_000], 1_000))
    yield Question("trace of 10,000 spans, light fields", at_most(1.5), lambda: _trace(big[10_000], 10_000), slow=True)
    yield Question("newest 50 traces with rollups", both(at_most(2), steady(2)), lambda: _page("TRUE", []))
    yield from _filters(random)
    cursor, started, trace_id = deep
    after = f"started_at <= {started} AND (started_at < {started} OR trace_id > '{trace_id}')"
    yield Question("deep page (90 %)", at_most(2), lambda: _page(after, [], after=cursor))
    yield Question("text search without a hit", at_most(1.3), _search, slow=True)


def _filters(random: Random) -> Iterator[Question]:
    limit = at_most(2)

    def filtered(where: str, *values: Any, **asked: object) -> tuple[bytes, str, list[Any]]:
        return _page(where, list(values), filter=asked)

    def service() -> tuple[bytes, str, list[Any]]:
        name = random.choice(SERVICES)
        return filtered("head_service_name = ?", name, serviceName={"eq": name})

    def metadata() -> tuple[bytes, str, list[Any]]:
        customer = f"c-{random.randrange(200)}"
        asked = [{"level": "METADATA", "key": "customer", "string": {"eq": customer}}]
        return filtered("json_extract_string(head_metadata, '$.customer') = ?", customer, attributes=asked)

    yield Question("50 traces by status", limit, lambda: filtered("status = 'ERROR'", status={"eq": "ERROR"}))
    yield Question("50 traces by service", limit, service)
    yield Question("50 traces by metadata", limit, metadata)
    yield Question(
        "50 traces by tag",
        limit,
        lambda: filtered("list_contains(head_tags, 'canary')", tags={"any": ["canary"]}),
    )


def _search() -> tuple[bytes, str, list[Any]]:
    columns = ("name", "error_info", "input", "output", "attributes")
    where = " OR ".join(f"contains(lower({column}), ?)" for column in columns)
    query = f'{{ spans(first: 50, filter: {{search: "{_NEEDLE}"}}) {{ nodes {{ {LIGHT} }} }} }}'
    sql = f"SELECT {_LIGHT_SQL} FROM spans WHERE {where} ORDER BY started_at DESC, trace_id, span_id LIMIT 51"
    return request(query), sql, [_NEEDLE] * len(columns)


def ask(question: Question, connection: Connection, raw: RawReader, times: int) -> Row:
    """Ask the server and DuckDB in turn, so that both see the same minute."""
    served: list[float] = []
    fetched: list[float] = []
    for turn in count():
        if turn > (max(3, times // 6) if question.slow else times):
            break
        body, sql, values = question.query()
        began = perf_counter()
        connection.ask(body)
        served.append((perf_counter() - began) * 1_000)
        fetched.append(raw.time(sql, values))
    row = timed_row(question.operation, served[1:], fetched[1:])  # the first of each makes plans
    return question.target.judged(row)


def deep_place(connection: Connection, raw: RawReader) -> tuple[str, str, str]:
    """Return the place after nine tenths of all traces: the cursor, and the trace's start and id for SQL."""
    ((total,),) = raw.rows("SELECT count(*) FROM traces")
    selected = "nodes { traceId startedAt } pageInfo { endCursor }"
    query = f"{{ traces(first: 1, offset: {total * 9 // 10}) {{ {selected} }} }}"
    found = msgspec.json.decode(connection.ask(request(query)))["data"]["traces"]
    (last,) = found["nodes"]
    started = f"TIMESTAMP_NS '{last['startedAt'].rstrip('Z').replace('T', ' ')}'"
    return found["pageInfo"]["endCursor"], started, last["traceId"]

"""Questions in GraphQL, and the SQL that a good engineer would write for each of them by hand."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from spanwell.observability.analysis.differences import NUMBER_COLUMNS, TEXT_COLUMNS
from spanwell.storage.duckdb import DuckDBStorage

from .export_by_hand import export_by_hand

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
    """A question in GraphQL, or the path of an export; and the SQL for it: one statement, or several."""

    name: str
    query: str
    sql: str
    format: str | None = None
    """The format in which rows are exported."""

    def by_hand(self, cursor: duckdb.DuckDBPyConnection) -> object:
        """Return the answer without the server."""
        if self.format is not None:
            return export_by_hand(cursor, self.format, self.sql)
        return cursor.execute(self.sql).fetchall()


def _count(name: str, filter_: str, where: str, records: str = "spans") -> Case:
    query = f"{{ {records}(filter: {filter_}) {{ totalCount }} }}"
    return Case(name, query, f"SELECT count(*) FROM {records} WHERE {where}")


_TOOLS = "json_extract_string(attributes, '$.tools[*]')"
_RETRIES = "json_extract_string(attributes, '/retries')"
_COST = "CAST(json_extract_string(attributes, '/gen_ai.usage.cost') AS DOUBLE)"
_ATTEMPTS = "json_extract_string(events, '$[*].attributes.attempt')"
_TEXTS = (
    *("name", "status_message", "array_to_string(tags, ' ')"),
    *("error_info", "input", "output", "metadata", "attributes", "events"),
)
_NOWHERE = " OR ".join(f"{text} ILIKE '%nowhere to be seen%'" for text in _TEXTS)
_FILTERS = (
    _count(
        "element of a list",
        '{attributes: [{key: "tools", string: {eq: "browser"}}]}',
        f"list_contains({_TOOLS}, 'browser')",
    ),
    _count(
        "number across types",
        '{attributes: [{key: "retries", number: {gte: 3}, coerce: true}]}',
        f"TRY_CAST({_RETRIES} AS DOUBLE) >= 3",
    ),
    _count(
        "JSON null",
        '{attributes: [{key: "retries", json: {isJsonNull: true}}]}',
        "json_type(attributes, '/retries') = 'NULL'",
    ),
    _count(
        "attribute of an event",
        '{attributes: [{key: "attempt", level: EVENT, number: {gte: 2}}]}',
        f"list_max(list_transform({_ATTEMPTS}, lambda n: TRY_CAST(n AS DOUBLE))) >= 2",
    ),
    _count(
        "name of an event",
        '{attributes: [{key: "/name", level: EVENT, string: {eq: "retry"}}]}',
        "list_contains(json_extract_string(events, '$[*].name'), 'retry')",
    ),
    _count("text from, to", '{name: {gte: "GET", lt: "POST"}}', "name >= 'GET' AND name < 'POST'"),
    _count("contains", '{sessionId: {iContains: "99"}}', "session_id ILIKE '%99%'"),
    _count("search, no hit", '{search: "nowhere to be seen"}', _NOWHERE),
    _count(
        "trace of a user",
        '{trace: {userId: {eq: "user-17"}}}',
        "trace_id IN (SELECT trace_id FROM traces WHERE user_id = 'user-17')",
    ),
    _count(
        "scores below, traces",
        '{scores: {some: {name: {eq: "helpful"}, value: {lt: 0.3}}}}',
        "trace_id IN (SELECT trace_id FROM scores WHERE name = 'helpful' AND value < 0.3)",
        "traces",
    ),
    Case(
        "deleteTraces, dry run",
        "mutation { deleteTraces(filter: {hasError: {eq: true}}, dryRun: true)"
        " { matchedTraceCount matchedSpanCount } }",
        "SELECT count(*), sum(span_count) FROM traces WHERE has_error",
    ),
)
_FIGURES = (
    Case(
        "groups of elements",
        '{ spanStats(groupBy: [{field: "tools", level: SPAN}]) { keys count } }',
        f"SELECT tool, count(*) FROM (SELECT unnest(coalesce({_TOOLS}, [NULL])) AS tool FROM spans) GROUP BY 1"
        " ORDER BY 2 DESC LIMIT 50",
    ),
    Case(
        "values of elements",
        '{ spanFieldValues(field: "tools", level: SPAN, contains: "r") { value count } }',
        f"SELECT tool, count(*) FROM (SELECT unnest({_TOOLS}) AS tool FROM spans) WHERE tool ILIKE '%r%' GROUP BY 1"
        " ORDER BY 2 DESC LIMIT 20",
    ),
    Case(
        "sum, avg, p95 of an attribute",
        '{ spanStats(groupBy: [{field: "model"}]) { keys numbers(field: "gen_ai.usage.cost", level: SPAN)'
        " { sum avg p95 } } }",
        f"SELECT model, count(*), sum(n), avg(n), quantile_cont(n, 0.95) FROM (SELECT model, {_COST} AS n FROM spans)"
        " GROUP BY 1 ORDER BY 2 DESC LIMIT 50",
    ),
    Case(
        "histogram of an attribute",
        '{ spanStats { numbers(field: "gen_ai.usage.cost", level: SPAN) { histogram(bounds: [0.001, 0.01]) { count }'
        " } } }",
        f"SELECT count(*), histogram({_COST}, [0.001, 0.01, 'inf'::DOUBLE]) FROM spans",
    ),
    Case(
        "distinct values",
        '{ spanStats(groupBy: [{field: "serviceName"}]) { keys countDistinct(field: "userId") } }',
        "SELECT service_name, count(*), count(DISTINCT user_id) FROM spans GROUP BY 1 ORDER BY 2 DESC LIMIT 50",
    ),
    Case(
        "distinct values of an attribute",
        '{ spanStats { countDistinct(field: "server.address", level: SPAN) } }',
        "SELECT count(*), count(DISTINCT json_extract_string(attributes, '/server.address')) FROM spans",
    ),
    Case(
        "groups by the trace's user",
        '{ spanStats(groupBy: [{field: "trace.userId"}]) { keys count } }',
        "SELECT t.user_id, count(*) FROM spans JOIN traces t USING (trace_id) GROUP BY 1 ORDER BY 2 DESC LIMIT 50",
    ),
    Case(
        "scores by model",
        '{ scoreStats(groupBy: [{field: "span.model"}]) { keys count value { avg p50 } } }',
        "SELECT s.model, count(*), avg(value), quantile_cont(value, 0.5) FROM scores LEFT JOIN spans s"
        " ON s.trace_id = scores.trace_id AND s.span_id = scores.span_id GROUP BY 1 ORDER BY 2 DESC LIMIT 50",
    ),
)
_LISTS = (
    Case(
        "spans by an attribute",
        '{ spans(orderBy: [{field: ATTRIBUTE, key: "gen_ai.usage.cost", nulls: LAST}], first: 50)'
        " { nodes { traceId spanId name } } }",
        f"SELECT trace_id, span_id, name FROM spans ORDER BY {_COST} DESC NULLS LAST, trace_id, span_id LIMIT 50",
    ),
    Case(
        "threads of a user",
        '{ threads(filter: {userId: {eq: "user-17"}}, first: 50) { nodes { threadId traceCount lastActivityAt } } }',
        "SELECT thread_id, count(*), max(coalesce(ended_at, started_at)) FROM traces WHERE user_id = 'user-17'"
        " GROUP BY 1 ORDER BY 3 DESC LIMIT 50",
    ),
    *(
        Case(
            f"export of a service, {format_}",
            f"/export?format={format_}&fields=traceId,spanId,name,startedAt,durationMs,status"
            '&filter={"serviceName":{"eq":"mail"}}',
            "SELECT trace_id, span_id, name, started_at, duration_ms, status FROM spans WHERE service_name = 'mail'"
            " ORDER BY started_at DESC, trace_id, span_id",
            format_,
        )
        for format_ in ("jsonl", "csv", "parquet")
    ),
)


def _traces(storage: DuckDBStorage) -> Iterator[Case]:
    """Yield questions about single traces."""
    cursor = storage._database.cursor()
    ids = cursor.execute("SELECT trace_id FROM traces ORDER BY span_count DESC, trace_id LIMIT 2").fetchall()
    (base,), (other,) = ids
    paths = (
        "WITH RECURSIVE tree AS (SELECT trace_id, tree_start, tree_parent, name, duration_ms, status FROM spans"
        f" WHERE trace_id IN ('{base}', '{other}')), paths AS (SELECT trace_id, tree_start, name AS path FROM tree"
        " WHERE tree_parent IS NULL UNION ALL SELECT t.trace_id, t.tree_start, path || '/' || t.name FROM paths p"
        " JOIN tree t ON t.trace_id = p.trace_id AND t.tree_parent = p.tree_start)"
        " SELECT path, trace_id, count(*), sum(duration_ms), count(*) FILTER (status = 'ERROR')"
        " FROM paths JOIN tree USING (trace_id, tree_start) GROUP BY ALL"
    )
    yield Case(
        "traceDiff",
        f'{{ traceDiff(base: "{base}", other: "{other}") {{ paths {{ path change durationChangeMs }} }} }}',
        paths,
    )
    yield Case(
        "outline",
        f'{{ trace(traceId: "{base}") {{ outline }} }}',
        "SELECT name, type, status, status_message, error_info, started_at, ended_at, duration_ms, service_name, model,"
        f" total_tokens, cost_usd, tree_start, tree_parent FROM spans WHERE trace_id = '{base}'",
    )
    yield Case(
        "spans, keepAncestors",
        f'{{ trace(traceId: "{base}") {{ spans(filter: {{status: {{eq: ERROR}}}}, keepAncestors: true, first: 1000)'
        " { nodes { spanId name } } } }",
        f"WITH tree AS MATERIALIZED (SELECT span_id, name, status, tree_start, tree_end FROM spans WHERE trace_id ="
        f" '{base}') SELECT a.span_id, a.name FROM tree a WHERE EXISTS (SELECT 1 FROM tree e WHERE e.status = 'ERROR'"
        " AND e.tree_start BETWEEN a.tree_start AND a.tree_end) ORDER BY a.tree_start LIMIT 1000",
    )


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
    """Yield the questions, after one that asks for nothing."""
    yield Case("nothing", "{ __typename }", "SELECT 1")
    yield from _FILTERS
    yield from _FIGURES
    yield from _LISTS
    yield from _traces(storage)
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

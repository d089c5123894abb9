"""Reads failures by message, and call paths over many traces, in one statement each."""

from collections.abc import Sequence

from spanwell.observability.analysis.call_paths import CallPath, CallTreeQuery, arranged
from spanwell.observability.analysis.error_groups import (
    IS_JSON,
    LONGEST_MESSAGE,
    PATTERNS,
    PATTERNS_OF_JSON,
    ErrorGroup,
    ErrorsQuery,
    trend_of,
)
from spanwell.observability.questions.ordering import NEWEST_SPANS
from spanwell.storage.duckdb.conditions.paging import order_by
from spanwell.storage.duckdb.conditions.scopes import OF_SPANS, OF_TRACES
from spanwell.storage.duckdb.conditions.sql import Sql
from spanwell.storage.duckdb.conditions.where import where
from spanwell.storage.duckdb.reading.readers import Cursor, Row, fetch
from spanwell.storage.duckdb.reading.statements import ERROR_TEXT


def read_errors(query: ErrorsQuery, cursor: Cursor) -> list[ErrorGroup]:
    """Return failed spans grouped by message pattern (`ObservabilityStorage.list_errors`)."""
    return [_group(row, query) for row in fetch(cursor, _errors(query))]


def _group(row: Row, query: ErrorsQuery) -> ErrorGroup:
    message, count, trace_count, services, first_seen_at, last_seen_at, trace_id, span_id, *trend = row
    counts, first, last = trend
    sample = trace_id, span_id
    buckets = trend_of(counts, first, last, query.buckets)
    return ErrorGroup(message, count, trace_count, services, first_seen_at, last_seen_at, sample, buckets)


def _errors(query: ErrorsQuery) -> Sql:
    """Select the groups; each distinct message is normalised once, however many spans have it."""
    order = order_by(NEWEST_SPANS, OF_SPANS).text  # of columns alone, so nothing is bound in it
    return (
        "WITH failed AS MATERIALIZED (SELECT trace_id, span_id, started_at, service_name,"
        f" coalesce(left({ERROR_TEXT}, {LONGEST_MESSAGE}), '') AS raw FROM spans WHERE status = 'ERROR' AND ("
        + where(query.where, OF_SPANS)
        + ")), texts AS MATERIALIZED (SELECT DISTINCT raw FROM failed), kinds AS MATERIALIZED ("
        + _kinds("NOT", PATTERNS)
        + " UNION ALL "
        + _kinds("", PATTERNS_OF_JSON)
        + "), "
        "stretch AS (SELECT epoch_ns(min(started_at))::HUGEINT AS first, epoch_ns(max(started_at))::HUGEINT AS last"
        " FROM failed) "
        "SELECT message, count(*) AS seen, count(DISTINCT trace_id),"
        " list_sort(coalesce(list(DISTINCT service_name) FILTER (service_name IS NOT NULL), [])),"
        f" epoch_ns(min(started_at)), epoch_ns(max(started_at)), first(trace_id ORDER BY {order}),"
        f" first(span_id ORDER BY {order}),"
        f" histogram(((epoch_ns(started_at) - first) // ((last - first) // {query.buckets} + 1))::INTEGER),"
        " min(first)::BIGINT, min(last)::BIGINT"
        f" FROM failed JOIN kinds USING (raw), stretch GROUP BY message ORDER BY seen DESC, message LIMIT {query.size}"
    )


def _kinds(negation: str, patterns: Sequence[tuple[str, str]]) -> Sql:
    """Select the messages that are JSON, or are not, and what becomes of them."""
    message = Sql("raw")
    for pattern, placeholder in patterns:
        message = "regexp_replace(" + message + Sql(", ?, ?, 'g')", (pattern, placeholder))
    met = Sql(f" FROM texts WHERE {negation} regexp_matches(raw, ?)", (IS_JSON,))
    return "SELECT raw, trim(" + message + ", ' ') AS message" + met


def read_call_tree(query: CallTreeQuery, cursor: Cursor) -> list[CallPath]:
    """Return the call paths of matching traces (`ObservabilityStorage.get_call_tree`)."""
    found = [CallPath(_path(row[0]), *row[1:]) for row in fetch(cursor, _call_tree(query))]
    return arranged(found, query.size)


def _path(pointer: str) -> tuple[str, ...]:
    return tuple(name.replace("~1", "/").replace("~0", "~") for name in pointer.split("/")[1:])


_NAME = "'/' || replace(replace({name}, '~', '~0'), '/', '~1')"
"""Names escaped as in a JSON Pointer, so that a path is one text."""

_BUSY = (
    "children AS (SELECT c.trace, c.tree_parent AS above, greatest(c.began, p.began) AS since,"
    " least(coalesce(c.ended, p.ended), p.ended) AS until"
    " FROM tree c JOIN tree p ON p.trace = c.trace AND p.tree_start = c.tree_parent WHERE p.ended IS NOT NULL), "
    "stretches AS (SELECT *, max(until) OVER (PARTITION BY trace, above ORDER BY since"
    " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_until FROM children), "
    "sums AS (SELECT trace, above, sum(greatest(0, until - greatest(since, coalesce(busy_until, since)))) AS busy"
    " FROM stretches GROUP BY trace, above), "
)
_CARRIED = "{0}.duration_ms, {0}.failed, greatest(0, {0}.ended - {0}.began) AS took"
"""The columns to aggregate, carried along with each span so that they need not be looked up by path."""


def _call_tree(query: CallTreeQuery) -> Sql:
    """Select the paths. Within the statement traces are numbered: joining by trace id takes half as long again."""
    name = _NAME.format(name="spans.name")
    return (
        "WITH RECURSIVE tree AS MATERIALIZED (SELECT traces.rowid AS trace, tree_start, tree_parent,"
        f" spans.duration_ms, spans.status = 'ERROR' AS failed, {name} AS name,"
        " epoch_ns(spans.started_at) AS began, epoch_ns(spans.ended_at) AS ended"
        " FROM spans JOIN traces ON traces.trace_id = spans.trace_id WHERE "
        + where(query.where, OF_TRACES)
        + f"), {_BUSY}"
        f"paths AS (SELECT trace, tree_start, 1 AS depth, name AS path, {_CARRIED.format('tree')}"
        " FROM tree WHERE tree_parent IS NULL"
        f" UNION ALL SELECT t.trace, t.tree_start, depth + 1, path || t.name, {_CARRIED.format('t')} FROM paths p"
        " JOIN tree t ON t.trace = p.trace AND t.tree_parent = p.tree_start"
        f" WHERE depth < {query.depth}) "
        "SELECT path, count(*), count(DISTINCT paths.trace), count(*) FILTER (failed),"
        " coalesce(sum(took), 0)::DOUBLE / 1e6, coalesce(sum(took - coalesce(busy, 0)), 0)::DOUBLE / 1e6,"
        " quantile_cont(duration_ms, 0.5), quantile_cont(duration_ms, 0.95)"
        " FROM paths LEFT JOIN sums ON sums.trace = paths.trace AND sums.above = paths.tree_start GROUP BY path"
    )

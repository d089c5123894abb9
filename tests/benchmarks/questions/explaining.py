"""Questions that compare, group and find out, over all spans."""

from spanwell.observability.analysis.call_paths import CallPath, arranged
from spanwell.observability.model.span import SPAN_COLUMNS
from spanwell.observability.questions.fields import FIELDS_OF_TRACES
from spanwell.storage.duckdb.conditions.scopes import OF_TRACES

from .case import Case, Cursor, rows
from .difference import difference

_TREE = """
WITH RECURSIVE tree AS MATERIALIZED (SELECT trace_id, tree_start, tree_parent, name, duration_ms, status,
    epoch_ns(started_at) AS began, epoch_ns(ended_at) AS ended FROM spans),
  children AS (SELECT c.trace_id, c.tree_parent, greatest(c.began, p.began) AS since, least(c.ended, p.ended) AS until
    FROM tree c JOIN tree p ON p.trace_id = c.trace_id AND p.tree_start = c.tree_parent),
  stretches AS (SELECT *, max(until) OVER (PARTITION BY trace_id, tree_parent ORDER BY since
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy FROM children),
  sums AS (SELECT trace_id, tree_parent, sum(greatest(0, until - greatest(since, coalesce(busy, since)))) AS busy
    FROM stretches GROUP BY ALL),
  paths AS (SELECT trace_id, tree_start, [name] AS path FROM tree WHERE tree_parent IS NULL
    UNION ALL SELECT t.trace_id, t.tree_start, list_append(path, t.name) FROM paths p
    JOIN tree t ON t.trace_id = p.trace_id AND t.tree_parent = p.tree_start WHERE len(path) < 20)
SELECT path, count(*), count(DISTINCT trace_id), count(*) FILTER (status = 'ERROR'), sum(ended - began) / 1e6,
  sum(ended - began - coalesce(busy, 0)) / 1e6, quantile_cont(duration_ms, 0.5), quantile_cont(duration_ms, 0.95)
FROM paths JOIN tree USING (trace_id, tree_start)
LEFT JOIN sums ON sums.trace_id = paths.trace_id AND sums.tree_parent = paths.tree_start GROUP BY path
"""


def _call_tree(cursor: Cursor) -> object:
    """Read the paths by hand; the server's own code chooses and orders those that are shown in both."""
    shown = arranged([CallPath(tuple(path), *figures) for path, *figures in rows(cursor, _TREE)], 500)
    return {
        "callTree": [
            {
                "name": each.path[-1],
                "count": each.count,
                "traceCount": each.trace_count,
                "errorCount": each.error_count,
                "totalMs": each.total_ms,
                "selfMs": each.self_ms,
                "p50": each.p50,
                "p95": each.p95,
            }
            for each in shown
        ]
    }


_MOMENT = "strftime({0}, '%Y-%m-%dT%H:%M:%S.%nZ')"
_ERRORS = f"""
WITH failed AS (SELECT regexp_replace(error_info ->> '/message', '[0-9]+', '<number>', 'g') AS message, trace_id,
    service_name, started_at, epoch_ns(started_at) AS began FROM spans WHERE status = 'ERROR'),
  ends AS (SELECT min(began) AS first, max(began) AS last FROM failed)
SELECT message, count(*), count(DISTINCT trace_id), list_sort(list(DISTINCT service_name)),
  {_MOMENT.format("min(started_at)")}, {_MOMENT.format("max(started_at)")},
  histogram((began - first) // ((last - first) // 24 + 1))
FROM failed, ends GROUP BY message ORDER BY 2 DESC, 1 LIMIT 50
"""


def _errors(cursor: Cursor) -> object:
    names = ("message", "count", "traceCount", "services", "firstSeenAt", "lastSeenAt")
    return {
        "errors": [
            {
                **dict(zip(names, row, strict=True)),
                "trend": [{"count": trend.get(bucket, 0)} for bucket in range(24)],
            }
            for *row, trend in rows(cursor, _ERRORS)
        ]
    }


_LEVELS = ("attributes", "metadata", "input", "output")
_EACH_KEY = "SELECT '{0}' AS level, e.key, count(*) AS n FROM spans, json_each(spans.{0}) e GROUP BY 2"
_OF_EVENTS = (
    "SELECT 'events', key, count(DISTINCT place) FROM (SELECT place, {0} AS key FROM"
    " (SELECT rowid AS place, unnest(json_extract(events, '$[*]')) AS event FROM spans), {1}) GROUP BY key"
)
_OWN = "(SELECT * FROM json_each(event) WHERE key <> 'attributes') e"
_KEYS = " UNION ALL ".join(
    (
        *map(_EACH_KEY.format, _LEVELS),
        _OF_EVENTS.format("e.key", "json_each(event -> 'attributes') e"),
        _OF_EVENTS.format("'/' || e.key", _OWN),
    )
)


def _fields(cursor: Cursor) -> object:
    """Count the spans that have each column, each key of each JSON object, and whose trace has each column."""
    of_traces = [OF_TRACES.columns[column.name].name for column in FIELDS_OF_TRACES]
    (own,) = rows(cursor, f"SELECT {', '.join(f'count({column.name})' for column in SPAN_COLUMNS)} FROM spans")
    counted = ", ".join(f"coalesce(sum(span_count) FILTER ({name} IS NOT NULL), 0)::BIGINT" for name in of_traces)
    (theirs,) = rows(cursor, f"SELECT {counted} FROM traces")
    found = [
        *zip((column.label for column in SPAN_COLUMNS), own, strict=True),
        *rows(cursor, f"SELECT key, n FROM ({_KEYS}) ORDER BY n DESC, level, starts_with(key, '/'), key"),
        *zip((f"trace.{column.label}" for column in FIELDS_OF_TRACES), theirs, strict=True),
    ]
    return {"spanFields": [{"name": name, "seenCount": count} for name, count in found]}


EXPLAINING = (
    Case(
        "spanDifference",
        "{ spanDifference(baseline: {}, selection: {status: {eq: ERROR}}, first: 30) { fields { name difference"
        " values { value baselineShare selectionShare } } } }",
        difference,
    ),
    Case("callTree", "{ callTree { name count traceCount errorCount totalMs selfMs p50 p95 } }", _call_tree),
    Case("spanFields, exact", "{ spanFields(exact: true) { name seenCount } }", _fields),
    Case("errors", "{ errors { message count traceCount services firstSeenAt lastSeenAt trend { count } } }", _errors),
)

"""Questions for statistics and for the values of fields."""

from collections.abc import Callable, Sequence

from .case import ByHand, Case, Cursor, Row, listed, rows

_TOOLS = "json_extract_string(attributes, '$.tools[*]')"
_COST = "CAST(json_extract_string(attributes, '/gen_ai.usage.cost') AS DOUBLE)"


def _groups(names: Sequence[str], sql: str, field: str = "spanStats") -> ByHand:
    """Return what answers statistics of groups: the first column is the key."""
    return _each(field, sql, lambda row: {"keys": [row[0]], **dict(zip(names, row[1:], strict=True))})


def _each(field: str, sql: str, shown: Callable[[Row], object]) -> ByHand:
    return lambda cursor: {field: [shown(row) for row in rows(cursor, sql)]}


def _numbers(row: Row) -> object:
    model, *figures = row
    return {"keys": [model], "numbers": dict(zip(("sum", "avg", "p95"), figures, strict=True))}


def _value(row: Row) -> object:
    model, count, avg, p50 = row
    return {"keys": [model], "count": count, "value": {"avg": avg, "p50": p50}}


def _histogram(cursor: Cursor) -> object:
    ((found,),) = rows(cursor, f"SELECT histogram({_COST}, [0.001, 0.01, 'inf'::DOUBLE]) FROM spans")
    return {"spanStats": [{"numbers": {"histogram": [{"count": count} for count in found.values()]}}]}


def _users(cursor: Cursor) -> object:
    """Return the largest groups, and all others as one."""
    found = rows(
        cursor,
        "SELECT t.user_id, count(*), sum(count(*)) OVER () FROM spans JOIN traces t USING (trace_id)"
        " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50",
    )
    groups = [{"keys": [user], "count": count} for user, count, _ in found]
    others = int(found[0][2]) - sum(count for _, count, _ in found)
    return {"spanStats": [*groups, *([{"keys": [None], "count": others}] if others else [])]}


def _failing(cursor: Cursor) -> object:
    found = rows(
        cursor,
        "SELECT user_id, count(*) FROM spans GROUP BY 1 HAVING avg((status = 'ERROR')::INT) > 0.03"
        " ORDER BY 2 DESC, 1 LIMIT 50",
    )
    return {"spanStats": [{"keys": [user], "count": count} for user, count in found]}


FIGURES = (
    Case(
        "groups of elements",
        '{ spanStats(groupBy: [{field: "tools", level: SPAN}]) { keys count } }',
        _groups(
            ["count"],
            f"SELECT tool, count(*) FROM (SELECT unnest(if(len(found) > 0, found, [NULL])) AS tool FROM"
            f" (SELECT {_TOOLS} AS found FROM spans))"
            " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50",
        ),
    ),
    Case(
        "values of elements",
        '{ spanFieldValues(field: "tools", level: SPAN, contains: "r") { value count } }',
        listed(
            "spanFieldValues",
            ["value", "count"],
            f"SELECT tool, count(*) FROM (SELECT unnest({_TOOLS}) AS tool FROM spans) WHERE tool ILIKE '%r%' GROUP BY 1"
            " ORDER BY 2 DESC, 1 LIMIT 20",
        ),
    ),
    Case(
        "sum, avg, p95 of an attribute",
        '{ spanStats(groupBy: [{field: "model"}]) { keys numbers(field: "gen_ai.usage.cost", level: SPAN)'
        " { sum avg p95 } } }",
        _each(
            "spanStats",
            f"SELECT model, sum(n), avg(n), quantile_cont(n, 0.95) FROM (SELECT model, {_COST} AS n FROM spans)"
            " GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 50",
            _numbers,
        ),
    ),
    Case(
        "histogram of an attribute",
        '{ spanStats { numbers(field: "gen_ai.usage.cost", level: SPAN) { histogram(bounds: [0.001, 0.01]) { count }'
        " } } }",
        _histogram,
    ),
    Case(
        "distinct values",
        '{ spanStats(groupBy: [{field: "serviceName"}]) { keys countDistinct(field: "userId") } }',
        _groups(
            ["countDistinct"],
            "SELECT service_name, count(DISTINCT user_id) FROM spans GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 50",
        ),
    ),
    Case(
        "distinct values of an attribute",
        '{ spanStats { countDistinct(field: "server.address", level: SPAN) } }',
        listed(
            "spanStats",
            ["countDistinct"],
            "SELECT count(DISTINCT json_extract_string(attributes, '/server.address')) FROM spans",
        ),
    ),
    Case("groups by the trace's user", '{ spanStats(groupBy: [{field: "trace.userId"}]) { keys count } }', _users),
    Case(
        "scores by model",
        '{ scoreStats(groupBy: [{field: "span.model"}]) { keys count value { avg p50 } } }',
        _each(
            "scoreStats",
            "SELECT s.model, count(*), avg(value), quantile_cont(value, 0.5) FROM scores LEFT JOIN spans s"
            " ON s.trace_id = scores.trace_id AND s.span_id = scores.span_id GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50",
            _value,
        ),
    ),
    Case(
        "spanStats, having",
        '{ spanStats(groupBy: [{field: "userId"}], having: [{measure: ERROR_RATE, is: {gt: 0.03}}]) { keys count } }',
        _failing,
    ),
    Case(
        "spanFieldValues, contains",
        '{ spanFieldValues(field: "sessionId", contains: "99") { value count } }',
        listed(
            "spanFieldValues",
            ["value", "count"],
            "SELECT session_id, count(*) FROM spans WHERE session_id ILIKE '%99%' GROUP BY 1 ORDER BY 2 DESC, 1"
            " LIMIT 20",
        ),
    ),
)

"""Questions for lists in an order, and for files of all that matches."""

from .case import Case, page
from .exports import export

_COST = "CAST(json_extract_string(attributes, '/gen_ai.usage.cost') AS DOUBLE)"
_MOMENT = "strftime({0}, '%Y-%m-%dT%H:%M:%S.%nZ')"
"""A moment as text: DuckDB gives Python only microseconds."""
_LAST = _MOMENT.format("max(coalesce(ended_at, started_at))")

LISTS = (
    Case(
        "spans by an attribute",
        '{ spans(orderBy: [{field: ATTRIBUTE, key: "gen_ai.usage.cost", nulls: LAST}], first: 50)'
        " { nodes { traceId spanId name } } }",
        page(
            "spans",
            ["traceId", "spanId", "name"],
            f"SELECT trace_id, span_id, name FROM spans ORDER BY {_COST} DESC NULLS LAST, trace_id, span_id LIMIT 50",
        ),
    ),
    Case(
        "threads of a user",
        '{ threads(filter: {userId: {eq: "user-17"}}, first: 50) { nodes { threadId traceCount lastActivityAt } } }',
        page(
            "threads",
            ["threadId", "traceCount", "lastActivityAt"],
            f"SELECT thread_id, count(*), {_LAST} FROM traces WHERE user_id = 'user-17' AND thread_id IS NOT NULL"
            " GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT 50",
        ),
    ),
    Case(
        "sessions by cost",
        "{ sessions(having: {traceCount: {gte: 2}}, orderBy: [{field: COST}], first: 50) { nodes { sessionId costUsd }"
        " } }",
        page(
            "sessions",
            ["sessionId", "costUsd"],
            "SELECT session_id, sum(cost_usd) FROM traces WHERE session_id IS NOT NULL GROUP BY 1"
            " HAVING count(*) >= 2 ORDER BY 2 DESC NULLS LAST, 1 LIMIT 50",
        ),
    ),
    *(
        Case(
            f"export of a service, {format_}",
            f"/export?format={format_}&fields=traceId,spanId,name,startedAt,durationMs,status"
            '&filter={"serviceName":{"eq":"mail"}}',
            export(format_),
        )
        for format_ in ("jsonl", "csv", "parquet")
    ),
)

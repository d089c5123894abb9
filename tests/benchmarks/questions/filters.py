"""Questions how many records meet a filter."""

from .case import Case, Cursor, count, rows

_RETRIES = "json_extract_string(attributes, '/retries')"
_ATTEMPTS = "json_extract_string(events, '$[*].attributes.attempt')"
_TEXTS = (
    *("name", "status_message", "array_to_string(tags, ' ')"),
    *("error_info", "input", "output", "metadata", "attributes", "events"),
)
_NOWHERE = " OR ".join(f"{text} ILIKE '%nowhere to be seen%'" for text in _TEXTS)


def _failed(cursor: Cursor) -> object:
    ((traces, spans),) = rows(cursor, "SELECT count(*), sum(span_count) FROM traces WHERE has_error")
    return {"deleteTraces": {"matchedTraceCount": traces, "matchedSpanCount": spans}}


FILTERS = (
    count(
        "element of a list",
        '{attributes: [{key: "tools", string: {eq: "browser"}}]}',
        "list_contains(json_extract_string(attributes, '$.tools[*]'), 'browser')",
    ),
    count(
        "number across types",
        '{attributes: [{key: "retries", number: {gte: 3}, coerce: true}]}',
        f"TRY_CAST({_RETRIES} AS DOUBLE) >= 3",
    ),
    count(
        "JSON null",
        '{attributes: [{key: "retries", json: {isJsonNull: true}}]}',
        "json_type(attributes, '/retries') = 'NULL'",
    ),
    count(
        "attribute of an event",
        '{attributes: [{key: "attempt", level: EVENT, number: {gte: 2}}]}',
        f"list_max(list_transform({_ATTEMPTS}, lambda n: TRY_CAST(n AS DOUBLE))) >= 2",
    ),
    count(
        "name of an event",
        '{attributes: [{key: "/name", level: EVENT, string: {eq: "retry"}}]}',
        "list_contains(json_extract_string(events, '$[*].name'), 'retry')",
    ),
    count("text from, to", '{name: {gte: "GET", lt: "POST"}}', "name >= 'GET' AND name < 'POST'"),
    count("contains", '{sessionId: {iContains: "99"}}', "session_id ILIKE '%99%'"),
    count("search, no hit", '{search: "nowhere to be seen"}', _NOWHERE),
    count(
        "trace of a user",
        '{trace: {userId: {eq: "user-17"}}}',
        "trace_id IN (SELECT trace_id FROM traces WHERE user_id = 'user-17')",
    ),
    count(
        "scores below, traces",
        '{scores: {some: {name: {eq: "helpful"}, value: {lt: 0.3}}}}',
        "trace_id IN (SELECT trace_id FROM scores WHERE name = 'helpful' AND value < 0.3)",
        "traces",
    ),
    Case(
        "deleteTraces, dry run",
        "mutation { deleteTraces(filter: {hasError: {eq: true}}, dryRun: true)"
        " { matchedTraceCount matchedSpanCount } }",
        _failed,
    ),
)

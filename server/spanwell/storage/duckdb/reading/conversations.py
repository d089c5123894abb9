"""Reads sessions and threads: one statement over `traces`, whose rows hold their root spans."""

from spanwell.observability.model.trace import LARGEST_COUNT
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.observability.questions.conversations import (
    CONVERSATION_COLUMNS,
    PREVIEW,
    Conversation,
    ConversationQuery,
)
from spanwell.observability.questions.queries import Page, page_of
from spanwell.storage.duckdb.conditions.paging import fetch_order, order_by, within
from spanwell.storage.duckdb.conditions.scopes import OF_TRACES, Scope
from spanwell.storage.duckdb.conditions.sql import Sql, all_of
from spanwell.storage.duckdb.conditions.where import where
from spanwell.storage.duckdb.tables.columns import Stored

from .readers import Cursor, fetch
from .records import to_records

_STORED = {column.name: Stored(column.name, column) for column in CONVERSATION_COLUMNS}
_SCOPE = Scope("conversations", _STORED)
_SELECTED = list(_STORED.values())

_COUNTS = ("error_count", "input_tokens", "output_tokens", "total_tokens")
_SUMS = ", ".join(  # `least` alone would give the bound where there is nothing to sum
    f"CASE WHEN count({name}) > 0 THEN least(sum({name}), {LARGEST_COUNT})::INTEGER END AS {name}" for name in _COUNTS
)


def _preview(document: str) -> str:
    text = f"CASE WHEN json_type({document}) = 'VARCHAR' THEN {document} ->> '$' ELSE CAST({document} AS VARCHAR) END"
    return f"left({text}, {PREVIEW})"  # of a JSON value itself `left` would cut between bytes


_HEAD_INPUT = OF_TRACES.column("input")
_FIRST_INPUTS = (
    "inputs AS (SELECT trace_id, min({'at': started_at, 'id': span_id, 'text': "
    + _preview("input")
    + "}).text AS text FROM spans WHERE input IS NOT NULL AND trace_id IN (SELECT trace_id FROM page"
    f" JOIN traces ON traces.trace_id = page.last_trace_id WHERE {_HEAD_INPUT} IS NULL) GROUP BY trace_id)"
)
"""What the earliest span that was given something was given, where the root was given nothing."""
_NO_INPUTS = "inputs AS (SELECT '' AS trace_id, '' AS text WHERE FALSE)"


def read_conversations(query: ConversationQuery, cursor: Cursor) -> Page[Conversation]:
    """Return a page of sessions or threads (`ObservabilityStorage.list_conversations`)."""
    rows = fetch(cursor, _page(query))
    return page_of(to_records(Conversation, rows, _SELECTED), query.window)


def count_conversations(query: ConversationQuery, cursor: Cursor) -> int:
    """Return the number of sessions or threads (`ObservabilityStorage.count_conversations`)."""
    name = OF_TRACES.column(query.together.value)
    counted = f"SELECT count(DISTINCT {name}) FROM traces WHERE " + where(query.where, OF_TRACES)
    if query.having != ALWAYS:
        counted = "SELECT count(*) FROM (" + _summed(query) + ") conversations WHERE " + where(query.having, _SCOPE)
    ((found,),) = fetch(cursor, counted)
    return int(found)


def _summed(query: ConversationQuery) -> Sql:
    """Return what conversations sum up. The order of addition is fixed where costs make places in a list."""
    name = OF_TRACES.column(query.together.value)
    in_order = " ORDER BY cost_usd" if any(key.column == "cost_usd" for key in query.order) else ""
    return (
        f"SELECT {name} AS conversation_id, count(*) AS trace_count, {_SUMS},"
        " min(started_at) AS first_activity_at, max(greatest(started_at, ended_at)) AS last_activity_at,"
        f" sum(cost_usd{in_order}) AS cost_usd, max({{'at': started_at, 'id': trace_id}}).id AS last_trace_id"
        f" FROM traces WHERE {name} IS NOT NULL AND (" + where(query.where, OF_TRACES) + f") GROUP BY {name}"
    )


def _page(query: ConversationQuery) -> Sql:
    ordered = order_by(fetch_order(query.window, query.order), _SCOPE).text
    previews = "last_input" in query.columns
    of_newest = {
        "last_input": f"coalesce({_preview(_HEAD_INPUT)}, inputs.text)" if previews else "NULL::VARCHAR",
        "user_id": OF_TRACES.column("user_id"),
    }
    selected = ", ".join(
        f"{of_newest[stored.name]} AS {stored.name}" if stored.name in of_newest else f"page.{stored.name}"
        for stored in _SELECTED
    )
    return (
        "WITH conversations AS ("
        + _summed(query)
        + "), page AS (SELECT * FROM conversations WHERE "
        + all_of((where(query.having, _SCOPE), within(query.window, query.order, _SCOPE)))
        + f" ORDER BY {ordered} LIMIT {query.window.size + 1}),"
        f" {_FIRST_INPUTS if previews else _NO_INPUTS}, found AS (SELECT {selected} FROM page"
        " JOIN traces ON traces.trace_id = page.last_trace_id"
        " LEFT JOIN inputs ON inputs.trace_id = page.last_trace_id)"
        f" SELECT {', '.join(stored.selected for stored in _SELECTED)} FROM found ORDER BY {ordered}"
    )

"""Reads sessions and threads: one statement over `traces`, whose rows hold their root spans."""

from collections.abc import Iterable

from spanwell.observability.model.trace import LARGEST_COUNT
from spanwell.observability.questions.conditions import ALWAYS, columns_of
from spanwell.observability.questions.conversations import (
    CONVERSATION_COLUMNS,
    PREVIEW,
    Conversation,
    ConversationQuery,
)
from spanwell.observability.questions.queries import Columns, Page, page_of
from spanwell.storage.duckdb.conditions.paging import fetch_order, order_by, within
from spanwell.storage.duckdb.conditions.scopes import OF_TRACES, Scope
from spanwell.storage.duckdb.conditions.sql import Sql, all_of
from spanwell.storage.duckdb.conditions.where import where
from spanwell.storage.duckdb.tables.columns import Stored

from .readers import Cursor, fetch
from .records import to_records

_STORED = {column.name: Stored(column.name, column) for column in CONVERSATION_COLUMNS}

_COUNTS = ("error_count", "input_tokens", "output_tokens", "total_tokens")
_SUMS = {
    "trace_count": "count(*)",
    **{  # `least` ignores null, so it would return the bound where there is nothing to sum
        name: f"CASE WHEN count({name}) > 0 THEN least(sum({name}), {LARGEST_COUNT})::INTEGER END" for name in _COUNTS
    },
    "first_activity_at": "min(started_at)",
    "last_activity_at": "max(greatest(started_at, ended_at))",
    "cost_usd": "sum(cost_usd)",
    "last_trace_id": "max({'at': started_at, 'id': trace_id}).id",
}
_COST_IN_ANY_ORDER = "sum(floor(cost_usd)) + sum(((cost_usd - floor(cost_usd)) * 2^52)::BIGINT)::DOUBLE / 2^52"
"""A sum of whole numbers, which the order of rows does not change, as sorting and paging by cost require."""
_OF_NEWEST = frozenset({"last_input", "user_id"})
"""The columns that come from the newest trace."""


def _preview(document: str) -> str:
    text = f"CASE WHEN json_type({document}) = 'VARCHAR' THEN {document} ->> '$' ELSE CAST({document} AS VARCHAR) END"
    return f"left({text}, {PREVIEW})"  # on a JSON value, `left` would cut between bytes


_HEAD_INPUT = OF_TRACES.column("input")
_FIRST_INPUTS = (
    "(SELECT trace_id, min({'at': started_at, 'id': span_id, 'text': "
    + _preview("input")
    + "}).text AS text FROM spans WHERE input IS NOT NULL AND trace_id IN (SELECT trace_id FROM page"
    f" JOIN traces ON traces.trace_id = page.last_trace_id WHERE {_HEAD_INPUT} IS NULL) GROUP BY trace_id) inputs"
)
"""The input of the earliest span that has one, for roots without input."""


def _scope(query: ConversationQuery) -> Scope:
    return Scope("conversations", _STORED, by=query.together.value, among=query.where)


def read_conversations(query: ConversationQuery, cursor: Cursor) -> Page[Conversation]:
    """Return a page of sessions or threads (`ObservabilityStorage.list_conversations`)."""
    wanted = _wanted(query)
    columns = [stored for name, stored in _STORED.items() if name in wanted]
    found = to_records(Conversation, fetch(cursor, _page(query, columns)), columns)
    for name in _STORED.keys() - wanted:
        for one in found:
            setattr(one, name, None)
    return page_of(found, query.window)


def count_conversations(query: ConversationQuery, cursor: Cursor) -> int:
    """Return the number of sessions or threads (`ObservabilityStorage.count_conversations`)."""
    name, scope = OF_TRACES.column(query.together.value), _scope(query)
    counted = f"SELECT count(DISTINCT {name}) FROM traces WHERE " + where(query.where, OF_TRACES)
    if query.having != ALWAYS:
        counted = "SELECT count(*) FROM (" + _summed(query) + ") conversations WHERE " + where(query.having, scope)
    ((found,),) = fetch(cursor, counted)
    return int(found)


def _wanted(query: ConversationQuery) -> Columns:
    """Return the columns that are read of a page."""
    return query.columns | {"conversation_id"} | {key.column for key in query.order}


def _summed(query: ConversationQuery) -> Sql:
    """Select the aggregates of conversations that the query asks for. Each that is not asked for costs planning."""
    together = OF_TRACES.column(query.together.value)
    wanted = _wanted(query) | columns_of(query.having)
    by_cost = any(key.column == "cost_usd" for key in query.order)
    sums = {**_SUMS, "cost_usd": _COST_IN_ANY_ORDER} if by_cost else _SUMS
    if wanted & _OF_NEWEST:
        wanted |= {"last_trace_id"}
    summed = "".join(f", {sql} AS {name}" for name, sql in sums.items() if name in wanted)
    return (
        f"SELECT {together} AS conversation_id{summed} FROM traces WHERE {together} IS NOT NULL AND ("
        + where(query.where, OF_TRACES)
        + f") GROUP BY {together}"
    )


def _page(query: ConversationQuery, columns: Iterable[Stored]) -> Sql:
    scope = _scope(query)
    ordered = order_by(fetch_order(query.window, query.order), scope).text
    met = all_of((where(query.having, scope), within(query.window, query.order, scope)))
    cut = f" ORDER BY {ordered} LIMIT {query.window.size + 1}"
    selected = ", ".join(stored.selected for stored in columns)
    if not query.columns & _OF_NEWEST:
        return f"SELECT {selected} FROM (" + _summed(query) + ") conversations WHERE " + met + cut
    page = "WITH page AS (SELECT * FROM (" + _summed(query) + ") conversations WHERE " + met + f"{cut})"
    return page + f", found AS ({_with_newest(query)}) SELECT {selected} FROM found ORDER BY {ordered}"


def _with_newest(query: ConversationQuery) -> str:
    """Select the page, with the columns that come from the newest trace of each conversation."""
    user = f"{OF_TRACES.column('user_id')} AS user_id"
    traces = "FROM page JOIN traces ON traces.trace_id = page.last_trace_id"
    if "last_input" not in query.columns:
        return f"SELECT page.*, NULL::VARCHAR AS last_input, {user} {traces}"
    last_input = f"coalesce({_preview(_HEAD_INPUT)}, inputs.text) AS last_input"
    return f"SELECT page.*, {last_input}, {user} {traces} LEFT JOIN {_FIRST_INPUTS} ON inputs.trace_id = last_trace_id"

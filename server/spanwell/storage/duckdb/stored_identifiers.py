"""Normalises the ids in a file from an older version, which stored other forms of the same id.

Traces stored under two forms of one id become one trace, and duplicate spans are merged like creates.
"""

from collections.abc import Sequence

import duckdb

from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.identifiers import span_identifier, trace_identifier
from spanwell.observability.model.span import Span
from spanwell.observability.model.span_batch import SpanColumns

from .conditions.sql import Sql
from .reading.readers import fetch
from .reading.records import to_spans
from .reading.statements import in_traces, select_list
from .tables.columns import SPANS
from .writing.known_traces import KnownTraces
from .writing.rows.span_rows import span_rows
from .writing.transaction import Transaction

_AT_ONCE = 1_000
_UUID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_OTHER = (
    "SELECT trace_id, span_id, epoch_ns(updated_at) FROM spans WHERE trace_id IN (SELECT trace_id FROM spans WHERE"
    f" regexp_full_match(trace_id, '[0-9A-Fa-f]{{16}}|{_UUID}')"
    f" OR regexp_full_match(span_id, '{_UUID}|[0-9A-Fa-f]{{32}}') AND NOT regexp_full_match(span_id, '[0-9a-f]{{32}}')"
    f" OR regexp_full_match(parent_span_id, '{_UUID}'))"
)


def rewrite_identifiers(connection: duckdb.DuckDBPyConnection) -> None:
    """Rewrite all ids in the form of `model.identifiers`."""
    found: dict[str, list[tuple[str, int]]] = {}
    for trace_id, span_id, updated_at in fetch(connection, Sql(_OTHER)):
        found.setdefault(trace_id, []).append((span_id, updated_at))
    trace_ids = list(found)
    for first in range(0, len(trace_ids), _AT_ONCE):
        some = trace_ids[first : first + _AT_ONCE]
        keys = [(trace_id, span_id) for trace_id in some for span_id, _ in found[trace_id]]
        latest = max(updated_at for trace_id in some for _, updated_at in found[trace_id])
        _rewrite(connection, keys, Nanos(latest))


def _rewrite(connection: duckdb.DuckDBPyConnection, keys: Sequence[tuple[str, str]], now: Nanos) -> None:
    written = [(trace_identifier(trace_id), span_identifier(span_id)) for trace_id, span_id in keys]
    trace_ids = {trace_id for trace_id, _ in keys}
    columns = list(SPANS.values())
    statement = f"SELECT {select_list(columns)} FROM spans WHERE " + in_traces(list(trace_ids))
    spans = to_spans(fetch(connection, statement), columns)
    among = trace_ids | {trace_id for trace_id, _ in written}
    transaction = Transaction(connection, now, KnownTraces(connection), among)
    transaction.delete(trace_ids)
    transaction.create(span_rows(SpanColumns.of(list(map(_rewritten, spans)))))
    transaction.write()


def _rewritten(span: Span) -> Span:
    made = span.copy()
    made.trace_id, made.span_id = trace_identifier(span.trace_id), span_identifier(span.span_id)
    made.parent_span_id = None if span.parent_span_id is None else span_identifier(span.parent_span_id)
    return made

"""Reads the services that spans name, and who calls whom, by the places of spans in their traces."""

from server.observability.conditions import Condition
from server.observability.services import Edge, Service, ServiceGraph, graph_of

from .readers import Cursor, fetch
from .scopes import OF_SPANS
from .sql import Sql
from .where import where

_ERROR_RATE = "count(*) FILTER (spans.status = 'ERROR') / count(*)"


def read_services(condition: Condition, size: int, cursor: Cursor, *, with_traces: bool = True) -> list[Service]:
    """See `ObservabilityStorage.list_services`."""
    return [Service(*row) for row in fetch(cursor, _services(condition, size, with_traces=with_traces))]


def read_graph(condition: Condition, size: int, cursor: Cursor) -> ServiceGraph:
    """See `ObservabilityStorage.get_service_graph`."""
    edges = [Edge(*row) for row in fetch(cursor, _edges(condition, size))]
    return graph_of(read_services(condition, size, cursor, with_traces=False), edges)


def _services(condition: Condition, size: int, *, with_traces: bool) -> Sql:
    traces = "count(DISTINCT spans.trace_id)" if with_traces else "NULL"
    return (
        f"SELECT spans.service_name AS service, count(*) AS span_count, {traces}, {_ERROR_RATE},"
        " quantile_cont(spans.duration_ms, 0.5), quantile_cont(spans.duration_ms, 0.95),"
        " epoch_ns(max(spans.started_at))"
        " FROM spans WHERE spans.service_name IS NOT NULL AND ("
        + where(condition, OF_SPANS)
        + f") GROUP BY service ORDER BY span_count DESC, service LIMIT {size}"
    )


def _edges(condition: Condition, size: int) -> Sql:
    """Select the edges. Spans without children are kept out of the join beforehand: they are nearly half of all."""
    callers = (
        "SELECT trace_id, tree_start, service_name FROM spans WHERE tree_end > tree_start AND service_name IS NOT NULL"
    )
    return (
        f"SELECT caller.service_name AS one, spans.service_name AS other, count(*) AS call_count, {_ERROR_RATE},"
        " quantile_cont(spans.duration_ms, 0.95)"
        f" FROM spans JOIN ({callers}) caller"
        " ON caller.trace_id = spans.trace_id AND caller.tree_start = spans.tree_parent"
        " WHERE spans.tree_parent IS NOT NULL AND caller.service_name <> spans.service_name AND ("
        + where(condition, OF_SPANS)
        + f") GROUP BY one, other ORDER BY call_count DESC, one, other LIMIT {size}"
    )

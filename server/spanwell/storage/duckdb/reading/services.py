"""Reads the services that spans name, and the calls between them, by the places of spans in their traces."""

from spanwell.observability.questions.conditions import Condition
from spanwell.observability.questions.services import Edge, Service, ServiceGraph, graph_of
from spanwell.storage.duckdb.conditions.scopes import OF_SPANS
from spanwell.storage.duckdb.conditions.sql import Sql
from spanwell.storage.duckdb.conditions.where import where

from .readers import Cursor, fetch

_ERROR_RATE = "count(*) FILTER (spans.status = 'ERROR') / count(*)"
_QUANTILES = "quantile_cont(spans.duration_ms, [0.5, 0.95])"  # one list, so that durations are sorted once


def read_services(condition: Condition, size: int, cursor: Cursor) -> list[Service]:
    """Return the services of matching spans, busiest first (`ObservabilityStorage.list_services`)."""
    figures = (
        f"count(DISTINCT spans.trace_id), {_ERROR_RATE}, {_QUANTILES}[1], {_QUANTILES}[2],"
        " epoch_ns(max(spans.started_at))"
    )
    return [Service(*row) for row in fetch(cursor, _services(condition, size, figures))]


def read_graph(condition: Condition, size: int, cursor: Cursor) -> ServiceGraph:
    """Return the calls between services (`ObservabilityStorage.get_service_graph`)."""
    nodes = fetch(cursor, _services(condition, size, f"{_ERROR_RATE}, quantile_cont(spans.duration_ms, 0.95)"))
    services = [Service(name, spans, error_rate=error_rate, p95=p95) for name, spans, error_rate, p95 in nodes]
    return graph_of(services, [Edge(*row) for row in fetch(cursor, _edges(condition, size))])


def _services(condition: Condition, size: int, figures: str) -> Sql:
    return (
        f"SELECT spans.service_name AS service, count(*) AS span_count, {figures}"
        " FROM spans WHERE spans.service_name IS NOT NULL AND ("
        + where(condition, OF_SPANS)
        + f") GROUP BY service ORDER BY span_count DESC, service LIMIT {size}"
    )


def _edges(condition: Condition, size: int) -> Sql:
    """Select the edges. Spans without children, nearly half of all, are left out of the join."""
    callers = (
        "SELECT trace_id, tree_start, service_name FROM spans WHERE tree_end > tree_start AND service_name IS NOT NULL"
    )
    called = (
        "SELECT trace_id, tree_parent, service_name, status, duration_ms FROM spans WHERE tree_parent IS NOT NULL AND ("
    )
    return (
        f"SELECT caller.service_name AS one, spans.service_name AS other, count(*) AS call_count, {_ERROR_RATE},"
        " quantile_cont(spans.duration_ms, 0.95) FROM ("
        + (called + where(condition, OF_SPANS))
        + f")) spans JOIN ({callers}) caller"
        " ON caller.trace_id = spans.trace_id AND caller.tree_start = spans.tree_parent"
        " WHERE caller.service_name <> spans.service_name"
        f" GROUP BY one, other ORDER BY call_count DESC, one, other LIMIT {size}"
    )

"""Writes all metrics in Prometheus's text format (https://prometheus.io/docs/instrumenting/exposition_formats/)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from spanwell import __version__
from spanwell.http.streams.channels import Streams
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.observability.storage import ObservabilityStorage

from .meter import BOUNDS, Durations, Meter

if TYPE_CHECKING:
    from prometheus_client import Metric

PATH = "/metrics"

_HELP: Mapping[str, str] = {
    "http_requests": "Requests by path, method and status.",
    "http_request_seconds": "Duration of requests.",
    "http_requests_in_flight": "Requests in progress.",
    "graphql_operations": "GraphQL operations by their first field and outcome.",
    "graphql_operation_seconds": "Duration of GraphQL operations.",
    "graphql_errors": "Errors in GraphQL responses, by code.",
    "followers": "Open subscriptions.",
    "spans": "Stored spans.",
    "traces": "Stored traces.",
    "storage_bytes": "Bytes of the store's files, bytes in use, and free bytes on its disk.",
    "ready": "Whether the store is readable and writable.",
    "build": "What runs.",
}


class Exposition:
    """Answers `/metrics` with the metrics of the server and of its store."""

    def __init__(self, meter: Meter, storage: ObservabilityStorage, streams: Streams) -> None:
        self._meter = meter
        self._storage = storage
        self._streams = streams

    async def metrics(self, _: Request) -> Response:
        """Return all metrics."""
        from prometheus_client import GC_COLLECTOR, PROCESS_COLLECTOR, CollectorRegistry  # noqa: PLC0415 - see the package
        from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest  # noqa: PLC0415 - as above

        found = [*self._counted(), *await self._stored()]
        registry = CollectorRegistry()
        for collector in (PROCESS_COLLECTOR, GC_COLLECTOR, _Found(found)):
            registry.register(collector)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    def _counted(self) -> Iterator[Metric]:
        meter = self._meter
        yield _counter("http_requests", ("path", "method", "status"), meter.requests)
        yield _histogram("http_request_seconds", "path", meter.request_seconds)
        yield _gauge("http_requests_in_flight", meter.in_flight)
        yield _counter("graphql_operations", ("field", "outcome"), meter.operations)
        yield _histogram("graphql_operation_seconds", "field", meter.operation_seconds)
        yield _counter("graphql_errors", ("code",), {(code,): count for code, count in meter.errors.items()})
        yield _gauge("followers", self._streams.count)
        yield _labelled("build", "version", {__version__: 1})

    async def _stored(self) -> list[Metric]:
        """Return the metrics of the store; if it does not respond, only that it is not ready."""
        try:
            self._storage.check_ready()
            size = await self._storage.get_size()
            counts = await self._storage.count_spans(ALWAYS), await self._storage.count_traces(ALWAYS)
        except Exception:  # noqa: BLE001 - whatever it is, the other metrics matter all the more
            return [_gauge("ready", 0), *self._own_figures()]
        kinds = {"files": size.total, "used": size.used, **({} if size.free is None else {"free": size.free})}
        sizes = _labelled("storage_bytes", "of", kinds)
        return [
            _gauge("ready", 1),
            _gauge("spans", counts[0]),
            _gauge("traces", counts[1]),
            sizes,
            *self._own_figures(),
        ]

    def _own_figures(self) -> list[Metric]:
        return [_own(name, text, value) for name, (text, value) in self._storage.figures().items()]


class _Found:
    """A collector of finished metrics, for Prometheus's registry."""

    def __init__(self, found: list[Metric]) -> None:
        self._found = found

    def collect(self) -> list[Metric]:
        return self._found


def _own(name: str, text: str, value: float) -> Metric:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily  # noqa: PLC0415 - see the package

    if name.endswith("_total"):
        return CounterMetricFamily(f"spanwell_{name.removesuffix('_total')}", text, value=value)
    return GaugeMetricFamily(f"spanwell_{name}", text, value=value)


def _gauge(name: str, value: float) -> Metric:
    return _own(name, _HELP[name], value)


def _labelled(name: str, label: str, values: Mapping[str, float]) -> Metric:
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 - see the package

    family = GaugeMetricFamily(f"spanwell_{name}", _HELP[name], labels=[label])
    for each, value in values.items():
        family.add_metric([each], value)
    return family


def _counter(name: str, labels: tuple[str, ...], counts: Mapping[tuple[str, ...], int]) -> Metric:
    from prometheus_client.core import CounterMetricFamily  # noqa: PLC0415 - see the package

    family = CounterMetricFamily(f"spanwell_{name}", _HELP[name], labels=labels)
    for each, count in counts.items():
        family.add_metric(each, count)
    return family


def _histogram(name: str, label: str, durations: Durations) -> Metric:
    from prometheus_client.core import HistogramMetricFamily  # noqa: PLC0415 - see the package

    family = HistogramMetricFamily(f"spanwell_{name}", _HELP[name], labels=[label])
    for labels, counts in durations.counts.items():
        buckets = [(str(bound), total) for bound, total in zip((*BOUNDS, "+Inf"), accumulate(counts), strict=True)]
        family.add_metric(labels, buckets, durations.sums[labels])
    return family

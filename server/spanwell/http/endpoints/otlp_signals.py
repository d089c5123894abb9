"""`POST /v1/logs` and `POST /v1/metrics`: the same exporter sends them, and is answered as OTLP says.

Log records that carry the contents of a span, such as `gen_ai.client.inference.operation.details`, fill that span, and
each `gen_ai.evaluation.result` of a trace becomes a score; all others, and all metrics, are counted as rejected, which
exporters neither take for an error nor send again.
"""

import logging
import time
from functools import partial
from typing import ClassVar

from google.protobuf.message import Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsPartialSuccess,
    ExportLogsServiceRequest,
    ExportLogsServiceResponse,
)
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsPartialSuccess,
    ExportMetricsServiceRequest,
    ExportMetricsServiceResponse,
)

from spanwell.observability.service import Observability
from spanwell.otlp.log_records import LogContents, contents_of_logs, count_points

from .otlp import Format, OtlpEndpoint

logger = logging.getLogger(__name__)

_ONLY_TRACES = "Spanwell only stores traces; {} are ignored. Disable their exporter, or send them elsewhere."
_LOGS = _ONLY_TRACES.format("log records that are neither message contents nor evaluations")
_METRICS = _ONLY_TRACES.format("metrics")


class _Notice:
    """Says in the log, at most once a minute, that something is sent in vain."""

    last: ClassVar[dict[str, float]] = {}

    @classmethod
    def give(cls, sentence: str) -> None:
        """Log a notice, at most once a minute."""
        now = time.monotonic()
        if now - cls.last.get(sentence, -60.0) >= 60:
            cls.last[sentence] = now
            logger.warning(sentence)


class LogsEndpoint(OtlpEndpoint):
    """Fills spans with the contents that log records carry."""

    async def answer(self, service: Observability, written: Format, body: bytes) -> Message:
        """Store what log records say of spans."""
        found = await self.threads.run(partial(self._read, written, body))
        await found.store(service)
        if not found.others:
            return ExportLogsServiceResponse()
        _Notice.give(_LOGS)
        rejected = ExportLogsPartialSuccess(rejected_log_records=found.others, error_message=_LOGS)
        return ExportLogsServiceResponse(partial_success=rejected)

    def _read(self, written: Format, body: bytes) -> LogContents:
        return contents_of_logs(written.read(ExportLogsServiceRequest, body, []))


class MetricsEndpoint(OtlpEndpoint):
    """Counts the points of metrics, none of which is stored."""

    async def answer(self, service: Observability, written: Format, body: bytes) -> Message:  # noqa: ARG002 - stores nothing
        """Count the points of an export."""
        request = await self.threads.run(partial(written.read, ExportMetricsServiceRequest, body, []))
        points = count_points(request)
        if not points:
            return ExportMetricsServiceResponse()
        _Notice.give(_METRICS)
        rejected = ExportMetricsPartialSuccess(rejected_data_points=points, error_message=_METRICS)
        return ExportMetricsServiceResponse(partial_success=rejected)

"""`POST /v1/logs` and `POST /v1/metrics`, for exporters that send them along with traces.

Log records with the messages of a span, such as `gen_ai.client.inference.operation.details`, fill that span, and each
`gen_ai.evaluation.result` of a trace becomes a score. All others, and all metrics, are counted as rejected, which
exporters do not treat as an error, and do not retry.
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
    """Warns in the log, at most once a minute, that a signal is not stored."""

    last: ClassVar[dict[str, float]] = {}

    @classmethod
    def give(cls, sentence: str) -> None:
        """Log a notice, at most once a minute."""
        now = time.monotonic()
        if now - cls.last.get(sentence, -60.0) >= 60:
            cls.last[sentence] = now
            logger.warning(sentence)


class LogsEndpoint(OtlpEndpoint):
    """Fills spans with the contents of log records."""

    async def answer(self, service: Observability, written: Format, body: bytes) -> Message:
        """Store the contents and scores of spans in an export of log records."""
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
    """Counts metric points as rejected; none is stored."""

    async def answer(self, service: Observability, written: Format, body: bytes) -> Message:  # noqa: ARG002 - stores nothing
        """Count the data points of an export as rejected."""
        request = await self.threads.run(partial(written.read, ExportMetricsServiceRequest, body, []))
        points = count_points(request)
        if not points:
            return ExportMetricsServiceResponse()
        _Notice.give(_METRICS)
        rejected = ExportMetricsPartialSuccess(rejected_data_points=points, error_message=_METRICS)
        return ExportMetricsServiceResponse(partial_success=rejected)

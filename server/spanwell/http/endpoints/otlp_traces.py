"""`POST /v1/traces`: after 200, every span is on disk except those counted as rejected."""

from collections.abc import Sequence
from functools import partial

from google.protobuf.message import Message
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.span_batch import Ahead
from spanwell.observability.service import Observability
from spanwell.otlp.counting import check_count
from spanwell.otlp.decoding import Decoded, decode
from spanwell.otlp.repair import Faults

from .otlp import Format, OtlpEndpoint

_MOST_REASONS = 3
_BIG = 16 * 1024
"""Exports over this many bytes, about 20 spans, are decoded in a worker process."""


class TracesEndpoint(OtlpEndpoint):
    """Stores spans; `ahead` decodes large exports in a worker process."""

    ahead: Ahead | None = None

    async def answer(self, service: Observability, written: Format, body: bytes) -> Message:
        """Store the spans of an export."""
        decoded = await self.threads.run(partial(self._decoded, written, body))
        for index, error in await service.create_good_spans(decoded.spans):
            decoded.rejected.append(error.within(decoded.place(index)))
        return _response(decoded)

    def _decoded(self, written: Format, body: bytes) -> Decoded:
        spans = self.ahead(written.form, body) if self.ahead and len(body) > _BIG else None
        if spans is not None:
            return Decoded(spans)
        check_count(written.form, body)
        faults: Faults = []
        decoded = decode(written.read(ExportTraceServiceRequest, body, faults))
        decoded.faults[:0] = faults
        return decoded


def _response(decoded: Decoded) -> ExportTraceServiceResponse:
    """Return an empty response, or a partial success with the rejected spans and the values that were changed."""
    elements = {error.element for error in decoded.rejected}
    wrong = [*decoded.rejected, *(fault for fault in decoded.faults if fault.element not in elements)]
    warnings = [
        f"The times of {count:,} spans are not in nanoseconds and were read as {unit}."
        for unit, count in decoded.units.items()
    ]
    if not wrong and not warnings:
        return ExportTraceServiceResponse()
    message = " ".join([*sentences(wrong), *warnings])
    partial = ExportTracePartialSuccess(rejected_spans=len(decoded.rejected), error_message=message)
    return ExportTraceServiceResponse(partial_success=partial)


def sentences(errors: Sequence[InvalidInput]) -> list[str]:
    """Return the first errors as text, and the number of others."""
    said = [str(error) for error in errors[:_MOST_REASONS]]
    more = len(errors) - _MOST_REASONS
    return [*said, f"And {more:,} more."] if more > 0 else said

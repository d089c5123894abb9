"""`python -m tests.benchmarks.otlp [BATCHES]`: OTLP over HTTP, beside raw DuckDB on the same spans in the same minutes.

Round by round the same batches of 1,000 spans go to the server, as protobuf from eight clients and as JSON from the
same, and as ready Arrow tables into a raw table that commits each of them. OpenTelemetry's Python SDK exports beside
it: there the exporter itself is what takes the time.
"""

import argparse
import http.client
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from statistics import harmonic_mean
from time import perf_counter
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span, Status

from spanwell.observability.model.times import parse_moment
from spanwell.otlp.documents import write_document
from spanwell.otlp.values import otlp_attributes
from tests.otlp.exporters import say
from tests.running import ROOT, serving

from .raw import RawWriter, arrow_spans
from .spans import BATCH, Batch, Source
from .writing import WRITERS

_ROUNDS = 5
_SDK_SPANS = 20_000
PROTOBUF, _JSON = "application/x-protobuf", "application/json"
_KEYS = {
    "mastra.span.type": "type",
    "deployment.environment.name": "environment",
    "user.id": "userId",
    "session.id": "sessionId",
    "gen_ai.conversation.id": "threadId",
}


def otlp_span(given: dict[str, Any]) -> Span:
    """Return a span of the benchmark with all that it says, as an instrumented agent would send it."""
    attributes = {key: given[label] for key, label in _KEYS.items()} | given["attributes"]
    attributes |= {"mastra.tags": given["tags"], **{f"mastra.metadata.{k}": v for k, v in given["metadata"].items()}}
    attributes |= {"input.value": json.dumps(given["input"]), "output.value": json.dumps(given["output"])}
    span = Span(
        trace_id=bytes.fromhex(given["traceId"]),
        span_id=bytes.fromhex(given["spanId"]),
        parent_span_id=bytes.fromhex(given.get("parentSpanId", "")),
        name=given["name"],
        start_time_unix_nano=parse_moment(given["startedAt"]),
        end_time_unix_nano=parse_moment(given["endedAt"]),
        attributes=otlp_attributes(attributes),
    )
    if error := given.get("errorInfo"):
        said = {"exception.type": error["name"], "exception.message": error["message"]}
        span.events.add(name="exception", attributes=otlp_attributes(said))
        span.status.CopyFrom(Status(code=Status.STATUS_CODE_ERROR))
    return span


def request_of(spans: Sequence[dict[str, Any]]) -> ExportTraceServiceRequest:
    """Return the request that exports spans, those of each service together."""
    request = ExportTraceServiceRequest()
    services: dict[str, ResourceSpans] = {}
    for given in spans:
        service = given["serviceName"]
        if service not in services:
            services[service] = request.resource_spans.add()
            services[service].resource.attributes.extend(otlp_attributes({"service.name": service}))
            services[service].scope_spans.add().scope.name = "benchmark"
        services[service].scope_spans[0].spans.append(otlp_span(given))
    return request


def _send(port: int, media_type: str, bodies: Sequence[bytes]) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        for body in bodies:
            connection.request("POST", "/v1/traces", body, {"content-type": media_type})
            answer = connection.getresponse()
            said = answer.read()
            if answer.status != 200 or said not in (b"", b"{}"):
                raise SystemExit(f"{answer.status}: {said!r}")


def rate_of(port: int, media_type: str, bodies: Sequence[bytes], clients: int = WRITERS) -> float:
    """Let several clients send requests of a batch between them; returns how many spans a second went through."""
    began = perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(lambda n: _send(port, media_type, bodies[n::clients]), range(clients)))
    return len(bodies) * BATCH / (perf_counter() - began)


def raw_rate(raw: RawWriter, batches: Sequence[Batch]) -> float:
    """Insert batches into the raw table; returns how many spans a second."""
    return len(batches) * BATCH / sum(raw.insert(arrow_spans(batch)) for batch in batches) * 1_000


def sdk_rate(port: int) -> float:
    """Export with the Python SDK; returns how many spans a second."""
    script = ROOT / "tests" / "otlp" / "sdks" / "python_sdk.py"
    command = [sys.executable, str(script), f"http://127.0.0.1:{port}/v1/traces", str(_SDK_SPANS), "512"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(r"([\d.]+) s of exporting", done.stderr)
    assert found is not None
    return _SDK_SPANS / float(found[1])


def main() -> None:
    """Measure round by round, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("batches", type=int, nargs="?", default=300, help="batches of 1,000 spans for each of the ways")
    a_round = max(WRITERS, parser.parse_args().batches // _ROUNDS)
    source = Source(10)
    rates: dict[str, list[float]] = {"protobuf": [], "JSON": [], "raw": []}
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(RawWriter(Path(folder) / "raw.duckdb")) as raw,
        serving("--db", str(Path(folder) / "spans.duckdb")) as server,
    ):
        port = int(server.url.rpartition(":")[2])
        # The first batches start the processes that prepare the others, and are not counted.
        rate_of(port, PROTOBUF, [request_of(source.next().spans).SerializeToString() for _ in range(4 * WRITERS)])
        for number in range(_ROUNDS):
            batches = [source.next() for _ in range(a_round)]
            binary = [request_of(batch.spans).SerializeToString() for batch in batches]
            texts = [json.dumps(write_document(request_of(source.next().spans))).encode() for _ in range(WRITERS)]
            rates["protobuf"].append(rate_of(port, PROTOBUF, binary))
            rates["raw"].append(raw_rate(raw, batches))
            rates["JSON"].append(rate_of(port, _JSON, texts))
            said = ", ".join(f"{name} {found[-1]:,.0f}" for name, found in rates.items())
            say(f"round {number + 1} of {_ROUNDS}, spans a second: {said}")
        sdk = sdk_rate(port)
        server.stop()
    means = {name: harmonic_mean(found) for name, found in rates.items()}
    for name in ("protobuf", "JSON"):
        say(f"OTLP {name}, {WRITERS} clients: {means[name]:,.0f} spans/s, {means[name] / means['raw']:.2f} x raw")
    say(f"raw DuckDB, Arrow: {means['raw']:,.0f} spans/s")
    say(f"OpenTelemetry's Python SDK, 1 exporter: {sdk:,.0f} spans/s")


if __name__ == "__main__":
    main()

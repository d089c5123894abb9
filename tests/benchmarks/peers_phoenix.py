"""Arize Phoenix over HTTP: spans as OTLP protobuf, questions to the GraphQL that its own pages ask."""

import json
import shutil
import socket
import subprocess
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, perf_counter, sleep
from typing import Any

from tests.running import environment

from .otlp import request_of
from .peers import PAGE, Store, answered
from .spans import BATCH, TRACE, Batch
from .wire import Refused

_START = """
import sys
from grpc.aio import _server

# Phoenix has no setting for the address of its gRPC port.
_add = _server.Server.add_insecure_port
_server.Server.add_insecure_port = lambda self, address: _add(self, address.replace("[::]", "127.0.0.1"))

from phoenix.server.main import main

sys.argv = ["phoenix", "serve"]
main()
"""
_VERSION = "from importlib.metadata import version; print(version('arize-phoenix'))"
_START_SECONDS, _BATCH_SECONDS = 120, 120
_NEAR = 100
"""Spans that Phoenix writes at once. Its writer waits for who asks, so it is seldom asked before the last of them."""

_PROJECT = "{ projects(first: 1) { edges { node { id } } } }"
_COUNT = "query ($id: ID!) { node(id: $id) { ... on Project { recordCount } } }"
_TRACE = """
query ($id: ID!, $traceId: ID!) {
  node(id: $id) {
    ... on Project {
      trace(traceId: $traceId) {
        spans(first: 1000) {
          edges { node { spanId parentId name spanKind startTime latencyMs statusCode } }
        }
      }
    }
  }
}
"""
_NEWEST = """
query ($id: ID!, $size: Int!) {
  node(id: $id) {
    ... on Project {
      spans(first: $size, sort: {col: startTime, dir: desc}, filterCondition: "parent_span is None") {
        edges {
          node {
            name startTime latencyMs statusCode cumulativeTokenCountTotal
            trace { traceId numSpans costSummary { total { cost } } }
          }
        }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
}
"""


def body_of(batch: Batch) -> bytes:
    """Return the request that sends a batch; Phoenix drops a span whose id it knows, be it of another trace."""
    request = request_of(batch.spans)
    for resource in request.resource_spans:
        for span in resource.scope_spans[0].spans:
            span.span_id = _unique(span.trace_id, span.span_id)
            span.parent_span_id = _unique(span.trace_id, span.parent_span_id)
    return request.SerializeToString()


def _unique(trace_id: bytes, span_id: bytes) -> bytes:
    return span_id and blake2b(trace_id + span_id, digest_size=8).digest()


class _Client:
    """Asks a Phoenix that runs, over a new connection each time: it closes idle ones."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._sent = 0
        (found,) = self._query(_PROJECT)["projects"]["edges"]
        self._project = found["node"]["id"]

    def _post(self, path: str, media_type: str, body: bytes) -> bytes:
        with closing(HTTPConnection("127.0.0.1", self._port, timeout=_BATCH_SECONDS)) as connection:
            connection.request("POST", path, body, {"content-type": media_type})
            answer = connection.getresponse()
            said = answer.read()
        if answer.status >= 300:
            raise Refused(f"{answer.status}: {said[:300]!r}")
        return said

    def _query(self, query: str, **variables: object) -> Any:
        asked = json.dumps({"query": query, "variables": variables}).encode()
        answer = json.loads(self._post("/graphql", "application/json", asked))
        if "errors" in answer:
            raise Refused(str(answer["errors"])[:300])
        return answer["data"]

    def _asked(self, query: str, **variables: object) -> tuple[float, Any]:
        began = perf_counter()
        data = self._query(query, id=self._project, **variables)
        return (perf_counter() - began) * 1_000, data["node"]

    def create(self, batch: Batch) -> float:
        """Send a batch, and wait until all of its spans are counted: it is answered long before."""
        body = body_of(batch)
        self._sent += BATCH
        began = perf_counter()
        self._post("/v1/traces", "application/x-protobuf", body)
        while (left := self._sent - self._asked(_COUNT)[1]["recordCount"]) > 0:
            if perf_counter() - began > _BATCH_SECONDS:
                raise Refused("a batch was never stored")
            sleep(0.1 if left <= _NEAR else 1)
        return (perf_counter() - began) * 1_000

    def trace(self, trace_id: str) -> float:
        """Read a trace as the page of a trace does, without annotations."""
        taken, project = self._asked(_TRACE, traceId=trace_id)
        answered(TRACE, len(project["trace"]["spans"]["edges"]), "spans")
        return taken

    def newest(self) -> float:
        """Read root spans as the page of traces does, with what the server's own list says of traces."""
        taken, project = self._asked(_NEWEST, size=PAGE)
        answered(PAGE, len(project["spans"]["edges"]), "root spans")
        return taken


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def _is_up(port: int) -> bool:
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False


@dataclass(frozen=True)
class Phoenix:
    """Phoenix, in an environment of its own."""

    command: str | None

    @property
    def _python(self) -> Path | None:
        found = shutil.which(self.command or "phoenix")
        python = Path(found).absolute().with_name("python") if found else None
        return python if python and python.exists() else None

    @property
    def name(self) -> str:
        """Its name, with its version if it is installed."""
        if self._python is None:
            return "Phoenix"
        said = subprocess.run([self._python, "-c", _VERSION], capture_output=True, text=True, check=True)
        return f"Phoenix {said.stdout.strip()}"

    @property
    def missing(self) -> str:
        """How to get it; empty if it is there."""
        install = "`python3 -m venv FOLDER && FOLDER/bin/pip install arize-phoenix`"
        return "" if self._python else f"{install}, and then `--phoenix FOLDER/bin/phoenix`"

    @contextmanager
    def open(self, folder: Path) -> Generator[Store]:
        """Start it with an empty store, all of it on this machine alone."""
        port = _free_port()
        settings = {
            "PHOENIX_WORKING_DIR": str(folder),
            "PHOENIX_HOST": "127.0.0.1",
            "PHOENIX_PORT": str(port),
            "PHOENIX_GRPC_PORT": str(_free_port()),
            "PHOENIX_TELEMETRY_ENABLED": "false",
            "PHOENIX_ALLOW_EXTERNAL_RESOURCES": "false",
        }
        with subprocess.Popen(
            [str(self._python), "-c", _START],
            cwd=folder,
            env=environment(**settings),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                end = monotonic() + _START_SECONDS
                while not _is_up(port):
                    if process.poll() is not None or monotonic() > end:
                        raise Refused("it did not start")
                    sleep(0.2)
                yield _Client(port)
            finally:
                process.kill()

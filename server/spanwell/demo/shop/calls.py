"""The ways in which services talk: HTTP, gRPC, SQL, Redis and Kafka, named by the semantic conventions."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from spanwell.demo.draft import Draft
from spanwell.demo.telemetry import fail
from spanwell.observability.model.span import SpanKind, StatusCode

from .services import Service

_JDBC = ("io.opentelemetry.jdbc", "2.22.0-alpha")
_DATABASE_SCOPES = {
    "catalog": ("github.com/XSAM/otelsql", "0.40.0"),
    "checkout": ("github.com/XSAM/otelsql", "0.40.0"),
    "inventory": _JDBC,
    "payment": _JDBC,
    "fulfilment": _JDBC,
    "recommendation": ("opentelemetry.instrumentation.psycopg", "0.60b1"),
}


@contextmanager
def rpc(caller: Draft, to: Service, method: str, at: int | None = None, version: str | None = None) -> Generator[Draft]:
    """Call a gRPC method; inside, the server's span works. If the server's span fails, so does the client's."""
    attributes: dict[str, Any] = {
        "rpc.system": "grpc",
        "rpc.service": f"shop.v1.{to.name.capitalize()}Service",
        "rpc.method": method,
    }
    name = f"shop.v1.{to.name.capitalize()}Service/{method}"
    where = {"server.address": f"{to.name}.shop.svc.cluster.local", "server.port": to.port}
    with caller.child(name, at=at, kind=SpanKind.CLIENT, attributes={**attributes, **where}) as client:
        client.work(0.4)
        with client.child(
            name, kind=SpanKind.SERVER, context=to.context(caller.dice, version), attributes=attributes
        ) as server:
            server.work(0.3)
            yield server
            server.work(0.2)
        client.work(0.4)
    _answer(client, server)


def _answer(client: Draft, server: Draft) -> None:
    code = server.measured.setdefault("rpc.grpc.status_code", 0)
    client.measured["rpc.grpc.status_code"] = code
    if "status_code" in server.results:
        client.results.update(server.results)
        client.measured["error.type"] = str(code)


@contextmanager
def http(caller: Draft, to: Service, method: str, route: str, path: str) -> Generator[Draft]:
    """Call an HTTP endpoint of a service; the server's span decides the status code (`respond`)."""
    with caller.child(
        method,
        kind=SpanKind.CLIENT,
        attributes={
            "http.request.method": method,
            "url.full": f"http://{to.name}.shop.svc.cluster.local:{to.port}{path}",
            "server.address": f"{to.name}.shop.svc.cluster.local",
            "server.port": to.port,
            "network.protocol.version": "1.1",
        },
    ) as client:
        client.work(0.6)
        with client.child(
            f"{method} {route}",
            kind=SpanKind.SERVER,
            context=to.context(caller.dice),
            attributes={"http.request.method": method, "http.route": route, "url.path": path, "url.scheme": "http"},
        ) as server:
            server.work(1.2)
            yield server
        client.work(0.5)
    status = server.measured.setdefault("http.response.status_code", 200)
    respond(client, status)


def respond(draft: Draft, status: int) -> None:
    """Set the status of an HTTP response; client spans fail from 400 on, server spans from 500."""
    draft.measured["http.response.status_code"] = status
    if status >= (400 if draft.given["kind"] is SpanKind.CLIENT else 500):
        draft.measured["error.type"] = str(status)
        draft.results["status_code"] = StatusCode.ERROR


def external(caller: Draft, address: str, takes: float, *, status: int = 200, at: int | None = None) -> None:
    """Call somebody else's HTTP service, which sends no spans; the address is host and path."""
    with caller.child(
        "POST",
        at=at,
        kind=SpanKind.CLIENT,
        attributes={
            "http.request.method": "POST",
            "url.full": f"https://{address}",
            "server.address": address.split("/", maxsplit=1)[0],
            "server.port": 443,
            "network.protocol.version": "2",
        },
    ) as client:
        client.work(takes, 0.45)
        respond(client, status)


def sql(caller: Draft, name: str, text: str, *, rows: int = 1, takes: float = 3.5) -> Draft:
    """Run a statement in PostgreSQL; its name is its operation and table."""
    operation, table = name.split()
    scope_name, scope_version = _DATABASE_SCOPES[caller.context["service_name"]]
    with caller.child(
        name,
        kind=SpanKind.CLIENT,
        context={"scope_name": scope_name, "scope_version": scope_version},
        attributes={
            "db.system.name": "postgresql",
            "db.namespace": "shop",
            "db.collection.name": table,
            "db.operation.name": operation,
            "db.query.text": text,
            "server.address": "shop-primary.cluster-c3x.eu-central-1.rds.amazonaws.com",
            "server.port": 5432,
        },
    ) as query:
        query.work(takes, 0.6)
        query.measured["db.response.returned_rows"] = rows
    return query


def deadlock(caller: Draft, table: str, text: str) -> None:
    """Run a statement that PostgreSQL gives up."""
    query = sql(caller, f"UPDATE {table}", text, rows=0, takes=1_000)
    fail(query, "40P01", "deadlock detected", **{"db.response.status_code": "40P01"})


def redis(caller: Draft, command: str, key: str) -> None:
    """Send a command to Redis."""
    with caller.child(
        command,
        kind=SpanKind.CLIENT,
        context={"scope_name": "OpenTelemetry.Instrumentation.StackExchangeRedis", "scope_version": "1.14.0"}
        if caller.context["service_name"] == "cart"
        else {"scope_name": "github.com/redis/go-redis/extra/redisotel", "scope_version": "9.17.0"},
        attributes={
            "db.system.name": "redis",
            "db.operation.name": command,
            "db.query.text": f"{command} {key}",
            "server.address": "valkey.shop.svc.cluster.local",
            "server.port": 6379,
        },
    ) as query:
        query.work(0.7, 0.5)


def publish(caller: Draft, topic: str, partition: int, offset: int) -> Draft:
    """Send a message to Kafka."""
    with caller.child(
        f"send {topic}",
        kind=SpanKind.PRODUCER,
        attributes={
            "messaging.system": "kafka",
            "messaging.operation.type": "send",
            "messaging.operation.name": "send",
            "messaging.destination.name": topic,
            "messaging.destination.partition.id": str(partition),
            "messaging.kafka.offset": offset,
            "messaging.message.body.size": 480 + offset % 900,
        },
    ) as sent:
        sent.work(2.4)
    return sent

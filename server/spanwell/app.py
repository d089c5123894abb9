"""The one place that knows every part: puts the schema, the store and the pages together into an ASGI application."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from spanwell.access.addresses import is_loopback
from spanwell.access.one_time import OneTimeCode
from spanwell.access.tokens import Tokens
from spanwell.graphql.execution.limits import QueryLimits
from spanwell.graphql.execution.list_queries import ListQueries
from spanwell.graphql.fast.batch_decoding import list_inputs
from spanwell.graphql.fast.column_executor import ColumnarExecutor
from spanwell.graphql.library import core_schema
from spanwell.graphql.resolvers.context import Context
from spanwell.graphql.schema import schema
from spanwell.http.application import Application
from spanwell.http.endpoints import export, graphql, playground
from spanwell.http.endpoints.dashboard import dashboard_routes
from spanwell.http.endpoints.export import ExportEndpoint
from spanwell.http.endpoints.graphql import GraphQLEndpoint
from spanwell.http.endpoints.health import Readiness, healthz
from spanwell.http.endpoints.playground import playground_routes
from spanwell.http.endpoints.sign_in import SignIn, behind_sign_in
from spanwell.http.metrics import exposition
from spanwell.http.metrics.exposition import Exposition
from spanwell.http.metrics.meter import Meter
from spanwell.http.metrics.operations import MeteredExecution
from spanwell.http.outside import Outside
from spanwell.http.streams.channels import Streams
from spanwell.http.streams.websocket import SocketLimits, WebSocketEndpoint
from spanwell.http.transport.admission import Admission
from spanwell.http.transport.compression import Compression
from spanwell.http.transport.doors import Doors
from spanwell.http.transport.hosts import HostGuard
from spanwell.http.transport.persisted import BadDocuments, PersistedDocuments, trusted_documents
from spanwell.http.transport.proxies import BehindProxies
from spanwell.http.transport.rates import Rates
from spanwell.observability.access import Access
from spanwell.observability.backups import Backups
from spanwell.observability.model.span_batch import Ahead
from spanwell.observability.service import Observability, WriteLimits
from spanwell.observability.storage import ObservabilityStorage
from spanwell.observability.threads import Threads

from .collector import quiet_collector
from .http import OTLP_PATHS
from .settings import Settings, shows, tokens_path

if TYPE_CHECKING:
    from spanwell.http.endpoints.otlp import OtlpEndpoint

_COUNTED = (graphql.PATH, export.PATH, *OTLP_PATHS, "/healthz", "/readyz", exposition.PATH)
"""The paths whose requests are counted each for itself."""

_READING, _WAITING = 4, 64
"""How many exports are read at the same time, and how many may wait for that."""


def create_app(
    settings: Settings,
    storage: ObservabilityStorage,
    streams: Streams | None = None,
    ahead: Ahead | None = None,
    once: OneTimeCode | None = None,
) -> Starlette:
    """Return the server over a store that is already open; whoever opened it closes it, and ends the streams.

    Big batches are prepared `ahead`, if that is given; a browser that shows the code `once` is signed in.
    """
    meter, doors = Meter(), _doors(settings)
    pages = [
        *(dashboard_routes() if shows(settings, "dashboard") else ()),
        *(playground_routes() if shows(settings, "playground") else ()),
    ]
    return Application(
        routes=[
            *_api_routes(settings, storage, streams or Streams(settings.max_streams), ahead, (meter, doors)),
            *(SignIn(doors, once).routes() if pages else ()),
            *behind_sign_in(pages, doors, frozenset({"/", playground.PATH})),
        ],
        middleware=[Middleware(Outside, meter=meter, paths=_COUNTED), *_middleware(settings)],
        lifespan=_lifespan,
    )


def create_otlp_app(settings: Settings, storage: ObservabilityStorage, ahead: Ahead | None = None) -> Starlette:
    """Return a server over the same store that takes OTLP, and nothing else."""
    return Application(
        routes=[
            *_otlp_routes(settings, _service(settings, storage), ahead, _doors(settings)),
            Route("/healthz", healthz),
        ],
        middleware=[Middleware(Outside), *_middleware(settings)],
    )


def _doors(settings: Settings) -> Doors:
    path = tokens_path(settings)
    return Doors(
        Tokens(path) if path is not None else None,
        reachable=not is_loopback(settings.host),
        insecure=settings.insecure,
        read_only=settings.read_only,
        rates=Rates(settings.rate_limit),
    )


def _service(settings: Settings, storage: ObservabilityStorage) -> Observability:
    return Observability(
        storage,
        WriteLimits(
            settings.max_batch_spans,
            settings.max_span_bytes,
            clear_all=settings.clear_all,
            deleting_seconds=settings.query_timeout * 0.7,
        ),
        backups=Backups(storage, Path(settings.backup_dir), settings.backup_keep) if settings.backup_dir else None,
    )


def _otlp_routes(settings: Settings, service: Observability, ahead: Ahead | None, doors: Doors) -> list[BaseRoute]:
    given = (service, settings.max_body_bytes, doors, Threads(_READING, "spanwell-otlp", _WAITING))

    # Protobuf is loaded for those who send it, and not before.
    @cache
    def endpoints() -> "tuple[OtlpEndpoint, ...]":
        from spanwell.http.endpoints.otlp_signals import LogsEndpoint, MetricsEndpoint  # noqa: PLC0415 - as above
        from spanwell.http.endpoints.otlp_traces import TracesEndpoint  # noqa: PLC0415 - as above

        traces = TracesEndpoint(*given)
        traces.ahead = ahead
        return traces, LogsEndpoint(*given), MetricsEndpoint(*given)

    def route(index: int, path: str) -> Route:
        async def handle(request: Request) -> Response:
            return await endpoints()[index].handle(request)

        return Route(path, handle, methods=["POST"])

    return [route(index, path) for index, path in enumerate(OTLP_PATHS)]


def _api_routes(
    settings: Settings,
    storage: ObservabilityStorage,
    streams: Streams,
    ahead: Ahead | None,
    seen_by: tuple[Meter, Doors],
) -> list[BaseRoute]:
    meter, doors = seen_by
    service = _service(settings, storage)
    execution = _execution(settings, ahead)
    execution.meter = meter
    shown = playground.PATH[1:] if shows(settings, "playground") else None

    def context(access: Access) -> Context:
        return Context(service.allowed(access))

    persisted = _persisted(settings)
    endpoint = GraphQLEndpoint(
        execution, context, settings.max_body_bytes, streams, doors=doors, persisted=persisted, playground=shown
    )
    limits = SocketLimits(settings.max_socket_operations)
    sockets = WebSocketEndpoint(
        execution, context, streams, settings.cors_origins, limits, doors=doors, persisted=persisted
    )
    exporting = ExportEndpoint(service, ListQueries(schema, execution), doors, settings.query_timeout)
    return [
        Route(graphql.PATH, endpoint, methods=["GET", "POST"] if settings.get_queries else ["POST"]),
        *_export_routes(settings, exporting),
        WebSocketRoute(graphql.PATH, sockets.handle),
        *_otlp_routes(settings, service, ahead, doors),
        Route("/healthz", healthz),
        Route("/readyz", Readiness(storage).readyz),
        Route(exposition.PATH, doors.guarded(Exposition(meter, storage, streams).metrics)),
    ]


def _export_routes(settings: Settings, endpoint: ExportEndpoint) -> list[BaseRoute]:
    """Return the routes of exports; none if only trusted documents are allowed."""
    if settings.trusted_only:
        return []
    methods = ["GET", "POST"] if settings.get_queries else ["POST"]
    return [Route(path, endpoint.handle, methods=methods) for path in (export.PATH, export.PATH_WITH_FORMAT)]


def _persisted(settings: Settings) -> PersistedDocuments:
    folder = settings.trusted_documents
    if settings.trusted_only and not folder:
        raise BadDocuments("`--trusted-only` requires `--trusted-documents DIR`.")
    return PersistedDocuments(trusted_documents(Path(folder)) if folder else None, only=settings.trusted_only)


def _execution(settings: Settings, ahead: Ahead | None) -> MeteredExecution:
    return MeteredExecution(
        core_schema(schema),
        limits=QueryLimits(
            depth=settings.max_query_depth,
            fields=settings.max_query_fields,
            aliases=settings.max_query_aliases,
            cost=settings.max_query_cost,
            batch=settings.max_batch_spans,
        ),
        answer_bytes=settings.max_answer_bytes,
        timeout=settings.query_timeout,
        introspection=settings.introspection,
        executor_class=ColumnarExecutor,
        list_inputs=list_inputs(ahead),
    )


def _middleware(settings: Settings) -> list[Middleware]:
    reachable = not is_loopback(settings.host)
    return [
        Middleware(
            Admission,
            most=settings.max_requests,
            most_bytes=max(settings.max_held_bytes, settings.max_body_bytes),
        ),
        *((_proxies(settings),) if settings.trusted_proxies or settings.root_path else ()),
        Middleware(
            HostGuard,
            allowed=(*settings.allowed_hosts, settings.host),
            reachable=reachable,
            machine_paths=OTLP_PATHS,
        ),
        *((_cors(settings.cors_origins),) if settings.cors_origins else ()),
        Middleware(Compression, uncached_paths=(graphql.PATH, *OTLP_PATHS)),
    ]


def _proxies(settings: Settings) -> Middleware:
    return Middleware(BehindProxies, trusted=settings.trusted_proxies, root_path=settings.root_path)


def _cors(origins: tuple[str, ...]) -> Middleware:
    """Let pages of some origins in: with any header, and with credentials unless all origins may come."""
    return Middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_credentials="*" not in origins,
        allow_methods=["GET", "POST"],
        allow_headers=["*"],
        expose_headers=["retry-after", "x-request-id"],
    )


@asynccontextmanager
async def _lifespan(_: Starlette) -> AsyncGenerator[None]:
    with quiet_collector():
        yield

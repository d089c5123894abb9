"""`spanwell serve`."""

import argparse
import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, nullcontext
from importlib import import_module
from types import FrameType
from typing import TYPE_CHECKING, TypeAlias

from starlette.types import ASGIApp

from spanwell import __version__
from spanwell.access.one_time import OneTimeCode
from spanwell.collector import few_arenas, no_collections
from spanwell.http import OTLP_PATH, TRACED_PATHS
from spanwell.logs import log_as
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span_batch import Ahead
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.observability.service import Observability
from spanwell.observability.storage import ObservabilityStorage
from spanwell.options import read_settings
from spanwell.preparation.process import Preparations
from spanwell.settings import Settings, shows

from . import CommandFailed
from .keeping import keeping, kept
from .progress import Progress
from .stores import opened
from .token_command.start import check_reach, has_tokens, reach

if TYPE_CHECKING:
    from spanwell.http.uvicorn_hooks import Server

_DEMO_TRACES = 500
_TURN = 0.001
"""Seconds after which a thread that computes lets others go on: those that come back from DuckDB have little to do."""
_BACKLOG = 2048

Wrap: TypeAlias = Callable[[ASGIApp], ASGIApp]


def _leave(_number: int, _frame: FrameType | None) -> None:
    """End a server that is not ready yet as a kill would: nothing is lost by that.

    By itself SIGTERM does not end the first process of a container.
    """
    _say("Stopped during startup.")
    os._exit(0)


def _obey_signals(servers: "Sequence[Server]") -> None:
    """Let SIGINT and SIGTERM end the serving, even before it has begun; a second SIGINT does not wait."""

    def stop(number: int, frame: FrameType | None) -> None:
        if not servers[0].should_exit:
            _say("Stopping: finishing open requests ...")
        for server in servers:
            server.handle_exit(number, frame)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def run(arguments: argparse.Namespace) -> int:
    """Answer GraphQL over HTTP until told to stop."""
    signal.signal(signal.SIGTERM, _leave)
    few_arenas()
    settings = read_settings(arguments)
    log_as(settings)
    sys.setswitchinterval(_TURN)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(settings))
    return 0


def _loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # noqa: PLC0415 - not there on Windows
    except ImportError:
        return None
    return uvloop.Loop


async def _serve(settings: Settings) -> None:
    check_reach(settings)
    listening = _listen(settings, settings.port)
    for_otlp = _listen(settings, settings.otlp_port) if settings.otlp_port else None
    loading = asyncio.get_running_loop().run_in_executor(None, _load_app)
    async with opened(settings) as storage, _preparing(settings) as ahead, _tracing(settings, storage) as traced:
        await loading
        if settings.demo:
            await _fill_if_empty(storage)
        once = OneTimeCode() if has_tokens(settings) else None
        servers = _servers(settings, storage, (ahead, once), (listening, for_otlp), traced)
        _obey_signals([server for server, _ in servers])
        _say(f"Spanwell {__version__} answers at {_url(settings, listening)}/graphql")
        if shows(settings, "dashboard"):
            _say(f"  dashboard: {_url(settings, listening)}/")
        if shows(settings, "playground"):
            _say(f"  playground: {_url(settings, listening)}/playground")
        if once is not None and (shows(settings, "dashboard") or shows(settings, "playground")):
            _say(f"  sign in (once, within ten minutes): {_url(settings, listening)}/sign-in?once={once.text}")
        _say(f"  OTLP: {_url(settings, for_otlp or listening)}{OTLP_PATH}")
        for line in reach(settings):
            _say(f"  {line}")
        _say(f"  kept: {kept(settings)}")
        _say(f"  store: {settings.db} ({await _contents(storage)})")
        async with keeping(settings, storage):
            await asyncio.gather(*(server.serve([socket]) for server, socket in servers))
    _say("Stopped. All data is on disk." if settings.db != ":memory:" else "Stopped.")


@asynccontextmanager
async def _preparing(settings: Settings) -> AsyncGenerator[Ahead | None]:
    with closing(Preparations(settings)) as preparations:
        yield preparations.spans if settings.prepare_processes else None


def _tracing(settings: Settings, storage: ObservabilityStorage) -> AbstractAsyncContextManager[Wrap]:
    """Return what wraps an application so that the server traces its own work, if it is to."""
    if not settings.trace_to:
        return nullcontext(lambda app: app)
    try:
        from spanwell.otlp.decoding import decode  # noqa: PLC0415 - protobuf, which a start does without
        from spanwell.tracing.sending import sending  # noqa: PLC0415 - an extra, for those who ask for it
    except ImportError:
        raise CommandFailed("`--trace-to` needs more packages: `pip install 'spanwell[tracing]'`.") from None
    service = Observability(storage)
    return sending(settings.trace_to, lambda export: service.create_good_spans(decode(export).spans), TRACED_PATHS)


def _load_app() -> None:
    """Load what answers, which takes longer than opening the store: both are done at once."""
    with no_collections():
        import_module("spanwell.app")
        import_module("spanwell.http.uvicorn_hooks")


def _servers(
    settings: Settings,
    storage: ObservabilityStorage,
    given: tuple[Ahead | None, OneTimeCode | None],
    sockets: tuple[socket.socket, socket.socket | None],
    traced: Wrap,
) -> "list[tuple[Server, socket.socket]]":
    from spanwell.app import create_app, create_otlp_app  # noqa: PLC0415 - loaded by `_load_app`, beside the store
    from spanwell.http.streams.channels import Streams  # noqa: PLC0415 - as above
    from spanwell.http.transport.persisted import BadDocuments  # noqa: PLC0415 - as above
    from spanwell.http.uvicorn_hooks import Server, server_config  # noqa: PLC0415 - as above

    (ahead, once), (listening, for_otlp) = given, sockets
    streams = Streams(settings.max_streams)
    try:
        app = create_app(settings, storage, streams, ahead, once)
    except BadDocuments as error:
        raise CommandFailed(str(error)) from None
    servers = [(Server(server_config(traced(app)), streams), listening)]
    if for_otlp is not None:
        servers.append((Server(server_config(create_otlp_app(settings, storage, ahead))), for_otlp))
    return servers


def _listen(settings: Settings, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, port))
        listening.listen(_BACKLOG)  # whoever reads the greeting may connect at once
    except (OSError, UnicodeError) as error:  # UnicodeError: a name that cannot be one of a host
        listening.close()
        reason = getattr(error, "strerror", None) or "it is not the name of a host"
        raise CommandFailed(f"Cannot listen on {settings.host} port {port}: {reason}.") from None
    return listening


async def _fill_if_empty(storage: ObservabilityStorage) -> None:
    from spanwell.demo import generate  # noqa: PLC0415 - a server without demo traces starts sooner without this

    from .demo_command import fill  # noqa: PLC0415 - as above

    if await storage.count_spans(ALWAYS):
        _say("The store is not empty, so no demo traces were added.")
        return
    traces = generate(_DEMO_TRACES, 1, Nanos(time.time_ns()))
    stored = await fill(Observability(storage), traces, Progress("demo spans"))
    _say(f"Filled the store with {_DEMO_TRACES:,} demo traces of {stored:,} spans.")


async def _contents(storage: ObservabilityStorage) -> str:
    return f"{await storage.count_traces(ALWAYS):,} traces, {await storage.count_spans(ALWAYS):,} spans"


def _url(settings: Settings, listening: socket.socket) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{listening.getsockname()[1]}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()

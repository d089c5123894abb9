"""`spanwell stats`."""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

import msgspec

from spanwell.observability.model.columns import Nanos, camel
from spanwell.observability.model.span import SpanStatus
from spanwell.observability.model.times import format_moment
from spanwell.observability.questions.conditions import ALWAYS, Compare, Op
from spanwell.observability.questions.ordering import NEWEST_SPANS, OLDEST_SPANS, Order
from spanwell.observability.questions.queries import SpanQuery, Window
from spanwell.observability.storage import ObservabilityStorage
from spanwell.options import read_settings
from spanwell.settings import Settings
from spanwell.storage.duckdb.migrations import CURRENT

from .stores import opened

_HAS_SERVICE = Compare("service_name", Op.IS_NULL, value=False)
_MOST_SERVICES = 100
"""How many services are named; each costs a look at the store."""


def run(arguments: argparse.Namespace) -> int:
    """Say what a store holds."""
    found = asyncio.run(_stats(read_settings(arguments)))
    if arguments.json:
        named = {camel(name.replace(" ", "_")): value for name, value in found.items()}
        sys.stdout.write(msgspec.json.encode(named).decode() + "\n")
    else:
        sys.stdout.writelines(f"{name:<18}{_shown(value):>24}\n" for name, value in found.items())
    return 0


async def _stats(settings: Settings) -> dict[str, Any]:
    async with opened(settings, must_exist=True) as storage:
        return {
            "spans": await storage.count_spans(ALWAYS),
            "traces": await storage.count_traces(ALWAYS),
            "running spans": await storage.count_spans(Compare("status", Op.EQ, SpanStatus.RUNNING)),
            "failed spans": await storage.count_spans(Compare("status", Op.EQ, SpanStatus.ERROR)),
            "failed traces": await storage.count_traces(Compare("has_error", Op.EQ, value=True)),
            "rootless traces": await storage.count_traces(Compare("has_root", Op.EQ, value=False)),
            "services": await _services(storage),
            "first span": await _edge(storage, OLDEST_SPANS),
            "last span": await _edge(storage, NEWEST_SPANS),
            "file bytes": Path(settings.db).stat().st_size,  # noqa: ASYNC240 - a command waits for nothing else
            "schema version": CURRENT,  # whatever it was: opening a store brings it forward
        }


async def _services(storage: ObservabilityStorage) -> list[str]:
    return sorted(service.name for service in await storage.list_services(ALWAYS, _MOST_SERVICES))


async def _edge(storage: ObservabilityStorage, order: Order) -> str | None:
    page = await storage.list_spans(SpanQuery(Window(1), order=order, columns=frozenset({"started_at"})))
    return format_moment(Nanos(page.nodes[0].started_at)) if page.nodes else None


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"{len(value)} or more" if len(value) == _MOST_SERVICES else f"{len(value)}"
    return f"{value:,}" if isinstance(value, int) else str(value or "none")

"""Tells what server it is, so that adapters and agents know what they speak to."""

from collections.abc import Sequence
from dataclasses import dataclass

from spanwell import __version__
from spanwell.graphql.arguments.paging import LARGEST_PAGE, LARGEST_TRACE_PAGE
from spanwell.observability.access import Scope

from .selection import Info

_FEATURES = (
    "answers.cost",
    "answers.warnings",
    "batch.onInvalid",
    "conversations.having",
    "conversations.traces",
    "export",
    "fields.exact",
    "filters.agent",
    "filters.coerce",
    "filters.lists",
    "filters.trace",
    "identifiers.anyForm",
    "lists.orderByAttribute",
    "scores",
    "server.scopes",
    "spans.previews",
    "spans.relatives",
    "statistics.having",
    "statistics.numbers",
    "subscriptions.removals",
    "values.cursors",
)


@dataclass(frozen=True)
class Limits:
    """Limits of a single request."""

    batch_spans: int
    span_bytes: int
    page_size: int = LARGEST_PAGE
    trace_page_size: int = LARGEST_TRACE_PAGE


@dataclass(frozen=True)
class Server:
    """What is told of the server."""

    limits: Limits
    scopes: Sequence[Scope]
    version: str = __version__
    features: tuple[str, ...] = _FEATURES


def server(info: Info) -> Server:
    service = info.context.service
    limits = service.limits
    features = _FEATURES if not limits.clear_all else (*_FEATURES, "clearAll")
    return Server(Limits(limits.batch_spans, limits.span_bytes), sorted(service.scopes), features=features)

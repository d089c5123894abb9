"""The part of a span that its trace needs: everything from which rollups, places and usage are derived."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from operator import attrgetter, itemgetter
from typing import Any

import msgspec

from spanwell.observability.model.span import Span, SpanStatus
from spanwell.observability.model.trace import CONTEXT

from .usage_rule import Role, Usage, role_of, usage_of

USAGE = ("input_tokens", "output_tokens", "total_tokens", "cost_usd")
COLUMNS: tuple[str, ...] = (
    *(
        "trace_id",
        "span_id",
        "parent_span_id",
        "started_at",
        "ended_at",
        "status",
        "service_name",
        "type",
        "tags",
        "is_event",
    ),
    *USAGE,
    *CONTEXT,
)
"""The columns of a span that its trace needs."""


class LightSpan(msgspec.Struct, frozen=True, gc=False):
    """A span as its trace sees it.

    The garbage collector does not look at it, since it is never part of a cycle: the writer remembers 200,000 of them,
    and a full collection, which stops everything, would visit each.
    """

    span_id: str
    parent_span_id: str | None
    started_at: int
    ended_at: int | None
    """When it ended; an event without an end ends when it begins."""
    status: SpanStatus
    service_name: str | None
    role: Role
    usage: Usage | None
    context: Mapping[str, str] | None
    """Those of `CONTEXT` that the span states."""
    tags: tuple[str, ...] | None


def light_spans(values: Mapping[str, Sequence[Any]], count: int) -> Iterator[LightSpan]:
    """Yield light spans from columns; missing columns count as null."""
    return map(LightSpan, *_fields(values, count).values())


def _fields(values: Mapping[str, Sequence[Any]], count: int) -> dict[str, Iterable[Any]]:
    """Return the values of each field of `LightSpan`, in their order."""
    nothing = [None] * count
    column = {name: values.get(name) or nothing for name in COLUMNS}
    types = values.get("type") or ["generic"] * count
    roles = {name: role_of(name) for name in set(types)}
    return {
        "span_id": column["span_id"],
        "parent_span_id": column["parent_span_id"],
        "started_at": column["started_at"],
        "ended_at": _ends(values, count),
        "status": column["status"],
        "service_name": column["service_name"],
        "role": map(roles.__getitem__, types),
        "usage": _usages(values, count),
        "context": _contexts(values, count),
        "tags": _tags(column["tags"]) if "tags" in values else nothing,
    }


def _ends(values: Mapping[str, Sequence[Any]], count: int) -> Iterator[int | None]:
    ends = values.get("ended_at") or repeat(None, count)
    if True not in (events := values.get("is_event") or ()):
        return iter(ends)
    moments = zip(ends, events, values["started_at"], strict=False)
    return (start if end is None and is_event else end for end, is_event, start in moments)


def _usages(values: Mapping[str, Sequence[Any]], count: int) -> Iterator[Usage | None]:
    if "total_tokens" not in values and "cost_usd" not in values:
        return repeat(None, count)
    return map(usage_of, *(values.get(name) or repeat(None, count) for name in USAGE))


def _contexts(values: Mapping[str, Sequence[Any]], count: int) -> Iterator[Mapping[str, str] | None]:
    names = [name for name in CONTEXT if name in values]
    if not names:
        return repeat(None, count)
    rows = list(zip(*(values[name] for name in names), strict=True))
    contexts = {row: _context(names, row) for row in set(rows)}  # spans of a trace mostly state the same
    return map(contexts.__getitem__, rows)


def _context(names: Sequence[str], values: Sequence[str | None]) -> Mapping[str, str] | None:
    return {name: value for name, value in zip(names, values, strict=True) if value is not None} or None


def _tags(values: Iterable[Sequence[str] | None]) -> Iterator[tuple[str, ...] | None]:
    known: dict[tuple[str, ...], tuple[str, ...]] = {}  # most spans have the same tags as others
    return (None if tags is None else known.setdefault(each := tuple(tags), each) for tags in values)


_SOURCES: Mapping[str, frozenset[str]] = {
    **{name: frozenset({name}) for name in LightSpan.__struct_fields__},
    "ended_at": frozenset({"ended_at", "is_event", "started_at"}),
    "role": frozenset({"type"}),
    "usage": frozenset(USAGE),
    "context": frozenset(CONTEXT),
}
"""The columns from which each field of `LightSpan` is made."""


def columns_with_light(columns: frozenset[str]) -> frozenset[str]:
    """Add the columns that are needed beside others to bring the light spans of changed spans up to date."""
    return columns.union(*(sources for sources in _SOURCES.values() if not columns.isdisjoint(sources)))


def changed_light_spans(
    before: Sequence[LightSpan], spans: Sequence[Span], columns: frozenset[str]
) -> Iterator[LightSpan]:
    """Yield the light spans of changed spans of which only some columns were read, from what they were before.

    The columns are those of `columns_with_light`.
    """
    records = list(map(vars, spans))
    values = {name: list(map(itemgetter(name), records)) for name in COLUMNS if name in columns}
    fields = _fields(values, len(spans))
    kept = {name: map(attrgetter(name), before) for name, read in _SOURCES.items() if columns.isdisjoint(read)}
    return map(LightSpan, *{**fields, **kept}.values())

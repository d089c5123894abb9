"""Sessions and threads, in plain Python."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

import msgspec

from spanwell.observability.model.columns import Json
from spanwell.observability.model.span import Span
from spanwell.observability.model.trace import LARGEST_COUNT, Trace
from spanwell.observability.questions.conversations import PREVIEW, Conversation, ConversationQuery

from .evaluation import holds
from .forest import Forest

Forests: TypeAlias = Callable[[str], Forest]
"""Returns the forest of a trace."""


def plain_conversations(traces: Iterable[Trace], query: ConversationQuery, forests: Forests) -> list[Conversation]:
    """Return the conversations of some traces."""
    families: dict[str, list[Trace]] = {}
    for trace in traces:
        name = getattr(trace, query.together.value)
        if name is not None:
            families.setdefault(name, []).append(trace)
    found: list[Conversation] = []
    for name, family in families.items():
        each: Any = _conversation(name, family, forests)
        if holds(query.having, each, Forest((), traces=[(trace, forests(trace.trace_id)) for trace in family])):
            found.append(each)
    return found


def _conversation(name: str, traces: Sequence[Trace], forests: Forests) -> Conversation:
    newest = max(traces, key=lambda trace: (trace.started_at, trace.trace_id))
    costs = [trace.cost_usd for trace in traces if trace.cost_usd is not None]
    return Conversation(
        conversation_id=name,
        trace_count=len(traces),
        error_count=min(sum(trace.error_count for trace in traces), LARGEST_COUNT),
        first_activity_at=min(trace.started_at for trace in traces),
        last_activity_at=max(max(trace.started_at, trace.ended_at or trace.started_at) for trace in traces),
        input_tokens=_total(trace.input_tokens for trace in traces),
        output_tokens=_total(trace.output_tokens for trace in traces),
        total_tokens=_total(trace.total_tokens for trace in traces),
        cost_usd=sum(sorted(costs)) if costs else None,
        last_input=_preview(newest.head.input or _first_input(forests(newest.trace_id).spans.values())),
        user_id=newest.user_id,
        last_trace_id=newest.trace_id,
    )


def _first_input(spans: Iterable[Span]) -> Json | None:
    """Return the input of the earliest span that has one."""
    given = [span for span in spans if span.input is not None]
    return min(given, key=lambda span: (span.started_at, span.span_id)).input if given else None


def _total(counts: Iterable[int | None]) -> int | None:
    stated = [count for count in counts if count is not None]
    return min(sum(stated), LARGEST_COUNT) if stated else None


def _preview(document: Json | None) -> str | None:
    if document is None:
        return None
    value = msgspec.json.decode(document)
    return (value if isinstance(value, str) else document)[:PREVIEW]

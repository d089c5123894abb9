"""Finds records by their global ids (Relay)."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, TypeAlias

import strawberry

from spanwell.graphql.arguments.paging import LARGEST_PAGE
from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.identifiers import parse_global_id
from spanwell.observability.model.record import Listed
from spanwell.observability.questions.conversations import Conversation, Together
from spanwell.observability.storage import ObservabilityStorage

from .conversations import conversation
from .selection import Info, own_span_columns, own_trace_columns, resolve_info

_TOGETHER: Mapping[str, Together] = MappingProxyType({"Session": Together.SESSION, "Thread": Together.THREAD})

_ASSESSMENTS: Mapping[str, AssessmentKind] = MappingProxyType(
    {"Score": AssessmentKind.SCORE, "Feedback": AssessmentKind.FEEDBACK}
)

Found: TypeAlias = Listed | Conversation | None
GlobalId = Annotated[strawberry.ID, strawberry.argument(description="Global id of the record.")]
GlobalIds = Annotated[list[strawberry.ID], strawberry.argument(description=f"Global ids, at most {LARGEST_PAGE:,}.")]


async def node(info: Info, id: GlobalId) -> Found:  # noqa: A002 - the argument's name in the schema
    (found,) = await nodes(info, [id])
    return found


async def nodes(info: Info, ids: GlobalIds) -> list[Found]:
    """Return the records of some global ids: one statement for all spans, and one for all traces."""
    if len(ids) > LARGEST_PAGE:
        raise InvalidInput(f"has {len(ids):,} elements; at most {LARGEST_PAGE:,} are allowed", "ids")
    storage = info.context.storage
    asked = [parse_global_id(each) for each in ids]
    keys = [(parts[1], parts[2]) for parts in asked if parts[:1] == ("Span",) and len(parts) == 3]
    trace_ids = [parts[1] for parts in asked if parts[:1] == ("Trace",) and len(parts) == 2]
    raw = resolve_info(info)
    columns, wanted = own_span_columns(raw), own_trace_columns(raw)
    spans_found = await storage.get_spans(keys, columns) if keys else []
    traces_found = await storage.get_traces(trace_ids, wanted.columns, wanted.head_columns) if trace_ids else []
    found: dict[tuple[str, ...], Found] = {}
    found.update({("Span", *key): each for key, each in zip(keys, spans_found, strict=True)})
    found.update({("Trace", key): each for key, each in zip(trace_ids, traces_found, strict=True)})
    for name, kind in _ASSESSMENTS.items():
        found.update(await _assessments(storage, name, kind, asked))
    for parts in set(asked):
        if parts[:1] and parts[0] in _TOGETHER and len(parts) == 2:
            found[parts] = await conversation(info, _TOGETHER[parts[0]], parts[1])
    return [found.get(parts) for parts in asked]


async def _assessments(
    storage: ObservabilityStorage, name: str, kind: AssessmentKind, asked: Sequence[tuple[str, ...]]
) -> dict[tuple[str, ...], Found]:
    ids = list(dict.fromkeys(parts[1] for parts in asked if parts[:1] == (name,) and len(parts) == 2))
    records = await storage.get_assessments(kind, ids) if ids else []
    return {(name, record_id): record for record_id, record in zip(ids, records, strict=True)}

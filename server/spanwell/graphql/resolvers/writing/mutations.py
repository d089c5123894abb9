"""One function for each mutation: it takes the arguments, calls the service once, and returns what that gave."""

from typing import Annotated, Any

import strawberry

from spanwell.graphql.arguments.filters import TraceFilter
from spanwell.graphql.arguments.inputs import CreateSpanInput, UpdateSpanInput
from spanwell.graphql.arguments.logic import to_condition
from spanwell.graphql.basics.enums import OnInvalid
from spanwell.graphql.resolvers.selection import Info, below, resolve_info, span_columns
from spanwell.observability.backups import Backup
from spanwell.observability.deleting import DeletedMatches
from spanwell.observability.derivation.batches import Deleted
from spanwell.observability.model.identifiers import span_identifier, trace_identifier
from spanwell.observability.model.span import Span

from .batches import create_batch, update_batch, updates_done
from .elements import Read
from .outcomes import SpanCreated, SpanUpdated, UpdatesDone

SpansArgument = Annotated[
    list[CreateSpanInput],
    strawberry.argument(description="The spans, at most `batchSpans`; records of the same span are merged in order."),
]
SpanArgument = Annotated[CreateSpanInput, strawberry.argument(description="The span.")]
UpdatesArgument = Annotated[
    list[UpdateSpanInput], strawberry.argument(description="The updates, at most `batchSpans`, applied in order.")
]
UpdateArgument = Annotated[UpdateSpanInput, strawberry.argument(description="The update.")]
OnInvalidArgument = Annotated[OnInvalid, strawberry.argument(description="What to do about invalid elements.")]
_REJECT = OnInvalid.REJECT_BATCH
TraceIdsArgument = Annotated[
    list[strawberry.ID], strawberry.argument(description="Trace ids, at most `batchSpans`; unknown ids are ignored.")
]
TracesToDelete = Annotated[
    TraceFilter,
    strawberry.argument(
        description="Which traces to delete; a filter that matches every trace, such as `{}`, is refused."
    ),
]
DryRun = Annotated[bool, strawberry.argument(description="Whether to only count what would be deleted.")]


async def batch_create_spans(info: Info, spans: SpansArgument, on_invalid: OnInvalidArgument = _REJECT) -> Any:
    return await create_batch(info.context.service, Read([given.to_span() for given in spans]), on_invalid)


async def create_span(info: Info, span: SpanArgument) -> SpanCreated:
    given = span.to_span()
    _check_may_read(info)
    done = await info.context.service.create_spans([given], element="span")
    return SpanCreated(await _stored(info, given.trace_id, given.span_id), done)


async def batch_update_spans(
    info: Info, updates: UpdatesArgument, on_invalid: OnInvalidArgument = _REJECT
) -> UpdatesDone:
    return await update_batch(info.context.service, Read([given.to_update() for given in updates]), on_invalid)


async def update_span(info: Info, update: UpdateArgument) -> SpanUpdated:
    change = update.to_update()
    _check_may_read(info)
    done = await info.context.service.update_spans([change], element="update")
    return SpanUpdated(await _stored(info, change.trace_id, change.span_id), updates_done([change], done))


async def batch_delete_traces(info: Info, trace_ids: TraceIdsArgument) -> Deleted:
    return await info.context.service.delete_traces(trace_ids)


async def delete_traces(
    info: Info,
    filter: TracesToDelete,  # noqa: A002 - the argument's name in the schema
    dry_run: DryRun = False,  # noqa: FBT002 - an argument of the field
) -> DeletedMatches:
    return await info.context.service.delete_matching(to_condition(filter), dry_run=dry_run)


async def backup(info: Info) -> Backup:
    return await info.context.service.backup()


async def dangerously_clear_all(info: Info) -> Deleted:
    return await info.context.service.clear_all()


def _check_may_read(info: Info) -> None:
    """Raise `Forbidden` before anything is written, if the span is selected and may not be read."""
    raw = resolve_info(info)
    if "span" in below(raw.field_nodes, raw):
        _ = info.context.storage


async def _stored(info: Info, trace_id: str, span_id: str) -> Span | None:
    """Return a span as it is now, with what is selected of it; nothing is read if nothing is."""
    raw = resolve_info(info)
    places = below(raw.field_nodes, raw).get("span")
    if not places:
        return None
    columns = span_columns(places, raw)
    return await info.context.storage.get_span(trace_identifier(trace_id), span_identifier(span_id), columns)

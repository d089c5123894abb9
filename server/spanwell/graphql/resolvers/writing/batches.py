"""What the batch mutations of spans do: all or nothing, or all that is valid (`onInvalid: SKIP`)."""

from collections.abc import Sequence
from dataclasses import replace

from spanwell.graphql.basics.enums import OnInvalid
from spanwell.observability.derivation.batches import Created, Updated
from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.service import Observability

from .elements import Read
from .outcomes import CreatesDone, MissingSpan, Skipped, UpdatesDone


async def create_batch(service: Observability, spans: Read, on_invalid: OnInvalid | None) -> Created | CreatesDone:
    """Store spans. Raises `InvalidInput` if nothing is to be skipped."""
    if not spans.skips(on_invalid, "spans"):
        return await service.create_spans(spans.records)
    done, bad = await service.create_valid_spans(spans.records)
    return CreatesDone(done.created_count, done.updated_count, _skipped(spans, bad))


async def update_batch(service: Observability, updates: Read, on_invalid: OnInvalid | None) -> UpdatesDone:
    """Change spans. Raises `InvalidInput` if nothing is to be skipped."""
    records = updates.records
    if not updates.skips(on_invalid, "updates"):
        return updates_done(records, await service.update_spans(records))
    done, places, bad = await service.update_valid_spans(records)
    found = updates_done([records[place] for place in places], done)
    missing = [replace(each, index=updates.index(places[each.index])) for each in found.not_found]
    return UpdatesDone(done.updated_count, missing, _skipped(updates, bad))


def _skipped(batch: Read, bad: Sequence[tuple[int, InvalidInput]]) -> list[Skipped]:
    """Return the skipped elements, in the order of the batch."""
    named = [(batch.index(at), batch.records[at], str(error)) for at, error in bad]
    skipped = [Skipped(index, record.trace_id, record.span_id, reason) for index, record, reason in named]
    unread = [Skipped(e.index, e.stated("traceId"), e.stated("spanId"), str(e.error)) for e in batch.unread]
    return sorted([*unread, *skipped], key=lambda each: each.index)


def updates_done(changes: Sequence[SpanUpdate], done: Updated) -> UpdatesDone:
    """Return the results of some updates, with the keys of those whose span does not exist."""
    missing = [MissingSpan(index, changes[index].trace_id, changes[index].span_id) for index in done.not_found]
    return UpdatesDone(done.updated_count, missing)

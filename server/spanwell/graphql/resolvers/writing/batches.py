"""What the batch mutations do with their records: all or nothing, or all that are valid (`onInvalid: SKIP`)."""

from collections.abc import Sequence
from dataclasses import replace

from spanwell.graphql.basics.enums import OnInvalid
from spanwell.observability.derivation.batches import Created, Updated
from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.span import Span
from spanwell.observability.service import Observability

from .outcomes import CreatesDone, MissingSpan, Skipped, UpdatesDone


class Batch:
    """A batch of creates or updates; some elements may have been skipped when it was read."""

    def __init__(
        self, on_invalid: OnInvalid | None, skipped: Sequence[Skipped] = (), indexes: Sequence[int] | None = None
    ) -> None:
        self._skips = on_invalid is OnInvalid.SKIP
        self._skipped = skipped
        self._indexes = indexes

    async def create(self, service: Observability, spans: Sequence[Span]) -> Created | CreatesDone:
        """Store spans. Raises `InvalidInput` if nothing is to be skipped."""
        if not self._skips:
            return await service.create_spans(spans)
        done, bad = await service.create_valid_spans(spans)
        return CreatesDone(done.created_count, done.updated_count, self._all_skipped(spans, bad))

    async def update(self, service: Observability, updates: Sequence[SpanUpdate]) -> UpdatesDone:
        """Change spans. Raises `InvalidInput` if nothing is to be skipped."""
        if not self._skips:
            return updates_done(updates, await service.update_spans(updates))
        done, places, bad = await service.update_valid_spans(updates)
        found = updates_done([updates[place] for place in places], done)
        missing = [replace(each, index=self._index(places[each.index])) for each in found.not_found]
        return UpdatesDone(done.updated_count, missing, self._all_skipped(updates, bad))

    def _index(self, number: int) -> int:
        return number if self._indexes is None else self._indexes[number]

    def _all_skipped(
        self, records: Sequence[Span] | Sequence[SpanUpdate], bad: Sequence[tuple[int, InvalidInput]]
    ) -> list[Skipped]:
        named = [(self._index(at), records[at], str(error)) for at, error in bad]
        skipped = [Skipped(index, record.trace_id, record.span_id, reason) for index, record, reason in named]
        return sorted([*self._skipped, *skipped], key=lambda each: each.index)


def updates_done(changes: Sequence[SpanUpdate], done: Updated) -> UpdatesDone:
    """Return what became of some updates, with the identities of those that found no span."""
    missing = [MissingSpan(index, changes[index].trace_id, changes[index].span_id) for index in done.not_found]
    return UpdatesDone(done.updated_count, missing)

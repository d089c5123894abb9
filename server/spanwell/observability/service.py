"""The single entry point to the store: validates client input, then passes it on."""

from collections.abc import Awaitable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeVar

from spanwell.observability.conventions.evaluations import evaluations_in, evaluations_of
from spanwell.observability.derivation.batch_checks import TEXTS, TIMES, are_plain_updates, is_plain
from spanwell.observability.derivation.batches import Created, Deleted, Updated
from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.derivation.plain_json import plain_value, with_plain_json
from spanwell.observability.feed.live import Feed
from spanwell.observability.model.assessments import AssessmentKind, Score
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.errors import Forbidden, InvalidInput
from spanwell.observability.model.span import GIVEN_COLUMNS, SPAN_COLUMN, Span
from spanwell.observability.model.span_batch import SpanColumns
from spanwell.observability.model.times import EARLIEST, LATEST
from spanwell.observability.questions.conditions import Condition

from .access import EVERYTHING, Access, Scope
from .assessing import Assessing
from .backups import Backup, Backups
from .checks import check_moment, checked_key, checked_parent, checked_trace, each
from .deleting import DeletedMatches, MatchDeletion
from .storage import ObservabilityStorage
from .tenants.storage import TenantStorage

T = TypeVar("T")

_texts = attrgetter(*TEXTS)
_REQUIRED = tuple(column.name for column in GIVEN_COLUMNS if column.required)


@dataclass(frozen=True)
class WriteLimits:
    """Limits of one write: spans per batch and bytes of text per span; and whether everything may be deleted.

    A deletion by filter stops after some seconds, before the request times out.
    """

    batch_spans: int = 10_000
    span_bytes: int = 16 * 1024 * 1024
    clear_all: bool = True
    deleting_seconds: float = 20.0


class Observability:
    """The spans and traces of one store, with the rules that apply to every client.

    Reads go to `storage` directly; writes go through here. Raises `InvalidInput` naming the invalid element by the
    template `element`: `spans[{}]` becomes `spans[17].startedAt`.
    """

    def __init__(
        self,
        storage: ObservabilityStorage,
        limits: WriteLimits | None = None,
        access: Access = EVERYTHING,
        backups: Backups | None = None,
    ) -> None:
        self.storage = storage
        self._backups = backups
        self.limits = limits or WriteLimits()
        self._feed = Feed(storage)
        self._access = access
        self._allowed: dict[Access, Observability] = {}

    @property
    def scopes(self) -> frozenset[Scope]:
        """What the caller may do."""
        return self._access.scopes

    def allowed(self, access: Access) -> "Observability":
        """Return this service restricted to what a caller may do, and to the rows that it may see."""
        if access is self._access or access == self._access:
            return self
        if access not in self._allowed:
            self._allowed[access] = self._made_for(access)
        return self._allowed[access]

    def _made_for(self, access: Access) -> "Observability":
        if access.is_bound:
            return Observability(TenantStorage(self.storage, access), self.limits, access)
        made = copy(self)
        made._access = access  # noqa: SLF001 - an instance of this class
        return made

    @property
    def readable(self) -> ObservabilityStorage:
        """The store, for callers that may read it. Raises `Forbidden`."""
        self._access.require(Scope.READ)
        return self.storage

    @property
    def feed(self) -> Feed:
        """The feed of changes, for callers that may read the store. Raises `Forbidden`."""
        self._access.require(Scope.READ)
        return self._feed

    @property
    def assessing(self) -> Assessing:
        """The service that writes scores and feedback."""
        return Assessing(self.storage, self._access, self.limits.batch_spans, self.limits.span_bytes)

    async def create_spans(self, spans: Sequence[Span], element: str = "spans[{}]") -> Created:
        """Store a batch of spans, all or none of them."""
        self._access.require(Scope.INGEST)
        self._check_count(len(spans), "spans")
        given = with_plain_json(SpanColumns.of(spans))
        checked = given if self._may_be_stored(given) else each(self._checked_span, given, element)
        return await self._created(checked)

    async def create_valid_spans(self, spans: Sequence[Span]) -> tuple[Created, list[tuple[int, InvalidInput]]]:
        """Store the valid spans of a batch; return the result, and the index and the error of each invalid one."""
        self._access.require(Scope.INGEST)
        self._check_count(len(spans), "spans")
        given = with_plain_json(SpanColumns.of(spans))
        bad: list[tuple[int, InvalidInput]] = []
        good = given if self._may_be_stored(given) else self._good(given, 0, bad)
        return await self._created(good), bad

    async def update_valid_spans(
        self, updates: Sequence[SpanUpdate]
    ) -> tuple[Updated, list[int], list[tuple[int, InvalidInput]]]:
        """Apply the valid updates of a batch; return the result, their indexes, and the errors of the others."""
        self._access.require(Scope.WRITE)
        self._check_count(len(updates), "updates")
        if are_plain_updates(updates, self.limits.span_bytes):
            return await self._updated(updates), list(range(len(updates))), []
        good: list[SpanUpdate] = []
        places: list[int] = []
        bad: list[tuple[int, InvalidInput]] = []
        for index, update in enumerate(updates):
            try:
                good.append(self._checked_update(update))
                places.append(index)
            except InvalidInput as error:
                bad.append((index, error))
        return await self._updated(good), places, bad

    async def create_good_spans(self, spans: Sequence[Span]) -> list[tuple[int, InvalidInput]]:
        """Store the valid spans, batch by batch; return the index and the error of each invalid one."""
        self._access.require(Scope.INGEST)
        bad: list[tuple[int, InvalidInput]] = []
        most = self.limits.batch_spans
        for first in range(0, len(spans), most):
            # A prepared batch is within the limit, and is not split.
            part = with_plain_json(SpanColumns.of(spans if len(spans) <= most else spans[first : first + most]))
            good = part if self._may_be_stored(part) else self._good(part, first, bad)
            await self._created(good)
        return bad

    def _good(self, spans: Iterable[Span], first: int, bad: list[tuple[int, InvalidInput]]) -> list[Span]:
        """Return the valid spans; add the others to `bad` with their errors, numbered from `first`."""
        good: list[Span] = []
        for index, span in enumerate(spans, first):
            try:
                good.append(self._checked_span(span))
            except InvalidInput as error:
                bad.append((index, error))
        return good

    async def update_spans(self, updates: Sequence[SpanUpdate], element: str = "updates[{}]") -> Updated:
        """Apply updates to the spans that exist."""
        self._access.require(Scope.WRITE)
        self._check_count(len(updates), "updates")
        return await self._updated(self._checked_updates(updates, element))

    async def fill_spans(self, fills: Sequence[SpanUpdate]) -> Updated:
        """Fill in data that exporters send separately from the spans; stored values are never changed."""
        self._access.require(Scope.INGEST)
        return await self._updated(self._checked_updates(fills, "{}"))

    async def delete_traces(self, trace_ids: Sequence[str]) -> Deleted:
        """Delete traces with all their spans; unknown ids are ignored, malformed ones are refused."""
        self._access.require(Scope.DELETE)
        self._check_count(len(trace_ids), "traceIds")
        checked = each(checked_trace, trace_ids, "traceIds[{}]")
        return await self._announced(self.storage.batch_delete_traces(checked))

    async def delete_matching(self, where: Condition, *, dry_run: bool = False) -> DeletedMatches:
        """Delete all traces that meet a condition, or only count them. Raises `InvalidInput` if that is everything."""
        self._access.require(Scope.DELETE)
        deletion = MatchDeletion(self.storage, self._feed, where, self.limits.deleting_seconds)
        return await (deletion.count() if dry_run else deletion.run(self._delete_unchanged))

    async def _delete_unchanged(self, trace_ids: list[str], since: Nanos) -> Deleted:
        return await self._announced(self.storage.batch_delete_traces(trace_ids, since))

    async def clear_all(self) -> Deleted:
        """Delete everything. Raises `Forbidden` unless the server allows it."""
        self._access.require(Scope.ADMIN)
        if not self.limits.clear_all:
            raise Forbidden("dangerouslyClearAll is disabled on this server.")
        return await self._announced(self.storage.dangerously_clear_all())

    async def backup(self) -> Backup:
        """Copy the store into the backup folder. Raises `Forbidden` if none is configured."""
        self._access.require(Scope.ADMIN)
        if self._backups is None:
            raise Forbidden("This server has no backup folder; set one with `--backup-dir`.")
        return await self._backups.make()

    async def _created(self, spans: Sequence[Span]) -> Created:
        """Store spans, and the scores in their events."""
        created = await self._announced(self.storage.batch_create_spans(spans))
        await self._evaluated(evaluations_of(spans))
        return created

    async def _updated(self, updates: Sequence[SpanUpdate]) -> Updated:
        done = await self._announced(self.storage.batch_update_spans(updates))
        missing = frozenset(done.not_found)
        told = [each for index, each in enumerate(updates) if "events" in each.changes and index not in missing]
        await self._evaluated([score for each in told for score in evaluations_in(each.key, each.changes)])
        return done

    async def _evaluated(self, scores: Sequence[Score]) -> None:
        if scores:
            await self._announced(self.storage.batch_create_assessments(AssessmentKind.SCORE, scores))

    async def _announced(self, write: Awaitable[T]) -> T:
        """Wait for a write, then notify the store's followers of the commit."""
        done = await write
        self.storage.commits.announce()
        return done

    def _check_count(self, count: int, name: str) -> None:
        if count > self.limits.batch_spans:
            raise InvalidInput(f"has {count:,} elements; a batch can have at most {self.limits.batch_spans:,}", name)

    def _may_be_stored(self, spans: SpanColumns) -> bool:
        return spans.rows is not None or is_plain(spans, self.limits.span_bytes)

    def _checked_span(self, span: Span) -> Span:
        trace_id, span_id = checked_key(span.trace_id, span.span_id)
        self._check_bytes(sum(map(len, filter(None, _texts(span)))))
        if not EARLIEST <= span.started_at <= LATEST or not EARLIEST <= (span.ended_at or 0) <= LATEST:
            for name in TIMES:
                check_moment(name, getattr(span, name))
        parent = None if span.parent_span_id is None else checked_parent(span.parent_span_id)
        if (trace_id, span_id, parent) == (span.trace_id, span.span_id, span.parent_span_id):
            return span
        checked = span.copy()
        checked.trace_id, checked.span_id, checked.parent_span_id = trace_id, span_id, parent
        return checked

    def _checked_updates(self, updates: Sequence[SpanUpdate], element: str) -> Sequence[SpanUpdate]:
        if are_plain_updates(updates, self.limits.span_bytes):
            return updates
        return each(self._checked_update, updates, element)

    def _checked_update(self, update: SpanUpdate) -> SpanUpdate:
        trace_id, span_id = checked_key(update.trace_id, update.span_id)
        changes = {name: plain_value(name, value) for name, value in update.changes.items()}
        self._check_bytes(sum([len(text) for text in changes.values() if isinstance(text, str)]))
        for name in _REQUIRED:
            if changes.get(name, name) is None:
                raise InvalidInput("cannot be cleared", SPAN_COLUMN[name].label)
        for name in TIMES:
            if name in changes:
                check_moment(name, changes[name])
        if isinstance(parent := changes.get("parent_span_id"), str):
            changes = {**changes, "parent_span_id": checked_parent(parent)}
        fills = {name: plain_value(name, value) for name, value in update.fills.items()}
        return SpanUpdate(trace_id, span_id, changes, fills, update.events)

    def _check_bytes(self, size: int) -> None:
        if size > self.limits.span_bytes:
            raise InvalidInput(f"is larger than {self.limits.span_bytes:,} bytes")

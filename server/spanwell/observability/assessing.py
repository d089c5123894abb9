"""Writes scores and feedback: validates client input, then passes it on, as `service` does for spans."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from math import isfinite
from typing import Any, TypeVar

from .access import Access, Scope
from .checks import named
from .derivation.assessing import AssessmentUpdate
from .derivation.batches import Created, Updated
from .derivation.plain_json import plain_json
from .model.assessments import Assessment, AssessmentKind
from .model.columns import Kind, Nanos, camel
from .model.errors import InvalidInput
from .model.identifiers import ASKED_IDENTIFIERS, check_identifier
from .model.times import EARLIEST, LATEST, checked_moment
from .storage import ObservabilityStorage

T = TypeVar("T")
R = TypeVar("R")

Bad = list[tuple[int, InvalidInput]]
"""The indexes of invalid records, each with its error."""


@dataclass(frozen=True)
class Assessing:
    """Writes of scores and feedback. Raises `InvalidInput` naming the element, such as `scores[17].traceId`."""

    storage: ObservabilityStorage
    access: Access
    most: int
    most_bytes: int

    async def create(
        self,
        kind: AssessmentKind,
        records: Sequence[Assessment],
        bad: Bad | None = None,
        element: str = "",
    ) -> Created:
        """Store a batch; an invalid record fails the whole batch, or is added to `bad` if that is a list."""
        self.access.require(Scope.INGEST)
        self._check_count(len(records), kind.value)
        checked = _each(lambda record: self._checked(kind, record), records, element or f"{kind.value}[{{}}]", bad)
        return await self._announced(self.storage.batch_create_assessments(kind, [record for _, record in checked]))

    async def update(
        self, kind: AssessmentKind, updates: Sequence[AssessmentUpdate], bad: Bad | None = None
    ) -> Updated:
        """Change existing records; invalid updates are handled as in `create`. Indexes refer to the batch."""
        self.access.require(Scope.WRITE)
        self._check_count(len(updates), "updates")
        checked = _each(lambda update: self._checked_update(kind, update), updates, "updates[{}]", bad)
        changes = [update for _, update in checked]
        done = await self._announced(self.storage.batch_update_assessments(kind, changes))
        return Updated(done.updated_count, tuple(checked[place][0] for place in done.not_found))

    async def delete(self, kind: AssessmentKind, record_ids: Sequence[str]) -> int:
        """Delete records; unknown ids are ignored."""
        self.access.require(Scope.DELETE)
        self._check_count(len(record_ids), f"{camel(kind.id_column)}s")
        return await self._announced(self.storage.batch_delete_assessments(kind, record_ids))

    async def _announced(self, write: Awaitable[T]) -> T:
        done = await write
        self.storage.commits.announce()
        return done

    def _check_count(self, count: int, name: str) -> None:
        if count > self.most:
            raise InvalidInput(f"has {count:,} elements; a batch can have at most {self.most:,}", name)

    def _checked(self, kind: AssessmentKind, record: Assessment) -> Assessment:
        named(camel(kind.id_column), check_identifier, kind.id_of(record))
        given = {column.name: getattr(record, column.name) for column in kind.given_columns}
        if record.span_id is not None and record.trace_id is None:
            raise InvalidInput("is missing: a `spanId` requires its `traceId`", "traceId")
        checked = copy(record)
        for name, value in self._values(kind, given).items():
            setattr(checked, name, value)
        return checked

    def _checked_update(self, kind: AssessmentKind, update: AssessmentUpdate) -> AssessmentUpdate:
        named(camel(kind.id_column), check_identifier, update.record_id)
        changes = update.changes
        for column in kind.given_columns:
            if not column.nullable and changes.get(column.name, column) is None:
                raise InvalidInput("cannot be cleared", column.label)
        if changes.get("trace_id") is None and (
            changes.get("span_id") is not None or ("trace_id" in changes and "span_id" not in changes)
        ):
            raise InvalidInput("requires `spanId` or `spanId: null` beside it: a span is identified by both", "traceId")
        return AssessmentUpdate(update.record_id, self._values(kind, changes))

    def _values(self, kind: AssessmentKind, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of columns in the form in which they are stored."""
        if sum(len(value) for value in values.values() if isinstance(value, str)) > self.most_bytes:
            raise InvalidInput(f"is larger than {self.most_bytes:,} bytes")
        kinds = {column.name: column.kind for column in kind.columns}
        return {name: _stored(name, kinds[name], value) for name, value in values.items()}


def _stored(name: str, kind: Kind, value: Any) -> Any:
    if value is None:
        return None
    if name in ASKED_IDENTIFIERS:
        named(camel(name), check_identifier, value)
        return ASKED_IDENTIFIERS[name](value)
    if kind is Kind.TIME and not EARLIEST <= value <= LATEST:
        named(camel(name), checked_moment, Nanos(value))
    if kind is Kind.NUMBER and not isfinite(value):
        raise InvalidInput("is not a finite number", camel(name))
    return plain_json(value) if kind is Kind.JSON else value


def _each(check: Callable[[R], R], records: Sequence[R], name: str, bad: Bad | None) -> list[tuple[int, R]]:
    """Return the valid records with their indexes."""
    good: list[tuple[int, R]] = []
    for index, record in enumerate(records):
        try:
            good.append((index, check(record)))
        except InvalidInput as error:
            if bad is None:
                raise error.within(name.format(index)) from None
            bad.append((index, error))
    return good

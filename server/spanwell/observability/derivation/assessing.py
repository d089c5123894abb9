"""Applies a batch to a set of assessments, record by record and in order: the rules for every store.

A create is an idempotent merge, as for spans: values that are present replace stored ones, absent ones keep them, and
sending a batch again changes nothing. An update replaces exactly the columns that it names.
"""

from collections.abc import Mapping, MutableMapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import TypeAlias

from spanwell.observability.model.assessments import Assessment, AssessmentKind
from spanwell.observability.model.columns import Nanos

from .batches import Created, Updated

Records: TypeAlias = MutableMapping[str, Assessment]
"""Assessments of one kind by id. A changed one is a new object."""


@dataclass(frozen=True)
class AssessmentUpdate:
    """A change to one stored assessment: columns named in `changes` are replaced, None clears."""

    record_id: str
    changes: Mapping[str, object]


def apply_creates(kind: AssessmentKind, records: Records, batch: Sequence[Assessment], now: Nanos) -> Created:
    """Merge each record of a batch. A record counts once, as created or as changed."""
    made: set[str] = set()
    changed: set[str] = set()
    for given in batch:
        record_id = kind.id_of(given)
        stored = records.get(record_id)
        if stored is None:
            records[record_id] = _new(given, now)
            made.add(record_id)
        elif _put(records, record_id, _merged(kind, stored, given), now):
            changed.add(record_id)
    return Created(len(made), len(changed - made))


def apply_updates(kind: AssessmentKind, records: Records, batch: Sequence[AssessmentUpdate], now: Nanos) -> Updated:
    """Change each record that exists."""
    missing: list[int] = []
    defaults = {column.name: column.default for column in kind.columns}
    for index, update in enumerate(batch):
        stored = records.get(update.record_id)
        if stored is None:
            missing.append(index)
            continue
        merged = copy(stored)
        for name, value in update.changes.items():
            setattr(merged, name, defaults[name] if value is None else value)
        _put(records, update.record_id, merged, now)
    return Updated(len(batch) - len(missing), tuple(missing))


def _new(given: Assessment, now: Nanos) -> Assessment:
    made = copy(given)
    made.created_at = made.updated_at = now
    made.timestamp = given.timestamp or now
    return made


def _merged(kind: AssessmentKind, stored: Assessment, given: Assessment) -> Assessment:
    merged = copy(stored)
    for column in kind.given_columns:
        value = getattr(given, column.name)
        if value != column.default:
            setattr(merged, column.name, value)
    return merged


def _put(records: Records, record_id: str, merged: Assessment, now: Nanos) -> bool:
    if merged == records[record_id]:
        return False
    merged.updated_at = now
    records[record_id] = merged
    return True

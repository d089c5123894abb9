"""Writes scores and feedback: reads the records that a batch names, applies the batch, and rewrites them."""

from collections.abc import Collection, Sequence

from spanwell.observability.derivation.assessing import AssessmentUpdate, Records, apply_creates, apply_updates
from spanwell.observability.derivation.batches import Created, Updated
from spanwell.observability.model.assessments import Assessment, AssessmentKind
from spanwell.observability.model.columns import Nanos
from spanwell.observability.questions.removals import EVERYTHING
from spanwell.storage.duckdb.reading.assessments.pages import read_by_ids
from spanwell.storage.duckdb.reading.readers import Cursor
from spanwell.storage.duckdb.tables.columns import ASSESSMENTS, DELETED_TABLES

from .rows.arrow import arrays_of
from .staging import insert_arrays
from .write_deletions import write_deleted_assessments

_AMONG = "IN (SELECT unnest(?::VARCHAR[]))"


def create(kind: AssessmentKind, batch: Sequence[Assessment], cursor: Cursor, now: Nanos) -> Created:
    """Store a batch of scores or feedback (`AssessmentStorage.batch_create_assessments`)."""
    before = _stored(kind, list(map(kind.id_of, batch)), cursor)
    after = dict(before)
    done = apply_creates(kind, after, batch, now)
    _write(kind, before, after, cursor)
    return done


def update(kind: AssessmentKind, batch: Sequence[AssessmentUpdate], cursor: Cursor, now: Nanos) -> Updated:
    """Apply a batch of updates of scores or feedback (`AssessmentStorage.batch_update_assessments`)."""
    before = _stored(kind, [each.record_id for each in batch], cursor)
    after = dict(before)
    done = apply_updates(kind, after, batch, now)
    _write(kind, before, after, cursor)
    return done


def delete(kind: AssessmentKind, record_ids: Collection[str], cursor: Cursor, now: Nanos) -> int:
    """Delete some records and return how many."""
    gone = _delete(kind, kind.id_column, record_ids, cursor)
    write_deleted_assessments(kind, gone, cursor, now)
    return len(gone)


def delete_of_traces(cursor: Cursor, trace_ids: Collection[str], now: Nanos) -> None:
    """Delete the scores and feedback on traces and their spans."""
    for kind in AssessmentKind if trace_ids else ():
        write_deleted_assessments(kind, _delete(kind, "trace_id", trace_ids, cursor), cursor, now)


def delete_all(cursor: Cursor, now: Nanos) -> None:
    """Delete all scores and feedback."""
    for kind in AssessmentKind:
        for table in (kind.value, DELETED_TABLES[kind]):
            cursor.execute(f"DELETE FROM {table}")
        write_deleted_assessments(kind, [(EVERYTHING, None)], cursor, now)


def _delete(
    kind: AssessmentKind, column: str, ids: Collection[str], cursor: Cursor
) -> Sequence[tuple[str, str | None]]:
    """Delete the records with some ids; return what was deleted."""
    statement = f"DELETE FROM {kind.value} WHERE {column} {_AMONG} RETURNING {kind.id_column}, trace_id"
    return cursor.execute(statement, (list(ids),)).fetchall()


def _stored(kind: AssessmentKind, record_ids: Sequence[str], cursor: Cursor) -> Records:
    return {kind.id_of(record): record for record in read_by_ids(kind, record_ids, cursor)}


def _write(kind: AssessmentKind, before: Records, after: Records, cursor: Cursor) -> None:
    changed = {record_id: record for record_id, record in after.items() if before.get(record_id) is not record}
    if replaced := before.keys() & changed.keys():
        _delete(kind, kind.id_column, replaced, cursor)
    if changed:
        columns = ASSESSMENTS[kind]
        values = {stored: [getattr(each, name) for each in changed.values()] for name, stored in columns.items()}
        insert_arrays(cursor, kind.value, arrays_of(values))

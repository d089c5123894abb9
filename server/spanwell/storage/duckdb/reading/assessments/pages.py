"""Reads scores and feedback: pages of all records, and a page for each of several spans, traces or sessions."""

from collections.abc import Sequence
from typing import cast

from spanwell.observability.model.assessments import Assessment, AssessmentKind, Owner
from spanwell.observability.questions.conditions import Condition
from spanwell.observability.questions.queries import AssessmentQuery, Page, page_of
from spanwell.storage.duckdb.conditions.paging import fetch_order, order_by, within
from spanwell.storage.duckdb.conditions.scopes import OF_ASSESSMENTS
from spanwell.storage.duckdb.conditions.sql import Sql, all_of
from spanwell.storage.duckdb.conditions.where import where
from spanwell.storage.duckdb.reading import statements
from spanwell.storage.duckdb.reading.readers import Cursor, Row, fetch
from spanwell.storage.duckdb.reading.records import to_records
from spanwell.storage.duckdb.tables.columns import ASSESSMENTS, Stored


def read_by_ids(kind: AssessmentKind, record_ids: Sequence[str], cursor: Cursor) -> list[Assessment]:
    """Return the stored records with these ids, in no particular order."""
    columns = _columns(kind)
    asked = Sql(f" WHERE {kind.id_column} IN (SELECT unnest(?::VARCHAR[]))", (sorted(set(record_ids)),))
    return _records(kind, fetch(cursor, f"SELECT {statements.select_list(columns)} FROM {kind.value}" + asked))


def read_page(query: AssessmentQuery, cursor: Cursor) -> Page[Assessment]:
    """Return a page of records."""
    statement = statements.page(OF_ASSESSMENTS[query.kind], query, _columns(query.kind))
    return page_of(_records(query.kind, fetch(cursor, statement)), query.window)


def read_pages(
    by: tuple[str, ...], owners: Sequence[Owner], query: AssessmentQuery, cursor: Cursor
) -> list[Page[Assessment]]:
    """Return a page of the records of each owner."""
    found: dict[Owner, list[Assessment]] = {owner: [] for owner in owners}
    for record in _records(query.kind, fetch(cursor, _pages(by, owners, query))):
        found[tuple(getattr(record, column) for column in by)].append(record)
    return [page_of(found[owner], query.window) for owner in owners]


def count_each(
    by: tuple[str, ...], owners: Sequence[Owner], kind: AssessmentKind, condition: Condition, cursor: Cursor
) -> list[int]:
    """Return how many records of each owner meet a condition."""
    named = ", ".join(by)
    met = where(condition, OF_ASSESSMENTS[kind])
    counted = f"SELECT {named}, count(*) FROM " + _of(by, owners, kind) + " WHERE " + met + f" GROUP BY {named}"
    found: dict[Owner, int] = {tuple(owner): count for *owner, count in fetch(cursor, counted)}
    return [found.get(owner, 0) for owner in owners]


def _pages(by: tuple[str, ...], owners: Sequence[Owner], query: AssessmentQuery) -> Sql:
    scope, window = OF_ASSESSMENTS[query.kind], query.window
    met = all_of((where(query.where, scope), within(window, query.order, scope)))
    ordered = order_by(fetch_order(window, query.order), scope)
    numbered = f"SELECT *, row_number() OVER (PARTITION BY {', '.join(by)} ORDER BY " + ordered + ") AS place FROM "
    first, last = window.offset + 1, window.offset + window.size + 1
    selected = f"SELECT {statements.select_list(_columns(query.kind))} FROM ("
    rows = numbered + _of(by, owners, query.kind) + " WHERE " + met
    return selected + rows + f") WHERE place BETWEEN {first} AND {last} ORDER BY place"


def _of(by: tuple[str, ...], owners: Sequence[Owner], kind: AssessmentKind) -> Sql:
    """Return the SQL table of the owners' records.

    The records of the traces are selected first: DuckDB uses the index only without further conditions.
    """
    first = Sql(f"{by[0]} IN (SELECT unnest(?::VARCHAR[]))", (sorted({owner[0] for owner in owners}),))
    found = f"(WITH found AS MATERIALIZED (SELECT * FROM {kind.value} WHERE " + first + ") SELECT * FROM found"
    if len(by) > 1:
        unnested = ", ".join("unnest(?::VARCHAR[])" for _ in by)
        values = tuple(list(each) for each in zip(*owners, strict=True))
        found += Sql(f" WHERE ({', '.join(by)}) IN (SELECT {unnested})", values)
    return found + f") {kind.value}"


def _columns(kind: AssessmentKind) -> list[Stored]:
    return list(ASSESSMENTS[kind].values())


def _records(kind: AssessmentKind, rows: Sequence[Row]) -> list[Assessment]:
    return cast("list[Assessment]", to_records(kind.record, rows, _columns(kind)))

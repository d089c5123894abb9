"""Reads pages of changes and removals of scores and feedback, from one state of the store."""

from dataclasses import replace

from spanwell.observability.model.assessments import Assessment
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.observability.questions.queries import AssessmentQuery, Page, page_of
from spanwell.observability.questions.removals import AssessmentRemoval, unmatched, with_removals
from spanwell.storage.duckdb.conditions.scopes import OF_DELETED_ASSESSMENTS
from spanwell.storage.duckdb.reading import statements
from spanwell.storage.duckdb.reading.readers import Cursor, fetch, one_state

from .pages import read_page


def read_changes(query: AssessmentQuery, cursor: Cursor) -> Page[Assessment | AssessmentRemoval]:
    """Return a page of changed and removed records (`AssessmentStorage.list_assessment_changes`)."""
    with one_state(cursor):
        pages = read_page(query, cursor), read_page(unmatched(query), cursor), _deletions(query, cursor)
    return with_removals(query, *pages)


def _deletions(query: AssessmentQuery, cursor: Cursor) -> Page[AssessmentRemoval]:
    scope = OF_DELETED_ASSESSMENTS[query.kind]
    wanted = [scope.columns[name] for name in (query.kind.id_column, "updated_at")]
    statement = statements.page(scope, replace(query, where=ALWAYS), wanted)
    return page_of([AssessmentRemoval(*row) for row in fetch(cursor, statement)], query.window)

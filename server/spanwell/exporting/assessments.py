"""Scores and feedback as lines of JSON, by the API's names, which `importing` reads again."""

from collections.abc import AsyncGenerator
from typing import Any

import msgspec

from spanwell.observability.model.assessments import Assessment, AssessmentKind
from spanwell.observability.model.columns import Kind, camel
from spanwell.observability.model.times import format_moment
from spanwell.observability.questions.ordering import position
from spanwell.observability.questions.queries import AssessmentQuery, Window, assessment_identity
from spanwell.observability.storage import ObservabilityStorage

_AT_ONCE = 5_000


def assessment_line(kind: AssessmentKind, record: Assessment) -> bytes:
    """Return a record without what is absent and what the store works out itself."""
    shown: dict[str, Any] = {camel(kind.id_column): kind.id_of(record)}
    for column in kind.given_columns:
        value = getattr(record, column.name)
        if value is None:
            continue
        if column.kind is Kind.TIME:
            value = format_moment(value)
        shown[column.label] = msgspec.Raw(value.encode()) if column.kind is Kind.JSON else value
    # What the store holds may have line breaks, though never inside of strings.
    return msgspec.json.encode(shown).replace(b"\r", b" ").replace(b"\n", b" ") + b"\n"


async def assessment_lines(storage: ObservabilityStorage) -> AsyncGenerator[list[bytes]]:
    """Yield all scores of a store, and then all feedback, some at a time."""
    for kind in AssessmentKind:
        order, after, more = assessment_identity(kind), None, True
        while more:
            page = await storage.list_assessments(AssessmentQuery(kind, Window(_AT_ONCE, after=after), order=order))
            if page.nodes:
                yield [assessment_line(kind, record) for record in page.nodes]
                after = position(page.nodes[-1], order)
            more = page.has_next

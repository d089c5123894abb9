"""Hands big lists of input objects to mutations as they were read, or as graphql-core coerced them.

Strawberry would make an object of each first, field by field: three quarters of the time of a batch of a thousand
spans. The ordinary way stays in `writing`, and tests hold all ways equal.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import strawberry
from graphql import GraphQLResolveInfo

from spanwell.graphql.arguments.assessment_inputs import created
from spanwell.graphql.library import Resolver, replace_resolver
from spanwell.graphql.resolvers.writing.assessments import create
from spanwell.graphql.resolvers.writing.batches import Batch
from spanwell.graphql.resolvers.writing.outcomes import CreatesDone, UpdatesDone
from spanwell.observability.conventions.filling import fill_span
from spanwell.observability.derivation.batches import Created
from spanwell.observability.derivation.merge import SpanUpdate, filled_update
from spanwell.observability.model.assessments import Assessment, AssessmentKind
from spanwell.observability.model.columns import ColumnDef
from spanwell.observability.model.span import GIVEN_COLUMNS, SPAN_COLUMN, Span

from .batch_elements import Read

_IDENTITY = (SPAN_COLUMN["trace_id"], SPAN_COLUMN["span_id"])
_LABELS: Mapping[str, ColumnDef] = {column.label: column for column in (*_IDENTITY, *GIVEN_COLUMNS)}

_ASSESSMENTS = {kind: {column.label: column.name for column in kind.columns} for kind in AssessmentKind}


def span_of(given: Mapping[str, Any]) -> Span:
    """Return the record that a coerced `CreateSpanInput` means."""
    return fill_span(Span(**{_LABELS[label].name: value for label, value in given.items() if value is not None}))


def update_of(given: Mapping[str, Any]) -> SpanUpdate:
    """Return the change that a coerced `UpdateSpanInput` means."""
    changes = {_LABELS[label].name: value for label, value in given.items()}
    return filled_update(changes.pop("trace_id"), changes.pop("span_id"), changes)


async def _create(
    _: object, info: GraphQLResolveInfo[Any], spans: Read | list[Mapping[str, Any]], **others: Any
) -> Created | CreatesDone:
    given = spans if isinstance(spans, Read) else Read(list(map(span_of, spans)))
    return await _batch(given, others).create(info.context.service, given.records)


async def _update(
    _: object, info: GraphQLResolveInfo[Any], updates: Read | list[Mapping[str, Any]], **others: Any
) -> UpdatesDone:
    given = updates if isinstance(updates, Read) else Read(list(map(update_of, updates)))
    return await _batch(given, others).update(info.context.service, given.records)


def _batch(given: Read, others: Mapping[str, Any]) -> Batch:
    """Return a batch with the other arguments of its field, by their names in the schema."""
    return Batch(others.get("onInvalid"), given.skipped, given.indexes)


def record_of(kind: AssessmentKind, given: Mapping[str, Any]) -> Assessment:
    """Return the record that a coerced `CreateScoreInput`, or `CreateFeedbackInput`, means."""
    labels = _ASSESSMENTS[kind]
    return kind.record(**created(kind, {labels[label]: value for label, value in given.items()}))


async def _assess(kind: AssessmentKind, _: object, info: GraphQLResolveInfo[Any], /, **given: Any) -> Any:
    records = [record_of(kind, each) for each in given[kind.value]]
    return await create(info.context.service, kind, records, given.get("onInvalid"))


_DIRECT: Mapping[str, Callable[..., Any]] = {
    "batchCreateSpans": _create,
    "batchUpdateSpans": _update,
    "batchCreateScores": partial(_assess, AssessmentKind.SCORE),
    "batchCreateFeedback": partial(_assess, AssessmentKind.FEEDBACK),
}


def _instead(resolve: Resolver) -> Callable[[Resolver], Resolver]:
    return lambda _: resolve


def take_lists_directly(schema: strawberry.Schema) -> None:
    """Have the batch mutations answered without Strawberry's input objects."""
    for name, resolve in _DIRECT.items():
        replace_resolver(schema, "Mutation", name, _instead(resolve))

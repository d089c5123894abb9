"""Passes big lists of input objects to mutations as decoded, or as coerced by graphql-core.

Strawberry would make an object of each first, field by field: three quarters of the time of a batch of a thousand
spans. The ordinary way stays in `writing`, and tests hold all ways equal.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

import strawberry
from graphql import GraphQLResolveInfo

from spanwell.graphql.arguments.assessment_inputs import created
from spanwell.graphql.basics.enums import OnInvalid
from spanwell.graphql.library import Resolver, replace_resolver
from spanwell.graphql.resolvers.writing.assessments import create, update
from spanwell.graphql.resolvers.writing.batches import create_batch, update_batch
from spanwell.graphql.resolvers.writing.elements import Read
from spanwell.observability.conventions.filling import fill_span
from spanwell.observability.derivation.assessing import AssessmentUpdate
from spanwell.observability.derivation.merge import SpanUpdate, filled_update
from spanwell.observability.model.assessments import Assessment, AssessmentKind
from spanwell.observability.model.columns import ColumnDef
from spanwell.observability.model.span import GIVEN_COLUMNS, SPAN_COLUMN, Span
from spanwell.observability.service import Observability

_IDENTITY = (SPAN_COLUMN["trace_id"], SPAN_COLUMN["span_id"])
_LABELS: Mapping[str, ColumnDef] = {column.label: column for column in (*_IDENTITY, *GIVEN_COLUMNS)}

_MANY = 1_000

_ASSESSMENTS = {kind: {column.label: column.name for column in kind.columns} for kind in AssessmentKind}


def span_of(given: Mapping[str, Any]) -> Span:
    """Return the span of a coerced `CreateSpanInput`."""
    return fill_span(Span(**{_LABELS[label].name: value for label, value in given.items() if value is not None}))


def update_of(given: Mapping[str, Any]) -> SpanUpdate:
    """Return the update of a coerced `UpdateSpanInput`."""
    changes = {_LABELS[label].name: value for label, value in given.items()}
    return filled_update(changes.pop("trace_id"), changes.pop("span_id"), changes)


def record_of(kind: AssessmentKind, given: Mapping[str, Any]) -> Assessment:
    """Return the record that a coerced `CreateScoreInput`, or `CreateFeedbackInput`, means."""
    labels = _ASSESSMENTS[kind]
    return kind.record(**created(kind, {labels[label]: value for label, value in given.items()}))


def change_of(kind: AssessmentKind, given: Mapping[str, Any]) -> AssessmentUpdate:
    """Return the change that a coerced `UpdateScoreInput`, or `UpdateFeedbackInput`, means."""
    changes = {_ASSESSMENTS[kind][label]: value for label, value in given.items()}
    return AssessmentUpdate(changes.pop(kind.id_column), changes)


async def _all(record: Callable[[Mapping[str, Any]], Any], elements: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return the record of each element; of many in a thread, since the largest batches take a tenth of a second."""
    if len(elements) < _MANY:
        return list(map(record, elements))
    return await asyncio.to_thread(lambda: list(map(record, elements)))


_Write: TypeAlias = Callable[[Observability, Read, OnInvalid | None], Awaitable[Any]]


def _resolver(name: str, record: Callable[[Mapping[str, Any]], Any], write: _Write) -> Resolver:
    """Return the resolver of a mutation whose argument `name` is the list of its records."""

    async def resolve(_: object, info: GraphQLResolveInfo[Any], /, **given: Any) -> Any:
        elements = given[name]
        batch = elements if isinstance(elements, Read) else Read(await _all(record, elements))
        return await write(info.context.service, batch, given.get("onInvalid"))

    return resolve


def _creating(kind: AssessmentKind) -> Resolver:
    return _resolver(kind.value, partial(record_of, kind), lambda service, batch, on: create(service, kind, batch, on))


def _updating(kind: AssessmentKind) -> Resolver:
    return _resolver("updates", partial(change_of, kind), lambda service, batch, on: update(service, kind, batch, on))


_create = _resolver("spans", span_of, create_batch)
_update = _resolver("updates", update_of, update_batch)

DIRECT: Mapping[str, Resolver] = {
    "batchCreateSpans": _create,
    "batchUpdateSpans": _update,
    "batchCreateScores": _creating(AssessmentKind.SCORE),
    "batchCreateFeedback": _creating(AssessmentKind.FEEDBACK),
    "batchUpdateScores": _updating(AssessmentKind.SCORE),
    "batchUpdateFeedback": _updating(AssessmentKind.FEEDBACK),
}
"""What answers the batch mutations, by their names in the schema."""


def _instead(resolve: Resolver) -> Callable[[Resolver], Resolver]:
    return lambda _: resolve


def take_lists_directly(schema: strawberry.Schema) -> None:
    """Have the batch mutations answered without Strawberry's input objects."""
    for name, resolve in DIRECT.items():
        replace_resolver(schema, "Mutation", name, _instead(resolve))

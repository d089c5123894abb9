"""Reads the filter and order of a list from JSON instead of a GraphQL document."""

from collections.abc import Mapping
from typing import Any

import orjson
import strawberry

from spanwell.graphql.arguments.assessments import to_assessment_order
from spanwell.graphql.arguments.logic import UsedFilters, to_condition
from spanwell.graphql.arguments.sorting import to_order
from spanwell.graphql.library import field_arguments
from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.questions.ordering import NEWEST_SPANS, NEWEST_TRACES, SPAN_IDENTITY, TRACE_IDENTITY
from spanwell.observability.questions.queries import AssessmentQuery, Columns, SpanQuery, TraceQuery, Window
from spanwell.observability.service import Observability

from .executor import Execution
from .prepared import GraphQLRequest
from .warnings import Caution

_ALL = Window(0)
_DOCUMENT = """query($filter: {1}Filter, $orderBy: [{2}Order!]) {{
  {0}(filter: $filter, orderBy: $orderBy, first: 0) {{ nodes {{ traceId }} }} }}"""
_TYPES = {
    "spans": ("Span", "Span"),
    "traces": ("Trace", "Trace"),
    "scores": ("Score", "Assessment"),
    "feedback": ("Feedback", "Assessment"),
}
_DOCUMENTS = {name: _DOCUMENT.format(name, *types) for name, types in _TYPES.items()}


class ListQueries:
    """Makes queries of lists from their arguments, which are checked like those of a document."""

    def __init__(self, schema: strawberry.Schema, execution: Execution) -> None:
        self._schema = schema
        self._execution = execution

    def spans(self, arguments: Mapping[str, Any], columns: Columns) -> SpanQuery:
        """Return the query of a list of spans. Raises `Refused` or `InvalidInput`."""
        values = self._coerced("spans", arguments)
        order = to_order(values.get("order_by"), SPAN_IDENTITY, NEWEST_SPANS)
        return SpanQuery(_ALL, to_condition(values.get("filter")), order, columns)

    def traces(self, arguments: Mapping[str, Any], columns: Columns, head_columns: Columns) -> TraceQuery:
        """Return the query of a list of traces. Raises `Refused` or `InvalidInput`."""
        values = self._coerced("traces", arguments)
        order = to_order(values.get("order_by"), TRACE_IDENTITY, NEWEST_TRACES)
        return TraceQuery(_ALL, to_condition(values.get("filter")), order, columns, head_columns)

    def assessments(self, kind: AssessmentKind, arguments: Mapping[str, Any]) -> AssessmentQuery:
        """Return the query of a list of scores, or of feedback. Raises `Refused` or `InvalidInput`."""
        values = self._coerced(kind.value, arguments)
        order = to_assessment_order(kind, values.get("order_by"))
        return AssessmentQuery(kind, _ALL, to_condition(values.get("filter")), order)

    async def warnings(self, service: Observability, filters: UsedFilters) -> list[Caution]:
        """Return warnings about tests of the filters that cannot match."""
        return await self._execution.warnings.of(service, filters)

    def _coerced(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        request = GraphQLRequest(_DOCUMENTS[name], variables=orjson.dumps(arguments))
        values = self._execution.variables(self._execution.prepare(request))
        return field_arguments(self._schema, name, values)

"""The part of the DuckDB store that explains many spans at once; each method is one reading."""

from abc import abstractmethod
from collections.abc import Sequence
from functools import partial

from typing_extensions import override

from spanwell.observability.analysis.call_paths import CallPath, CallTreeQuery
from spanwell.observability.analysis.differences import DifferenceQuery, SpanDifference
from spanwell.observability.analysis.error_groups import ErrorGroup, ErrorsQuery
from spanwell.observability.derivation.places import PLACES
from spanwell.observability.questions.conditions import AllOf, Condition
from spanwell.observability.questions.queries import Columns
from spanwell.observability.storage import ObservabilityStorage
from spanwell.storage.duckdb.reading.analysis import differences, explanations
from spanwell.storage.duckdb.reading.readers import Readers

PLACED: Columns = frozenset(PLACES)
"""The columns that say where a span stands."""


class ExplainingStorage(ObservabilityStorage):
    """Answers what explains many spans at once."""

    _readers: Readers

    @override
    async def list_errors(self, query: ErrorsQuery) -> list[ErrorGroup]:
        await self._placed(query.where)
        return await self._readers.read(partial(explanations.read_errors, query))

    @override
    async def get_call_tree(self, query: CallTreeQuery) -> list[CallPath]:
        await self._placed(query.where, PLACED)
        return await self._readers.read(partial(explanations.read_call_tree, query))

    @override
    async def get_span_difference(self, query: DifferenceQuery) -> SpanDifference:
        await self._placed(AllOf((query.baseline, query.selection)))
        return await self._readers.read(partial(differences.read_difference, query))

    @abstractmethod
    async def _placed(
        self, where: Condition, columns: Columns = frozenset(), trace_ids: Sequence[str] | None = None
    ) -> None:
        """Have the spans of traces that grew given their places, if a question needs them; of all traces, or some."""

"""The part of the DuckDB store that explains many spans at once; each method is one reading."""

from functools import partial

from typing_extensions import override

from spanwell.observability.analysis.call_paths import CallPath, CallTreeQuery
from spanwell.observability.analysis.differences import DifferenceQuery, SpanDifference
from spanwell.observability.analysis.error_groups import ErrorGroup, ErrorsQuery
from spanwell.observability.storage import ObservabilityStorage
from spanwell.storage.duckdb.reading.analysis import differences, explanations
from spanwell.storage.duckdb.reading.readers import Readers


class ExplainingStorage(ObservabilityStorage):
    """Answers what explains many spans at once."""

    _readers: Readers

    @override
    async def list_errors(self, query: ErrorsQuery) -> list[ErrorGroup]:
        return await self._readers.read(partial(explanations.read_errors, query))

    @override
    async def get_call_tree(self, query: CallTreeQuery) -> list[CallPath]:
        return await self._readers.read(partial(explanations.read_call_tree, query))

    @override
    async def get_span_difference(self, query: DifferenceQuery) -> SpanDifference:
        return await self._readers.read(partial(differences.read_difference, query))

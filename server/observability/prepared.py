"""Batches of spans that were read by another process, before this one has looked at any of their values."""

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal, TypeAlias

from .span_columns import SpanColumns

Form: TypeAlias = Literal["graphql", "otlp-json", "otlp-protobuf"]
"""What the bytes of a batch are: a list of the API's inputs in JSON, or an export of OpenTelemetry."""


class PreparedSpans(SpanColumns):
    """Spans that may be stored as they are: every one of them was looked at by the rules of `Observability`.

    `columns` are the pickled values, which are unpickled only if they are asked for. `rows` are what the store's kind
    makes of spans whose traces are new to it; None if it takes the store to tell.
    """

    def __init__(self, ids: tuple[Sequence[str], Sequence[str]], columns: bytes, rows: object) -> None:
        super().__init__(_Later(columns))
        self._trace_ids, self._span_ids = ids
        self.rows = rows

    @property
    def trace_ids(self) -> Sequence[str]:
        """See `SpanColumns`."""
        return self._trace_ids

    @property
    def span_ids(self) -> Sequence[str]:
        """See `SpanColumns`."""
        return self._span_ids


Ahead: TypeAlias = Callable[[Form, "bytes | memoryview"], "PreparedSpans | None"]
"""Has a batch prepared; None if this process is to read it itself. It takes its time, so it is called in a thread."""


class _Later(Mapping[str, Sequence[Any]]):
    """Columns that are unpickled when they are first asked for."""

    def __init__(self, columns: bytes) -> None:
        self._columns = columns

    @cached_property
    def _values(self) -> Mapping[str, Sequence[Any]]:
        values: Mapping[str, Sequence[Any]] = pickle.loads(self._columns)  # noqa: S301 - a process of ours wrote them
        return values

    def __getitem__(self, name: str) -> Sequence[Any]:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

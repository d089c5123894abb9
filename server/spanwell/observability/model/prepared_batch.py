"""Batches of spans that were read by another process, before this one has looked at any of their values."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from .span_batch import SpanColumns

Form: TypeAlias = Literal["graphql", "otlp-json", "otlp-protobuf"]
"""What the bytes of a batch are: a list of the API's inputs in JSON, or an export of OpenTelemetry."""


class PreparedSpans(SpanColumns):
    """Spans that may be stored as they are: every one of them was looked at by the rules of `Observability`.

    `rows` are what the store's kind makes of spans whose traces are new to it; None if it takes the store to tell.
    """

    def __init__(self, values: Mapping[str, Sequence[Any]], rows: object) -> None:
        super().__init__(values)
        self.rows = rows


Ahead: TypeAlias = Callable[[Form, "bytes | memoryview"], "PreparedSpans | None"]
"""Has a batch prepared; None if this process is to read it itself. It takes its time, so it is called in a thread."""

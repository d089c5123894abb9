"""A batch of spans as columns, the form in which spans are decoded and stored."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Literal, TypeAlias, overload

from .fast_spans import make_span
from .span import GIVEN_COLUMNS, SPAN_COLUMN, Span

SENT = (SPAN_COLUMN["trace_id"], SPAN_COLUMN["span_id"], *GIVEN_COLUMNS)
"""The columns that clients set."""


class SpanColumns(Sequence[Span]):
    """Spans as columns by name; `Span` objects are created on access.

    Optional columns may be missing if all spans have the column's default.
    """

    def __init__(
        self,
        values: Mapping[str, Sequence[Any]],
        usage: Sequence[Mapping[str, Any]] | None = None,
        rows: object = None,
    ) -> None:
        self.values = values
        self.usage = usage
        """The usage of each span, if the decoder has already read it."""
        self.rows = rows
        """The rows that a worker process prepared for the store after checking every span, or None."""

    @classmethod
    def of(cls, spans: Sequence[Span]) -> "SpanColumns":
        """Return the batch of some spans."""
        if isinstance(spans, SpanColumns):
            return spans
        records = list(map(vars, spans))
        columns = ((column, list(map(itemgetter(column.name), records))) for column in SENT)
        return cls({c.name: values for c, values in columns if c.required or values.count(c.default) < len(values)})

    @classmethod
    def of_fields(
        cls, spans: Sequence[Mapping[str, Any]], usage: Sequence[Mapping[str, Any]] | None = None
    ) -> "SpanColumns":
        """Return the batch of spans that are mappings by column name."""
        names = set[str]().union(*spans)
        return cls({c.name: [span.get(c.name, c.default) for span in spans] for c in SENT if c.name in names}, usage)

    @property
    def trace_ids(self) -> Sequence[str]:
        """The trace id of each span."""
        return self.values["trace_id"]

    @property
    def span_ids(self) -> Sequence[str]:
        """The id of each span."""
        return self.values["span_id"]

    def column(self, name: str) -> Sequence[Any]:
        """Return the values of a column; a missing column has its default."""
        return self.values.get(name) or [SPAN_COLUMN[name].default] * len(self)

    def __len__(self) -> int:
        return len(self.trace_ids)

    def __iter__(self) -> Iterator[Span]:
        for row in zip(*self.values.values(), strict=True):
            yield make_span(zip(self.values, row, strict=True))

    def at(self, rows: Sequence[int]) -> list[Span]:
        """Return the batch of the spans in some rows."""
        columns = [[values[row] for row in rows] for values in self.values.values()]
        return [make_span(zip(self.values, row, strict=True)) for row in zip(*columns, strict=True)]

    @overload
    def __getitem__(self, index: int) -> Span: ...
    @overload
    def __getitem__(self, index: slice) -> list[Span]: ...
    def __getitem__(self, index: int | slice) -> Span | list[Span]:
        if isinstance(index, slice):
            return list(self)[index]
        return make_span((name, values[index]) for name, values in self.values.items())


Form: TypeAlias = Literal["graphql", "otlp-json", "otlp-protobuf"]
"""The encoding of a batch: a JSON list of the API's inputs, or an OTLP request."""

Ahead: TypeAlias = Callable[[Form, "bytes | memoryview"], "SpanColumns | None"]
"""Prepares a batch in a worker process; returns None if this process must decode it. It blocks: call it in a thread."""

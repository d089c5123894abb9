"""A batch of spans as columns: the way they come, and the way stores keep them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Literal, TypeAlias, overload

from .fast_spans import make_span
from .span import GIVEN_COLUMNS, SPAN_COLUMN, Span

SENT = (SPAN_COLUMN["trace_id"], SPAN_COLUMN["span_id"], *GIVEN_COLUMNS)
"""What clients say of a span."""


class SpanColumns(Sequence[Span]):
    """What clients say of some spans, by the column's name; a span of its own is made only when it is asked for.

    Columns in which nothing is given may be left out: all spans have the column's default. Required columns are there.
    """

    def __init__(
        self,
        values: Mapping[str, Sequence[Any]],
        usage: Sequence[Mapping[str, Any]] | None = None,
        rows: object = None,
    ) -> None:
        self.values = values
        self.usage = usage
        """What each span states of its usage, if whoever read it has seen to that already."""
        self.rows = rows
        """What another process made of the batch for the store, after it checked every span; None if none did."""

    @classmethod
    def of(cls, spans: Sequence[Span]) -> "SpanColumns":
        """Return spans as columns."""
        if isinstance(spans, SpanColumns):
            return spans
        records = list(map(vars, spans))
        columns = ((column, list(map(itemgetter(column.name), records))) for column in SENT)
        given = {c.name: values for c, values in columns if c.required or values.count(c.default) < len(values)}
        return cls(given)

    @classmethod
    def of_fields(
        cls, spans: Sequence[Mapping[str, Any]], usage: Sequence[Mapping[str, Any]] | None = None
    ) -> "SpanColumns":
        """Return the batch of spans given by their fields, each a mapping by column name."""
        said = set[str]().union(*spans)
        return cls({c.name: [span.get(c.name, c.default) for span in spans] for c in SENT if c.name in said}, usage)

    @property
    def trace_ids(self) -> Sequence[str]:
        """The trace id of each span."""
        return self.values["trace_id"]

    @property
    def span_ids(self) -> Sequence[str]:
        """The id of each span."""
        return self.values["span_id"]

    def column(self, name: str) -> Sequence[Any]:
        """Return the values of a column, given or not."""
        return self.values.get(name) or [SPAN_COLUMN[name].default] * len(self)

    def __len__(self) -> int:
        return len(self.trace_ids)

    def __iter__(self) -> Iterator[Span]:
        for row in zip(*self.values.values(), strict=True):
            yield make_span(zip(self.values, row, strict=True))

    def at(self, rows: Sequence[int]) -> list[Span]:
        """Return the spans at some rows."""
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
"""What the bytes of a batch are: a list of the API's inputs in JSON, or an export of OpenTelemetry."""

Ahead: TypeAlias = Callable[[Form, "bytes | memoryview"], "SpanColumns | None"]
"""Has a batch prepared; None if this process is to read it itself. It takes its time, so it is called in a thread."""

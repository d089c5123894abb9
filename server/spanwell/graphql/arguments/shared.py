"""The arguments that several fields share, with what the playground says of them."""

from typing import Annotated, TypeAlias

import strawberry

from .filters import SpanFilter, TraceFilter
from .sorting import SpanOrder, TraceOrder

_described = strawberry.argument

First: TypeAlias = Annotated[
    int | None, _described(description="At most so many from the front; 50 if left out. At most 1,000.")
]
FirstOfTrace: TypeAlias = Annotated[
    int | None, _described(description="At most so many from the front; 50 if left out. At most 10,000.")
]
After: TypeAlias = Annotated[
    str | None, _described(description="Only what comes after this place: a cursor of the same filter and order.")
]
Last: TypeAlias = Annotated[int | None, _described(description="At most so many from the end, instead of `first`.")]
Before: TypeAlias = Annotated[
    str | None, _described(description="Only what comes before this place: a cursor of the same filter and order.")
]
Offset: TypeAlias = Annotated[
    int | None, _described(description="Skips so many, for page numbers; a cursor is faster and stays in its place.")
]
SpanFilterArgument: TypeAlias = Annotated[SpanFilter | None, _described(description="Which spans; all if left out.")]
TraceFilterArgument: TypeAlias = Annotated[TraceFilter | None, _described(description="Which traces; all if left out.")]
SpanOrderArgument: TypeAlias = Annotated[
    list[SpanOrder] | None, _described(description="What to sort by, the most important key first.")
]
TraceOrderArgument: TypeAlias = Annotated[
    list[TraceOrder] | None,
    _described(description="What to sort by, the most important key first; newest if left out."),
]
TraceId: TypeAlias = Annotated[strawberry.ID, _described(description="The trace's id.")]
SpanId: TypeAlias = Annotated[strawberry.ID, _described(description="The span's id within the trace.")]
Depth: TypeAlias = Annotated[
    int | None, _described(description="How many levels below the span: 1 for its children alone. At most 1,000.")
]
FirstOfPath: TypeAlias = Annotated[
    int | None, _described(description="At most so many from the front; 1,000 if left out. At most 10,000.")
]

"""The arguments that several fields share, with what the playground says of them."""

from typing import Annotated, TypeAlias

import strawberry

from .filters import SpanFilter, TraceFilter
from .sorting import SpanOrder, TraceOrder

_described = strawberry.argument

First: TypeAlias = Annotated[
    int | None, _described(description="Maximum number of items from the start of the list. Default 50, at most 1,000.")
]
FirstOfTrace: TypeAlias = Annotated[
    int | None,
    _described(description="Maximum number of items from the start of the list. Default 50, at most 10,000."),
]
After: TypeAlias = Annotated[
    str | None, _described(description="Only items after this cursor, which must come from the same filter and order.")
]
Last: TypeAlias = Annotated[
    int | None, _described(description="Maximum number of items from the end of the list, instead of `first`.")
]
Before: TypeAlias = Annotated[
    str | None, _described(description="Only items before this cursor, which must come from the same filter and order.")
]
Offset: TypeAlias = Annotated[
    int | None,
    _described(
        description="Number of items to skip, for page numbers; cursors are faster and stable while data arrives."
    ),
]
SpanFilterArgument: TypeAlias = Annotated[SpanFilter | None, _described(description="Which spans; default all.")]
TraceFilterArgument: TypeAlias = Annotated[TraceFilter | None, _described(description="Which traces; default all.")]
SpanOrderArgument: TypeAlias = Annotated[
    list[SpanOrder] | None, _described(description="Sort keys, most significant first.")
]
TraceOrderArgument: TypeAlias = Annotated[
    list[TraceOrder] | None,
    _described(description="Sort keys, most significant first; default newest first."),
]
TraceId: TypeAlias = Annotated[strawberry.ID, _described(description="Id of the trace.")]
SpanId: TypeAlias = Annotated[strawberry.ID, _described(description="Id of the span within its trace.")]
Depth: TypeAlias = Annotated[
    int | None, _described(description="Number of levels below the span; 1 for its children only. At most 1,000.")
]
FirstOfPath: TypeAlias = Annotated[
    int | None,
    _described(description="Maximum number of items from the start of the list. Default 1,000, at most 10,000."),
]

"""The arguments that several fields share, with their descriptions."""

from typing import Annotated, TypeAlias

import strawberry

from .filters import SpanFilter, TraceFilter
from .paging import DEFAULT_PAGE, LARGEST_PAGE, LARGEST_TRACE_PAGE
from .sorting import SpanOrder, TraceOrder

_described = strawberry.argument

_FIRST = "Maximum number of items from the start of the list. Default {:,}, at most {:,}."
First: TypeAlias = Annotated[int | None, _described(description=_FIRST.format(DEFAULT_PAGE, LARGEST_PAGE))]
FirstOfTrace: TypeAlias = Annotated[int | None, _described(description=_FIRST.format(DEFAULT_PAGE, LARGEST_TRACE_PAGE))]
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
LARGEST_DEPTH = 1_000
Depth: TypeAlias = Annotated[
    int | None,
    _described(description=f"Number of levels below the span; 1 for its children only. At most {LARGEST_DEPTH:,}."),
]
LONGEST_PATH = 1_000
FirstOfPath: TypeAlias = Annotated[int | None, _described(description=_FIRST.format(LONGEST_PATH, LARGEST_TRACE_PAGE))]

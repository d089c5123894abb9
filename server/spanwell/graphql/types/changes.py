"""Changes as clients see them."""

from operator import attrgetter
from typing import Any

import strawberry

from spanwell.graphql.basics.nodes import answered_by

from .spans import SpanType
from .traces import TraceType


def _record(change: strawberry.Parent[Any]) -> Any:
    return _read(change)


_read = attrgetter("record")


@strawberry.type
class SpanChange:
    """A span that was stored or changed."""

    cursor: str = strawberry.field(description="The place of the change, to be given as `after` to resume behind it.")
    span: SpanType = answered_by(_record, "The span, as it is after the change.")


@strawberry.type
class TraceChange:
    """A trace that appeared, or whose root span or rollups changed."""

    cursor: str = strawberry.field(description="The place of the change, to be given as `after` to resume behind it.")
    trace: TraceType = answered_by(_record, "The trace, as it is after the change.")


@strawberry.type
class Changes:
    """The spans that were stored or changed since some place, in the order of their changes."""

    cursor: str = strawberry.field(description="The place of the last of them: give it as `after` the next time.")
    spans: list[SpanType] = strawberry.field(description="The spans, as they are now; each once, at its last change.")
    has_more: bool = strawberry.field(description="Whether more have changed already: ask again at once.")

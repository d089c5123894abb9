"""Checks whole batches by their columns, so that few spans need to be checked one by one."""

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.identifiers import IDENTIFIERS, are_plain
from spanwell.observability.model.span import SPAN_COLUMNS
from spanwell.observability.model.span_batch import SpanColumns
from spanwell.observability.model.times import EARLIEST, LATEST

TEXTS = tuple(c.name for c in SPAN_COLUMNS if c.kind in {Kind.TEXT, Kind.JSON})
"""The columns that count towards a span's size."""
TIMES = ("started_at", "ended_at")
"""The columns whose timestamps must be in the range that stores support."""


def is_plain(spans: SpanColumns, span_bytes: int) -> bool:
    """Return whether a batch is valid and can be stored unchanged; if not, every span is checked on its own.

    Sizes pass without a closer look if all texts of the batch together are within the limit of one span.
    """
    moments = [moment for name in TIMES for moment in spans.column(name) if moment is not None]
    texts = (spans.values[name] for name in TEXTS if name in spans.values)
    return (
        all(are_plain([given for given in spans.column(name) if given is not None], name) for name in IDENTIFIERS)
        and EARLIEST <= min(moments, default=0) <= max(moments, default=0) <= LATEST
        and sum(sum(map(len, filter(None, column))) for column in texts) <= span_bytes
    )

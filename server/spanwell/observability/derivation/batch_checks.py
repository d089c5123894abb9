"""Whether a whole batch may be stored as it is, told from its columns, so that few spans are looked at one by one."""

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.identifiers import IDENTIFIERS, are_plain
from spanwell.observability.model.span import SPAN_COLUMNS
from spanwell.observability.model.span_batch import SpanColumns
from spanwell.observability.model.times import EARLIEST, LATEST

TEXTS = tuple(c.name for c in SPAN_COLUMNS if c.kind in {Kind.TEXT, Kind.JSON})
"""The columns whose sizes count."""
TIMES = ("started_at", "ended_at")
"""The columns whose moments stores must be able to hold."""


def is_plain(spans: SpanColumns, span_bytes: int) -> bool:
    """Return whether nothing in a batch is wrong or to be written otherwise; if not, each span is looked at.

    A batch is plain too if all its texts together are no larger than those of one span may be.
    """
    moments = [moment for name in TIMES for moment in spans.column(name) if moment is not None]
    texts = (spans.values[name] for name in TEXTS if name in spans.values)
    return (
        all(are_plain([given for given in spans.column(name) if given is not None], name) for name in IDENTIFIERS)
        and EARLIEST <= min(moments, default=0) <= max(moments, default=0) <= LATEST
        and sum(sum(map(len, filter(None, column))) for column in texts) <= span_bytes
    )

"""Checks whole batches by their columns, so that few spans need to be checked one by one."""

from collections.abc import Sequence
from itertools import chain

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.identifiers import IDENTIFIERS, are_plain
from spanwell.observability.model.span import SPAN_COLUMNS
from spanwell.observability.model.span_batch import SpanColumns
from spanwell.observability.model.times import EARLIEST, LATEST

from .merge import SpanUpdate

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


def are_plain_updates(updates: Sequence[SpanUpdate], span_bytes: int) -> bool:
    """Return whether updates are valid and can be applied unchanged; if not, each of them is checked on its own.

    Updates that clear a column are checked one by one, and so are texts with a backslash, which may be an escape.
    """
    changes = [update.changes for update in updates]
    values = chain.from_iterable(stated.values() for update in updates for stated in (update.changes, update.fills))
    texts = "".join([value for value in values if isinstance(value, str)])
    moments = [each[name] for each in changes for name in TIMES if name in each]
    parents = [each["parent_span_id"] for each in changes if "parent_span_id" in each]
    return (
        not any(None in each.values() for each in changes)
        and len(texts) <= span_bytes
        and "\\" not in texts
        and all(isinstance(moment, int) and EARLIEST <= moment <= LATEST for moment in moments)
        and are_plain([update.trace_id for update in updates], "trace_id")
        and are_plain([update.span_id for update in updates], "span_id")
        and are_plain([str(parent) for parent in parents], "parent_span_id")
    )

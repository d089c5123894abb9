"""Traces that are whole and new: their rows are made ready beside the writer, or in another process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from arro3.core import Array

from spanwell.observability.derivation.new_traces import NewTraces, new_traces
from spanwell.observability.model.span_batch import SpanColumns
from spanwell.storage.duckdb.tables.columns import HEADS, LAST_STARTED_AT, SPANS, TRACES, Stored

from .arrow import arrays_of

Arrays = Mapping[Stored, Array]
"""Columns of a table by what they are stored as."""

NOW_OF_SPANS = (SPANS["created_at"], SPANS["updated_at"])
NOW_OF_TRACES = (TRACES["changed_at"], HEADS["created_at"], HEADS["updated_at"])
"""The columns that the clock fills when the rows are written."""


@dataclass(frozen=True)
class Fresh:
    """Rows for both tables, of one batch; what the clock says is not among them yet."""

    count: int
    spans: Arrays
    trace_count: int
    traces: Arrays


def fresh(given: SpanColumns) -> Fresh | None:
    """Return the rows of some spans, if nothing of their traces is stored; None if a span comes twice."""
    made = new_traces(given) if given else None
    if made is None:
        return None
    spans = arrays_of({SPANS[name]: values for name, values in made.spans.items()})
    return Fresh(len(given), _without(spans, NOW_OF_SPANS), len(made.heads), _without(_traces(made), NOW_OF_TRACES))


def _traces(made: NewTraces) -> dict[Stored, Array]:
    own = {TRACES[name]: list(values) for name, values in made.traces.items()}
    own[LAST_STARTED_AT] = list(made.last_started_at)
    heads = {HEADS[name]: [values[row] for row in made.heads] for name, values in made.spans.items() if name in HEADS}
    given = {stored: values for stored, values in (own | heads).items() if values.count(None) < len(values)}
    return arrays_of(given)


def _without(arrays: Arrays, columns: Sequence[Stored]) -> Arrays:
    return {stored: array for stored, array in arrays.items() if stored not in columns}

"""Numbers the spans of many new traces in a few walks over all of them together.

`forest.positions` gives the same, trace by trace. Rows are numbers of spans in a batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from spanwell.observability.model.columns import Nanos


@dataclass(frozen=True)
class Trees:
    """Where the spans of a batch stand: the row of each one's parent, if that is there, and all rows in pre-order.

    Traces may be mixed in that order; within each trace it is the order of its forest.
    """

    above: Sequence[int | None]
    walked: Sequence[int]


def trees(
    trace_ids: Sequence[str], span_ids: Sequence[str], parents: Sequence[str | None], started_at: Sequence[Nanos]
) -> Trees | None:
    """Return the trees of some spans; None if a span comes twice, or if some are on a cycle."""
    count = len(span_ids)
    rows: dict[tuple[str, str | None], int] = {}
    rows.update(zip(zip(trace_ids, span_ids, strict=True), range(count), strict=True))
    if len(rows) < count:
        return None
    above = list(map(rows.get, zip(trace_ids, parents, strict=True)))
    below: list[list[int]] = [[] for _ in range(count)]
    tops: list[int] = []
    keys = list(zip(started_at, span_ids, strict=True))
    for row in sorted(range(count), key=keys.__getitem__, reverse=True):
        parent = above[row]
        (tops if parent is None else below[parent]).append(row)
    walked: list[int] = []
    while tops:
        row = tops.pop()
        walked.append(row)
        tops += below[row]
    return Trees(above, walked) if len(walked) == count else None


def tree_columns(trees: Trees, trace_ids: Sequence[str], failed: Sequence[bool]) -> dict[str, list[int | None]]:
    """Return the columns that follow from the place of each span in its trace."""
    places = dict.fromkeys(trace_ids, 0)
    start = [0] * len(trace_ids)
    for row in trees.walked:
        trace_id = trace_ids[row]
        start[row] = place = places[trace_id]
        places[trace_id] = place + 1
    end = start.copy()
    failing = [False] * len(start)
    for row in reversed(trees.walked):  # whatever is below a span comes after it
        parent = trees.above[row]
        if parent is not None:
            end[parent] = max(end[parent], end[row])
            failing[parent] = failing[parent] or failing[row] or failed[row]
    parents = [None if parent is None else start[parent] for parent in trees.above]
    return {"has_child_error": [*failing], "tree_start": [*start], "tree_end": [*end], "tree_parent": parents}


def topmost_rows(trees: Trees, stating: Sequence[bool]) -> list[bool]:
    """Return which spans state something that none of their ancestors states."""
    covered = [False] * len(stating)
    for row in trees.walked:
        parent = trees.above[row]
        if parent is not None:
            covered[row] = covered[parent] or stating[parent]
    return [states and not is_covered for states, is_covered in zip(stating, covered, strict=True)]

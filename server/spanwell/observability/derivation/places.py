"""Places of the spans of a trace: pre-order numbers in its tree, and in the forest of spans that state usage.

In the tree, a span's descendants are numbered after it, up to its end. Usage has a forest of its own: a span is placed
below the nearest one that reports the same calls, so that any selection of spans counts each call once. A span whose
usage does not replace that of the spans below it counts only in selections without these: its end is stored as `~end`,
which is negative.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from .light_spans import LightSpan
from .usage_rule import EMPTY, Below, Role, counted, is_apart, stands_in

PLACES = ("tree_start", "tree_end", "tree_parent", "usage_start", "usage_end")
"""The columns of a span that hold its places."""

Parents = Sequence[int | None]


def places(spans: Sequence[LightSpan], above: Parents) -> dict[str, list[Any]]:
    """Return the columns of `PLACES` of a trace's spans; `above` holds the row of each span's parent."""
    times = [(span.started_at, span.span_id) for span in spans]
    walked = _preorder(sorted(range(len(spans)), key=times.__getitem__), above)
    starts, ends = _intervals(walked, above, len(spans))
    usage_starts: list[int | None] = [None] * len(spans)
    usage_ends: list[int | None] = [None] * len(spans)
    if any(span.usage is not None for span in spans):
        standing, apart = _standing_and_apart(spans, above, walked)
        counting = _counting(spans, above, walked, standing, apart)
        among = _preorder([row for row in walked if row in counting], counting)
        first, last = _intervals(among, counting, len(spans))
        for row in among:
            usage_starts[row], usage_ends[row] = first[row], last[row] if row in standing else ~last[row]
    parents = [None if parent is None else starts[parent] for parent in above]
    return dict(zip(PLACES, (starts, ends, parents, usage_starts, usage_ends), strict=True))


def _preorder(order: Iterable[int], above: Any) -> list[int]:
    """Return rows in pre-order: each before its descendants, and siblings in `order`."""
    families: dict[int | None, list[int]] = {}
    for row in order:
        families.setdefault(above[row], []).append(row)
    waiting = families.get(None, [])[::-1]
    walked: list[int] = []
    while waiting:
        row = waiting.pop()
        walked.append(row)
        if row in families:
            waiting += reversed(families[row])
    return walked


def _intervals(walked: Sequence[int], above: Any, count: int) -> tuple[list[int], list[int]]:
    """Return the pre-order number of each of `count` rows, and that of its last descendant; 0 for rows not walked."""
    starts = [0] * count
    for place, row in enumerate(walked):
        starts[row] = place
    ends = starts.copy()
    for row in reversed(walked):
        parent = above[row]
        if parent is not None and ends[parent] < ends[row]:
            ends[parent] = ends[row]
    return starts, ends


def _counting(
    spans: Sequence[LightSpan], above: Parents, walked: Sequence[int], standing: Collection[int], apart: Collection[int]
) -> dict[int, int | None]:
    """Return the rows that state usage, each with the nearest one above that reports its calls among others.

    A row that only repeats others leads on to the row that counts for it; rows which that one does not cover skip it.
    """
    near: dict[int | None, int | None] = {None: None}
    far: dict[int | None, int | None] = {None: None}
    found: dict[int, int | None] = {}
    for row in walked:
        span, parent = spans[row], above[row]
        by = far[parent] if span.role is Role.BOUNDARY or row in apart else near[parent]
        near[row], far[row] = by, far[parent]
        if span.usage is not None:
            found[row] = by
            near[row] = row
            is_passed = span.role is Role.MODEL or (row not in standing and by != far[parent])
            far[row] = far[parent] if is_passed else row
    return found


def _standing_and_apart(spans: Sequence[LightSpan], above: Parents, walked: Sequence[int]) -> tuple[set[int], set[int]]:
    """Return the rows whose usage replaces the usage of the spans below them, and the rows that are `is_apart`."""
    below: dict[int, Below] = {}
    standing: set[int] = set()
    apart: set[int] = set()
    for row in reversed(walked):
        span, under = spans[row], below.get(row, EMPTY)
        if span.usage is not None:
            if stands_in(span.usage, span.role, under):
                standing.add(row)
            elif is_apart(under):
                apart.add(row)
        result, parent = counted(span.usage, span.role, under), above[row]
        if parent is not None and result != EMPTY:
            below[parent] = below.get(parent, EMPTY).plus(result)
    return standing, apart

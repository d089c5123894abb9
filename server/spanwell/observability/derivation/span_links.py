"""The links from the spans of a trace to their parents, by row; a cycle is cut at its earliest span."""

from collections.abc import Collection, Mapping, Sequence

from .light_spans import LightSpan


class Orphans:
    """The spans whose parent has not arrived, by its id."""

    def __init__(self) -> None:
        self.count = 0
        self._rows: dict[str, set[int]] = {}

    def add(self, parent_id: str, row: int) -> None:
        """Let a span wait for its parent."""
        self._rows.setdefault(parent_id, set()).add(row)
        self.count += 1

    def remove(self, parent_id: str, row: int) -> None:
        """Let a span wait no more."""
        rows = self._rows[parent_id]
        rows.remove(row)
        self.count -= 1
        if not rows:
            del self._rows[parent_id]

    def adopted(self, span_id: str) -> Collection[int]:
        """Return the spans that waited for a span that has arrived, and forget them."""
        rows = self._rows.pop(span_id, ()) if self._rows else ()
        self.count -= len(rows)
        return rows


def parents(spans: Sequence[LightSpan], rows: Mapping[str, int], cut: Collection[int]) -> list[int | None]:
    """Return the row above each row: None if the parent is missing, and for the rows in `cut`."""
    above = [rows.get(span.parent_span_id) if span.parent_span_id else None for span in spans]
    for row in cut:
        above[row] = None
    return above


def downwards(above: Sequence[int | None]) -> list[int]:
    """Return all rows that are reachable from a root, each before its descendants."""
    if all(parent is None or parent < row for row, parent in enumerate(above)):
        return list(range(len(above)))  # most senders export parents first
    families: dict[int | None, list[int]] = {}
    for row, parent in enumerate(above):
        families.setdefault(parent, []).append(row)
    found = families.get(None, [])
    for row in found:  # grows while it is iterated
        found += families.get(row, ())
    return found


def cut_cycles(spans: Sequence[LightSpan], above: Sequence[int | None]) -> set[int]:
    """Return the earliest span of each cycle."""
    cut: set[int] = set()
    done: set[int] = set()
    for start in range(len(spans)):
        path: dict[int, None] = {}
        row: int | None = start
        while row is not None and row not in done and row not in path:
            path[row] = None
            row = above[row]
        if row is not None and row in path:
            walked = list(path)
            cycle = walked[walked.index(row) :]
            cut.add(min(cycle, key=lambda each: (spans[each].started_at, spans[each].span_id)))
        done.update(path)
    return cut

"""The state of a growing trace: everything derived from all its spans, kept up to date span by span.

The cost of a new or changed span depends on how many spans above it change, not on the size of the trace. Spans may
arrive before their parents, name a parent that never arrives, or form a cycle, which is cut at its earliest span. Only
changes that cannot be applied step by step (a cycle, a new parent, a removed context) walk all spans.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from spanwell.observability.model.span import SpanStatus
from spanwell.observability.model.times import EARLIEST_TRACED, first_traced
from spanwell.observability.model.trace import CONTEXT, LARGEST_COUNT

from .derived import milliseconds
from .light_spans import LightSpan
from .places import places
from .trace_context import Rank, TraceContext
from .usage_rule import UsageTree, usage_columns

_TOP = (UsageTree.TOP,)


class TraceState:
    """The spans of one trace by row, and everything derived from them."""

    def __init__(self, spans: Iterable[LightSpan] = ()) -> None:
        self.rows: dict[str, int] = {}
        self.spans: list[LightSpan] = []
        self.errors_below_changed: set[int] = set()
        """Rows whose `has_child_error` may have changed; the code that stores it clears this."""
        for span in spans:
            row = self.rows.setdefault(span.span_id, len(self.spans))
            self.spans[row : row + 1] = [span]
        self._build()
        self.errors_below_changed.update(self._errors_below)

    def _reset(self) -> None:
        self._waiting: dict[str, list[int]] = {}
        self._cut: set[int] = set()
        self._errors_below: dict[int, int] = {}
        self._usage = UsageTree()
        self._context = TraceContext(self._rank)
        self._services: dict[str, int] = {}
        self._errors = self._orphans = 0
        self._head: int | None = None
        self._bounds: tuple[int, int, int] | None = None

    def __len__(self) -> int:
        return len(self.spans)

    def has_child_error(self, row: int) -> bool:
        """Return whether any span below a row has status ERROR."""
        return row in self._errors_below

    def put(self, span: LightSpan) -> None:
        """Add a span, or replace one by its changed state."""
        row = self.rows.get(span.span_id)
        if row is None:
            row = self.rows[span.span_id] = len(self.spans)
            self.spans.append(span)
            self._add(row)
        elif span != self.spans[row]:
            before, self.spans[row] = self.spans[row], span
            self._change(row, before, span)

    def _add(self, row: int) -> None:
        span = self.spans[row]
        children = self._waiting.pop(span.span_id, ()) if self._waiting else ()
        parent = self._above(row)
        if parent is not None and (parent == row or (children and row in self._all_above(parent))):
            self._build_again()
            return
        self._count((row,))
        self._extend(row)
        self._orphans -= len(children)
        for child in children:
            self._usage.add_below(self._usage.result(child), _TOP, -1)
            self._usage.add_below(self._usage.result(child), (row,))
            if errors := self._errors_of(child):
                self._add_errors((row,), errors)
        self._link(row, parent, children)

    def _link(self, row: int, parent: int | None, children: Sequence[int]) -> None:
        """Count a span and everything below it for all spans above it."""
        span = self.spans[row]
        if span.usage is not None or span.role:
            self._usage.state(row, span.usage, span.role, ())
        if span.usage is not None or children:
            self._usage.add_below(self._usage.result(row), self._usage_above(row))
        if errors := self._errors_of(row):
            self._add_errors(self._all_above(row), errors)
        self._hang(row, parent, children)
        if children:
            self._context.moved()

    def _hang(self, row: int, parent: int | None, children: Sequence[int]) -> None:
        """Link a span to its parent, and add the context that it states."""
        span = self.spans[row]
        if parent is None and span.parent_span_id is not None and row not in self._cut:
            self._waiting.setdefault(span.parent_span_id, []).append(row)
            self._orphans += 1
        if span.context:
            self._context.state(row, span.context, parent, children)

    def _count(self, rows: Iterable[int]) -> None:
        """Count what does not depend on the tree."""
        for row in rows:
            span = self.spans[row]
            if span.status is SpanStatus.ERROR:
                self._errors += 1
            if (name := span.service_name) is not None:
                self._services[name] = self._services.get(name, 0) + 1
            if span.tags:
                self._context.add_tags(span.tags)

    def _extend(self, row: int) -> None:
        """Update the head and the bounds for a new span, if they are known."""
        span = self.spans[row]
        if self._bounds is not None:
            first, last, ended = self._bounds
            ends = ended if span.ended_at is None else max(ended, span.ended_at)
            self._bounds = min(first, span.started_at), max(last, span.started_at), ends
        if self._head is not None:
            self._head = min(self._head, row, key=self._precedence)

    def _add_service(self, name: str | None, count: int) -> None:
        if name is not None:
            self._services[name] = self._services.get(name, 0) + count

    def _change(self, row: int, before: LightSpan, now: LightSpan) -> None:
        is_moved = before.parent_span_id != now.parent_span_id or (self._cut and before.started_at != now.started_at)
        stated = (before.context or {}).items()
        if is_moved or not stated <= (now.context or {}).items():
            self._build_again()
            return
        change = (now.status is SpanStatus.ERROR) - (before.status is SpanStatus.ERROR)
        if change:
            self._errors += change
            self._add_errors(self._all_above(row), change)
        self._add_service(before.service_name, -1)
        self._add_service(now.service_name, 1)
        self._context.remove_tags(before.tags or ())
        self._context.add_tags(now.tags or ())
        if now.context and now.context != before.context:
            self._context.state(row, now.context, self._above(row), ())
        self._usage.state(row, now.usage, now.role, self._usage_above(row))
        if before.started_at != now.started_at:
            self._bounds = self._head = None
            self._context.moved()
        elif before.ended_at != now.ended_at:
            self._bounds = None if before.ended_at is not None else self._with_end(now.ended_at)

    def _with_end(self, ended_at: int | None) -> tuple[int, int, int] | None:
        if self._bounds is None or ended_at is None:
            return self._bounds
        first, last, ended = self._bounds
        return first, last, max(ended, ended_at)

    def _build_again(self) -> None:
        """Derive everything anew, after a change that cannot be applied step by step."""
        flagged, changed = self._errors_below.keys(), self.errors_below_changed.copy()
        self._build()
        self.errors_below_changed = changed ^ flagged ^ self._errors_below.keys()

    def _build(self) -> None:
        """Derive from all spans at once what `put` then keeps up to date span by span."""
        self._reset()
        above = self._parents()
        downwards = _downwards(above)
        if len(downwards) < len(self.spans):
            self._cut = self._cycles()
            above = self._parents()
            downwards = _downwards(above)
        self._count(downwards)
        for row in downwards:
            self._hang(row, above[row], ())
        for row in reversed(downwards):
            span, parent = self.spans[row], above[row]
            self._usage.add(row, span.usage, span.role, parent)
            if self._errors and parent is not None and (errors := self._errors_of(row)):
                self._errors_below[parent] = self._errors_below.get(parent, 0) + errors

    def _parents(self) -> list[int | None]:
        """Return the row above each row."""
        if self._cut:
            return [self._above(row) for row in range(len(self.spans))]
        rows = self.rows
        return [rows.get(span.parent_span_id) if span.parent_span_id else None for span in self.spans]

    def _cycles(self) -> set[int]:
        """Return the earliest span of each cycle."""
        cut: set[int] = set()
        done: set[int] = set()
        for start in range(len(self.spans)):
            path: dict[int, None] = {}
            row: int | None = start
            while row is not None and row not in done and row not in path:
                path[row] = None
                row = self._above(row)
            if row is not None and row in path:
                walked = list(path)
                cycle = walked[walked.index(row) :]
                cut.add(min(cycle, key=lambda each: (self.spans[each].started_at, self.spans[each].span_id)))
            done.update(path)
        return cut

    def _above(self, row: int) -> int | None:
        """Return the parent of a span, if it has arrived and the link closes no cycle."""
        parent = self.spans[row].parent_span_id
        return None if parent is None or row in self._cut else self.rows.get(parent)

    def _all_above(self, row: int) -> Iterator[int]:
        above = self._above(row)
        while above is not None:
            yield above
            above = self._above(above)

    def _usage_above(self, row: int) -> Iterator[int]:
        return chain(self._all_above(row), _TOP)

    def _rank(self, row: int) -> Rank:
        return sum(1 for _ in self._all_above(row)), self.spans[row].started_at, self.spans[row].span_id

    def _errors_of(self, row: int) -> int:
        return (self.spans[row].status is SpanStatus.ERROR) + self._errors_below.get(row, 0)

    def _add_errors(self, above: Iterable[int], count: int) -> None:
        for row in above:
            errors = self._errors_below.get(row, 0)
            if errors + count:
                self._errors_below[row] = errors + count
            else:
                del self._errors_below[row]
            if not errors or not errors + count:
                self.errors_below_changed ^= {row}

    def _precedence(self, row: int) -> tuple[bool, int, str]:
        span = self.spans[row]
        return span.parent_span_id is not None, span.started_at, span.span_id

    @property
    def head(self) -> int:
        """The row of the root, or of the earliest of several; until one arrives, the row of the earliest span."""
        if self._head is None:
            self._head = min(range(len(self.spans)), key=self._precedence)
        return self._head

    @property
    def bounds(self) -> tuple[int, int, int]:
        """The first and last start times, and the last end time (0 if no span has ended)."""
        if self._bounds is None:
            starts = [span.started_at for span in self.spans]
            ends = [span.ended_at for span in self.spans if span.ended_at is not None]
            self._bounds = min(starts), max(starts), max(ends, default=0)
        return self._bounds

    def places(self) -> dict[str, list[Any]]:
        """Return the columns of `PLACES` for all rows."""
        return places(self.spans, self._parents())

    def rollups(self) -> dict[str, Any]:
        """Return the trace's columns except `changed_at`, with the first and last start times of its spans."""
        head = self.spans[self.head]
        first, last, ended = self.bounds
        started_at = first if first >= EARLIEST_TRACED else first_traced(span.started_at for span in self.spans)
        ended_at = None if head.ended_at is None else ended
        return {
            "started_at": started_at,
            "ended_at": ended_at,
            "duration_ms": milliseconds(started_at, ended_at),
            "status": head.status,
            "span_count": len(self.spans),
            "error_count": self._errors,
            "has_error": self._errors > 0,
            "orphan_count": self._orphans,
            "services": sorted(name for name, count in self._services.items() if count),
            "has_root": head.parent_span_id is None,
            "first_started_at": first,
            "last_started_at": last,
            "tags": self._context.tags,
            **usage_columns(self._usage.total, LARGEST_COUNT),
            **self._context.values(CONTEXT, self.head),
        }


def _downwards(above: Sequence[int | None]) -> list[int]:
    """Return all rows that are reachable from a root, each before its descendants."""
    families: dict[int | None, list[int]] = {}
    for row, parent in enumerate(above):
        families.setdefault(parent, []).append(row)
    found = families.get(None, [])
    for row in found:  # grows while it is iterated
        found += families.get(row, ())
    return found

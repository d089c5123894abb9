"""The state of a growing trace: everything derived from all its spans, kept up to date span by span.

The cost of a new or changed span depends on how many spans above it change, not on the size of the trace. Spans may
arrive before their parents, name a parent that never arrives, or form a cycle, which is cut at its earliest span. Only
changes that cannot be applied step by step (a cycle, a removed context) walk all spans.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from spanwell.observability.model.span import SpanStatus
from spanwell.observability.model.trace import CONTEXT, LARGEST_COUNT

from .derived import milliseconds
from .light_spans import USAGE, LightSpan
from .places import places
from .span_links import Orphans, cut_cycles, downwards, parents
from .trace_bounds import Bounds
from .trace_context import Rank, TraceContext
from .trace_counts import TraceCounts
from .usage_rule import UsageTree, usage_values

ROLLED_UP = (
    *("started_at", "ended_at", "duration_ms", "status", "span_count", "error_count", "has_error", "orphan_count"),
    *("services", "has_root", "tags", *USAGE, *CONTEXT, "first_started_at", "last_started_at"),
)
"""The columns of a trace that follow from its spans; the last two are the first and last start times of its spans."""

_FEW = 2
"""A trace that grows to less than three times its size is extended span by span; others are built anew, which
costs less (measured)."""
_TOP = (UsageTree.TOP,)
_ERROR = SpanStatus.ERROR


class TraceState:
    """The spans of one trace by row, and everything derived from them. Of spans with one id the last counts."""

    def __init__(self, spans: Iterable[LightSpan] = ()) -> None:
        self.rows: dict[str, int] = {}
        self.spans: list[LightSpan] = []
        self.errors_below_changed: set[int] = set()
        """Rows whose `has_child_error` may have changed; the code that stores it clears this."""
        for span in spans:
            if (row := self.rows.setdefault(span.span_id, len(self.spans))) < len(self.spans):
                self.spans[row] = span
            else:
                self.spans.append(span)
        self._usage = UsageTree()
        self._context = TraceContext()
        self._counts = TraceCounts()
        self._reset()
        if self.spans:
            self._counts.add(self.spans)
            self._build()
        self.errors_below_changed.update(self._errors_below)

    def _reset(self) -> None:
        """Forget what depends on the tree and is not built as a whole."""
        self._orphans = Orphans()
        self._cut: Collection[int] = ()
        self._errors_below: dict[int, int] = {}
        self._head: int | None = None
        self._bounds: Bounds | None = None

    def __len__(self) -> int:
        return len(self.spans)

    def has_child_error(self, row: int) -> bool:
        """Return whether any span below a row has status ERROR."""
        return row in self._errors_below

    def add(self, spans: Sequence[LightSpan]) -> None:
        """Add spans whose ids are new."""
        if not spans:
            return
        self._counts.add(spans)
        if len(spans) < _FEW * len(self.spans):
            self._extend(spans)
            for place, span in enumerate(spans, 1):
                if not self._add(span):
                    self._append(spans[place:])
                    self._build_again()
                    return
        else:
            self._append(spans)
            self._build_again()

    def _append(self, spans: Sequence[LightSpan]) -> None:
        self.rows.update((span.span_id, row) for row, span in enumerate(spans, len(self.spans)))
        self.spans += spans

    def _add(self, span: LightSpan) -> bool:
        """Add a counted span; return False if it closes a cycle, so that everything must be built again."""
        row = self.rows[span.span_id] = len(self.spans)
        self.spans.append(span)
        children = self._orphans.adopted(span.span_id)
        parent = self._above(row)
        if parent is not None and (parent == row or (children and row in self._all_above(parent))):
            return False
        if children:
            self._adopt(row, children)
        self._link(row, span, parent, children)
        return True

    def change(self, span: LightSpan) -> None:
        """Replace a span by its changed state."""
        row = self.rows[span.span_id]
        before = self.spans[row]
        if span != before:
            self.spans[row] = span
            self._change(row, before, span)

    def _adopt(self, row: int, children: Iterable[int]) -> None:
        """Move spans whose parent has arrived from the top of the trace to below it."""
        for child in children:
            result = self._usage.result(child)
            self._usage.add_below(result, _TOP, -1)
            self._usage.add_below(result, (row,))
            if errors := self._errors_of(child):
                self._add_errors((row,), errors)
        self._context.moved()

    def _link(self, row: int, span: LightSpan, parent: int | None, children: Collection[int]) -> None:
        """Count a new span and everything below it for all spans above it."""
        if span.usage is not None or span.role:
            self._usage.put(row, span.usage, span.role)
        if span.usage is not None or children:
            self._usage.add_below(self._usage.result(row), self._usage_above(row))
        if (children or span.status is _ERROR) and (errors := self._errors_of(row)):
            self._add_errors(self._all_above(row), errors)
        if parent is None and span.parent_span_id is not None and row not in self._cut:
            self._orphans.add(span.parent_span_id, row)
        if span.context:
            self._context.state(row, span.context, parent, children, self._rank)

    def _extend(self, spans: Sequence[LightSpan]) -> None:
        """Update the head and the bounds for spans that are about to be added, if they are known."""
        if self._bounds is not None:
            self._bounds = Bounds.of(spans, self._bounds)
        if self._head is not None:
            precedence, place = min((_precedence(span), place) for place, span in enumerate(spans))
            if precedence < _precedence(self.spans[self._head]):
                self._head = len(self.spans) + place

    def _change(self, row: int, before: LightSpan, now: LightSpan) -> None:
        self._counts.replace(before, now)
        is_moved = before.parent_span_id != now.parent_span_id
        is_restarted = before.started_at != now.started_at
        may_cut_elsewhere = bool(self._cut) and (is_moved or is_restarted)
        stated = (before.context or {}).keys()
        is_taken_back = not stated <= (now.context or {}).keys()
        if may_cut_elsewhere or is_taken_back or (is_moved and not self._move(row, before)):
            self._build_again()
            return
        if change := (now.status is _ERROR) - (before.status is _ERROR):
            self._add_errors(self._all_above(row), change)
        if now.context and now.context != before.context:
            self._context.state(row, now.context, self._above(row), (), self._rank)
        self._usage.state(row, now.usage, now.role, self._usage_above(row))
        if self._bounds is not None:
            self._bounds = self._bounds.after_change(before, now)
        if is_restarted:
            self._context.restarted(row, self._rank)
        if is_restarted or is_moved:
            self._reorder(row, before, now)

    def _move(self, row: int, before: LightSpan) -> bool:
        """Move a span, and all below it, to its new parent; return False if that closes a cycle."""
        old, new = self.rows.get(before.parent_span_id or ""), self._above(row)
        if new is not None and (new == row or row in self._all_above(new)):
            return False
        left = [] if old is None else [old, *self._all_above(old)]
        result, errors = self._usage.result(row), (before.status is _ERROR) + self._errors_below.get(row, 0)
        self._usage.add_below(result, (*left, *_TOP), -1)
        self._usage.add_below(result, self._usage_above(row))
        if errors:
            self._add_errors(left, -errors)
            self._add_errors(self._all_above(row), errors)
        if before.parent_span_id is not None and old is None:
            self._orphans.remove(before.parent_span_id, row)
        if (missing := self.spans[row].parent_span_id) is not None and new is None:
            self._orphans.add(missing, row)
        self._context.move(row, new, len(left) - sum(1 for _ in self._all_above(row)), self._rank)
        return True

    def _reorder(self, row: int, before: LightSpan, now: LightSpan) -> None:
        """Look whether a span that has moved, or started at another time, is the head."""
        if row == self._head:
            self._head = row if _precedence(now) < _precedence(before) else None
        elif self._head is not None and _precedence(now) < _precedence(self.spans[self._head]):
            self._head = row

    def _build_again(self) -> None:
        """Derive everything anew, after a change that cannot be applied step by step."""
        flagged, changed = self._errors_below.keys(), self.errors_below_changed.copy()
        self._build()
        self.errors_below_changed = changed ^ flagged ^ self._errors_below.keys()

    def _build(self) -> None:
        """Derive what depends on the tree from all spans at once; it is then kept up to date span by span."""
        self._reset()
        above = self._parents()
        rows = downwards(above)
        if len(rows) < len(self.spans):
            self._cut = cut_cycles(self.spans, above)
            above = self._parents()
            rows = downwards(above)
        spans = self.spans
        for row, parent in enumerate(above):
            if parent is None and (missing := spans[row].parent_span_id) is not None and row not in self._cut:
                self._orphans.add(missing, row)
        self._context.build({row: span.context for row, span in enumerate(spans) if span.context}, above)
        usage = {row: span.usage for row, span in enumerate(spans) if span.usage is not None}
        roles = {row: span.role for row, span in enumerate(spans) if span.role}
        self._usage.build(usage, roles, above, reversed(rows))
        for row in reversed(rows) if self._counts.errors else ():
            if (parent := above[row]) is not None and (errors := self._errors_of(row)):
                self._errors_below[parent] = self._errors_below.get(parent, 0) + errors

    def _parents(self) -> list[int | None]:
        return parents(self.spans, self.rows, self._cut)

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
        return sum(1 for _ in self._all_above(row)), self.spans[row].started_at, self.spans[row].span_id, row

    def _errors_of(self, row: int) -> int:
        return (self.spans[row].status is _ERROR) + self._errors_below.get(row, 0)

    def _add_errors(self, above: Iterable[int], count: int) -> None:
        for row in above:
            errors = self._errors_below.get(row, 0)
            if errors + count:
                self._errors_below[row] = errors + count
            else:
                del self._errors_below[row]
            if not errors or not errors + count:
                self.errors_below_changed ^= {row}

    @property
    def head(self) -> int:
        """The row of the root, or of the earliest of several; until one arrives, the row of the earliest span."""
        if self._head is None:
            roots = [row for row, span in enumerate(self.spans) if span.parent_span_id is None]
            among = roots or range(len(self.spans))
            self._head = roots[0] if len(roots) == 1 else min(among, key=lambda row: _precedence(self.spans[row]))
        return self._head

    @property
    def bounds(self) -> Bounds:
        """The bounds of all its spans."""
        if self._bounds is None:
            self._bounds = Bounds.of(self.spans)
        return self._bounds

    def places(self) -> dict[str, list[Any]]:
        """Return the columns of `PLACES` for all rows."""
        return places(self.spans, self._parents())

    def rollups(self) -> tuple[Any, ...]:
        """Return the values of `ROLLED_UP`."""
        head = self.spans[self.head]
        first, last, started_at, ended = self.bounds
        ended_at = None if head.ended_at is None else ended
        return (
            started_at,
            ended_at,
            milliseconds(started_at, ended_at),
            head.status,
            len(self.spans),
            self._counts.errors,
            self._counts.errors > 0,
            self._orphans.count,
            self._counts.services,
            head.parent_span_id is None,
            self._counts.tags,
            *usage_values(self._usage.total, LARGEST_COUNT),
            *self._context.values(CONTEXT, self.head, self._rank),
            first,
            last,
        )


def _precedence(span: LightSpan) -> tuple[bool, int, str]:
    return span.parent_span_id is not None, span.started_at, span.span_id

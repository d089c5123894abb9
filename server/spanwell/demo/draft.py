"""Spans in the making: a tree that keeps its own time, so that children lie within their parents.

with Draft.root(dice, "GET /cart", at, context) as root:
    root.work(2.5)                       # the root's clock moves on by 2.5 ms
    with root.child("SELECT cart") as query:
        query.work(4.0)                  # when it ends, the root's clock has moved on by 4 ms too
spans = root.finish(now)
"""

from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self, TypeAlias

from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span
from spanwell.observability.model.text import json_of

from .dice import MS, Dice

Given: TypeAlias = Mapping[str, Any]
"""Columns of a span by name."""


class Draft:
    """A span in the making. Its `clock` moves on while it works and while its children do.

    `given` and `attributes` are known when it begins, `results` and `measured` (more attributes) when it ends: a span
    that has not ended by the time of `finish` shows only the former.
    """

    def __init__(self, dice: Dice, name: str, at: int, context: Given, given: dict[str, Any]) -> None:
        self.dice = dice
        self.span_id = dice.span_id()
        self.name = name
        self.context = context
        self.given = given
        self.attributes: dict[str, Any] = given.pop("attributes", {})
        self.results: dict[str, Any] = {}
        self.measured: dict[str, Any] = {}
        self.events: list[tuple[int, str, Given]] = []
        self.begins = self.clock = at
        self.parent: Draft | None = None
        self.all: list[Draft] = [self]

    @classmethod
    def root(cls, dice: Dice, name: str, at: int, context: Given, **given: Any) -> "Draft":
        """Return the root of a new tree; `context` is what all its spans have in common."""
        return cls(dice, name, at, {"trace_id": dice.trace_id(), **context}, given)

    @property
    def trace_id(self) -> str:
        """The id of the trace that is being made."""
        return str(self.context["trace_id"])

    def child(self, name: str, *, at: int | None = None, context: Given | None = None, **given: Any) -> "Draft":
        """Return a child that begins now, or at a moment of its parent's past (so children run side by side)."""
        made = Draft(self.dice, name, self.clock if at is None else at, self.context, given)
        if context is not None:
            made.context = {**self.context, **context}
        made.parent = self
        made.all = self.all
        self.all.append(made)
        return made

    def moment(self, name: str, **given: Any) -> "Draft":
        """Return a child that marks this moment and takes no time."""
        return self.child(name, is_event=True, **given)

    def work(self, median: float, spread: float = 0.35) -> None:
        """Advance the clock by about this many milliseconds."""
        self.clock += int(self.dice.latency(median, spread) * MS)

    def event(self, name: str, attributes: Given) -> None:
        """Note that something happened now."""
        self.events.append((self.clock, name, attributes))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """Let the parent's clock catch up; what `with` does at its end."""
        if self.parent is not None:
            self.parent.clock = max(self.parent.clock, self.clock)

    def finish(self, now: Nanos) -> list[Span]:
        """Return the spans of the tree as they stand at a moment: later ones are not there, open ones still run."""
        return list(_spans(self.all, now))


def _spans(drafts: Iterable[Draft], now: Nanos) -> Iterable[Span]:
    for draft in drafts:
        if draft.begins <= now:
            yield _span(draft, now)


def _span(draft: Draft, now: Nanos) -> Span:
    ended = draft.clock <= now
    values: dict[str, Any] = {**draft.context, **draft.given}
    attributes = draft.attributes
    if ended:
        values.update(draft.results)
        values["ended_at"] = draft.clock
        if draft.measured:
            attributes = {**attributes, **draft.measured}
    if attributes:
        values["attributes"] = json_of(attributes)
    if draft.events:
        values["events"] = json_of([_event(*event) for event in draft.events if event[0] <= now])
    parent = None if draft.parent is None else draft.parent.span_id
    return Span(span_id=draft.span_id, parent_span_id=parent, name=draft.name, started_at=Nanos(draft.begins), **values)


def _event(at: int, name: str, attributes: Given) -> dict[str, Any]:
    return {"name": name, "timeUnixNano": str(at), "attributes": attributes}

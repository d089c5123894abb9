"""A trace as text that people and models read: a line for a span, or for siblings that look alike."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import nsmallest
from typing import TypeAlias

from spanwell.observability.model.blocks import Block
from spanwell.observability.model.span import SpanStatus
from spanwell.observability.questions.queries import Preview, Previewed

from .error_groups import LONGEST_MESSAGE

COLUMNS = frozenset(
    {
        *("span_id", "name", "type", "status", "duration_ms", "service_name", "model", "total_tokens", "cost_usd"),
        *("tree_start", "tree_parent"),
    }
)
"""The columns of spans that an outline reads."""

MESSAGES = Preview(Previewed.ERROR, LONGEST_MESSAGE)
"""What it shows of the errors of failed spans."""

_LONGEST = 160
"""Characters of a message that a line shows."""

_GENERIC = "generic"

_Group: TypeAlias = list[int]
"""The places of similar siblings."""


@dataclass(eq=False)
class _Node:
    """A span, or several similar siblings, with the descendants of the first."""

    group: _Group
    depth: int
    children: list["_Node"] = field(default_factory=list["_Node"])


class Outline:
    """The outline of a trace in at most `max_lines` lines.

    Failures and their ancestors take precedence, then the spans nearest to the top; omitted spans are counted. Numbers
    stand for spans: their places in pre-order.
    """

    def __init__(self, spans: Block, max_lines: int, *, fold_similar: bool) -> None:
        self._columns = {name: spans.values(name) for name in COLUMNS}
        self._sizes, self._failed = self._totals()
        self._below = self._folded() if fold_similar else {at: [[c] for c in cs] for at, cs in self._children.items()}
        self._top = self._tree()
        self._shown = self._chosen(max_lines)

    @cached_property
    def failed(self) -> Sequence[str]:
        """The ids of the spans whose errors are shown."""
        statuses, ids = self._columns["status"], self._columns["span_id"]
        return [ids[node.group[0]] for node in self._shown if statuses[node.group[0]] == SpanStatus.ERROR]

    def text(self, messages: Sequence[str | None]) -> str:
        """Return the text, with the messages of the `failed` spans."""
        by_id = dict(zip(self.failed, messages, strict=True))
        return "\n".join(self._lines(by_id))

    @cached_property
    def _parents(self) -> list[int]:
        """The place of each span's parent, -1 at the top."""
        places: dict[int | None, int] = {start: place for place, start in enumerate(self._columns["tree_start"])}
        places[None] = -1
        return [places[parent] for parent in self._columns["tree_parent"]]

    @cached_property
    def _children(self) -> Mapping[int, _Group]:
        found: dict[int, _Group] = {}
        for place, parent in enumerate(self._parents):
            found.setdefault(parent, []).append(place)
        return found

    def _totals(self) -> tuple[list[int], list[bool]]:
        """Return how many spans there are from each span downwards, and whether one of them failed."""
        parents = self._parents
        sizes = [1] * len(parents)
        failed = [status == SpanStatus.ERROR for status in self._columns["status"]]
        for place in range(len(parents) - 1, -1, -1):
            if (parent := parents[place]) >= 0:
                sizes[parent] += sizes[place]
                failed[parent] |= failed[place]
        return sizes, failed

    def _folded(self) -> dict[int, list[_Group]]:
        """Return the groups of similar children of each span, which are neighbours and have the same shape."""
        numbers: dict[tuple[object, ...], int] = {}
        looks = zip(*(self._columns[name] for name in ("name", "type", "status", "service_name")), strict=True)
        shapes = [numbers.setdefault(look, len(numbers)) for look in looks]
        found: dict[int, list[_Group]] = {}
        for place in sorted(self._children, reverse=True):  # descendants first
            groups: list[_Group] = []
            last = None
            for child in self._children[place]:
                if shapes[child] == last:
                    groups[-1].append(child)
                else:
                    groups.append([child])
                    last = shapes[child]
            found[place] = groups
            if place >= 0:
                below = tuple((shapes[group[0]], len(group)) for group in groups)
                shapes[place] = numbers.setdefault((shapes[place], below), len(numbers))
        return found

    def _tree(self) -> _Node:
        top = _Node([-1], -1)
        waiting = [top]
        while waiting:
            node = waiting.pop()
            node.children = [_Node(group, node.depth + 1) for group in self._below.get(node.group[0], ())]
            waiting += node.children
        return top

    def _chosen(self, max_lines: int) -> dict[_Node, None]:
        """Return the nodes that get a line, leaving room for the lines that count omitted spans."""
        top = self._top
        ranked = nsmallest(max_lines, _below(top), key=lambda node: (not self._failed[node.group[0]], node.depth))
        hidden = {-1: len(top.children)} if top.children else {}
        best = 0
        for count, node in enumerate(ranked, 1):
            first = node.group[0]
            parent = self._parents[first]
            hidden[parent] -= 1
            if not hidden[parent]:
                del hidden[parent]
            if node.children:
                hidden[first] = len(node.children)
            if count + len(hidden) <= max_lines:
                best = count
        return dict.fromkeys(ranked[:best])

    def _lines(self, messages: Mapping[str, str | None]) -> Iterator[str]:
        waiting: list[_Node | str] = list(reversed(self._entries(self._top)))
        while waiting:
            entry = waiting.pop()
            if isinstance(entry, str):
                yield entry
                continue
            yield "  " * entry.depth + " ".join(
                [*self._named(entry), *self._figures(entry), *self._outcome(entry, messages)]
            )
            waiting += reversed(self._entries(entry))

    def _entries(self, node: _Node) -> list[_Node | str]:
        """Return the lines below a node: its visible children, and a line that counts the others."""
        entries: list[_Node | str] = [child for child in node.children if child in self._shown]
        left_out = sum(self._sizes[place] for one in node.children if one not in self._shown for place in one.group)
        return [*entries, "  " * (node.depth + 1) + f"... {left_out:,} more"] if left_out else entries

    def _named(self, node: _Node) -> Iterator[str]:
        first = node.group[0]
        yield self._columns["name"][first]
        if (type_ := self._columns["type"][first]) != _GENERIC:
            yield f"[{type_}]"
        services = self._columns["service_name"]
        parent = self._parents[first]
        above = services[parent] if parent >= 0 else None
        if services[first] is not None and services[first] != above:
            yield f"({services[first]})"
        if len(node.group) > 1:
            yield f"x{len(node.group)}"

    def _figures(self, node: _Node) -> Iterator[str]:
        durations = self._there("duration_ms", node)
        if durations:
            yield _duration(sum(durations))
            if len(durations) > 1:
                yield f"({_duration(min(durations))} to {_duration(max(durations))})"
        if (model := self._columns["model"][node.group[0]]) is not None:
            yield model
        if tokens := sum(self._there("total_tokens", node)):
            yield f"{tokens:,.0f} tokens"
        if cost := sum(self._there("cost_usd", node)):
            yield f"${cost:.4g}"

    def _there(self, column: str, node: _Node) -> list[float]:
        values = self._columns[column]
        return [values[place] for place in node.group if values[place] is not None]

    def _outcome(self, node: _Node, messages: Mapping[str, str | None]) -> Iterator[str]:
        first = node.group[0]
        status = self._columns["status"][first]
        if status == SpanStatus.RUNNING:
            yield "RUNNING"
        elif status == SpanStatus.ERROR:
            message = " ".join((messages[self._columns["span_id"][first]] or "").split())
            yield f"ERROR: {message[:_LONGEST]}" if message else "ERROR"


def _below(top: _Node) -> Iterator[_Node]:
    waiting = list(reversed(top.children))
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(node.children)


def _duration(milliseconds: float) -> str:
    if milliseconds >= 1_000:
        return f"{milliseconds / 1_000:.2f} s"
    return f"{milliseconds:.0f} ms" if milliseconds >= 10 else f"{milliseconds:.2f} ms"

"""A trace as text that people and models read: a line for a span, or for siblings that look alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TypeAlias

from spanwell.observability.model.span import Span, SpanStatus

from .error_groups import error_text

COLUMNS = frozenset(
    {
        *("trace_id", "span_id", "name", "type", "status", "status_message", "error_info", "started_at", "ended_at"),
        *("duration_ms", "service_name", "model", "total_tokens", "cost_usd", "tree_start", "tree_parent"),
    }
)
"""The columns of spans that an outline reads."""

_LONGEST = 160
"""Characters of a message that a line shows."""

_GENERIC = "generic"


@dataclass(eq=False)
class _Node:
    """A span, or several similar siblings, with the descendants of the first; `parent` is None at the top."""

    spans: list[Span]
    parent: "_Node | None"
    depth: int
    children: list["_Node"] = field(default_factory=list["_Node"])
    shape: int = 0
    size: int = 0
    has_error: bool = False


_Shapes: TypeAlias = dict[tuple[object, ...], int]


def outline(spans: Sequence[Span], max_lines: int, *, fold_similar: bool) -> str:
    """Return the outline of a trace in at most `max_lines` lines.

    Failures and their ancestors take precedence, then the spans nearest to the top; omitted spans are counted.
    """
    nodes = _nodes(spans)
    shapes: _Shapes = {}
    for node in reversed(nodes):
        _settle(node, shapes, fold=fold_similar)
    top = nodes[0]
    return "\n".join(_lines(top, _shown(top, max_lines)))


def _nodes(spans: Sequence[Span]) -> list[_Node]:
    """Return the nodes of a trace in pre-order, after a common parent of all of them."""
    top = _Node([], None, -1)
    nodes = [top]
    by_place: dict[int | None, _Node] = {None: top}
    for span in sorted(spans, key=attrgetter("tree_start")):
        parent = by_place[span.tree_parent]
        node = by_place[span.tree_start] = _Node([span], parent, parent.depth + 1)
        parent.children.append(node)
        nodes.append(node)
    return nodes


def _settle(node: _Node, shapes: _Shapes, *, fold: bool) -> None:
    """Fold the children of a node, which are settled already, and record the node's shape."""
    if fold:
        folded: list[_Node] = []
        for child in node.children:
            if folded and folded[-1].shape == child.shape:
                folded[-1].spans += child.spans
                folded[-1].size += child.size
            else:
                folded.append(child)
        node.children = folded
    own = [(span.name, span.type, span.status, span.service_name) for span in node.spans]
    below = [(child.shape, len(child.spans)) for child in node.children]
    node.shape = shapes.setdefault((*own, *below), len(shapes))
    node.size = len(node.spans) + sum(child.size for child in node.children)
    failed = any(span.status is SpanStatus.ERROR for span in node.spans)
    node.has_error = failed or any(child.has_error for child in node.children)


def _shown(top: _Node, max_lines: int) -> set[_Node]:
    """Return the nodes that get a line, leaving room for the lines that count omitted spans."""
    ranked = sorted(_below(top), key=lambda node: (not node.has_error, node.depth))
    hidden = {top: len(top.children)} if top.children else {}
    best = 0
    for count, node in enumerate(ranked[:max_lines], 1):
        parent = node.parent or top
        hidden[parent] -= 1
        if not hidden[parent]:
            del hidden[parent]
        if node.children:
            hidden[node] = len(node.children)
        if count + len(hidden) <= max_lines:
            best = count
    return set(ranked[:best])


def _below(top: _Node) -> Iterator[_Node]:
    waiting = list(reversed(top.children))
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(node.children)


def _lines(top: _Node, shown: set[_Node]) -> Iterator[str]:
    waiting: list[_Node | str] = list(reversed(_entries(top, shown)))
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, str):
            yield entry
            continue
        yield "  " * entry.depth + _line(entry)
        waiting += reversed(_entries(entry, shown))


def _entries(node: _Node, shown: set[_Node]) -> list[_Node | str]:
    """Return the lines below a node: its visible children, and a line that counts the others."""
    entries: list[_Node | str] = [child for child in node.children if child in shown]
    left_out = sum(child.size for child in node.children if child not in shown)
    return [*entries, "  " * (node.depth + 1) + f"... {left_out:,} more"] if left_out else entries


def _line(node: _Node) -> str:
    first = node.spans[0]
    parts = [first.name, *([] if first.type == _GENERIC else [f"[{first.type}]"])]
    if first.service_name is not None and (node.parent is None or _service(node.parent) != first.service_name):
        parts.append(f"({first.service_name})")
    if len(node.spans) > 1:
        parts.append(f"x{len(node.spans)}")
    return " ".join([*parts, *_figures(node.spans), *_outcome(first)])


def _service(node: _Node) -> str | None:
    return node.spans[0].service_name if node.spans else None


def _figures(spans: Sequence[Span]) -> Iterator[str]:
    durations = [span.duration_ms for span in spans if span.duration_ms is not None]
    if durations:
        yield _duration(sum(durations))
        if len(durations) > 1:
            yield f"({_duration(min(durations))} to {_duration(max(durations))})"
    if spans[0].model is not None:
        yield spans[0].model
    if tokens := sum(span.total_tokens or 0 for span in spans):
        yield f"{tokens:,} tokens"
    if cost := sum(span.cost_usd or 0.0 for span in spans):
        yield f"${cost:.4g}"


def _duration(milliseconds: float) -> str:
    if milliseconds >= 1_000:
        return f"{milliseconds / 1_000:.2f} s"
    return f"{milliseconds:.0f} ms" if milliseconds >= 10 else f"{milliseconds:.2f} ms"


def _outcome(span: Span) -> Iterator[str]:
    if span.status is SpanStatus.RUNNING:
        yield "RUNNING"
    elif span.status is SpanStatus.ERROR:
        message = " ".join(error_text(span).split())
        yield f"ERROR: {message[:_LONGEST]}" if message else "ERROR"

"""Decides which spans' usage counts for a trace, so that every model call counts exactly once.

A span may repeat the usage below it (an agent, a chain, the outer call of an SDK), or state only its last step, its own
share, or zero. So its usage replaces that of the spans below it only if it is larger than their sum. If both are equal,
the spans below count, since they know the model of each call, unless only the upper span knows the cost. A model call
never includes the usage below a tool call or another agent, whose calls are requests of their own. Tokens and cost come
from the same spans.
"""

import re
from collections.abc import Iterable, Sequence
from enum import IntEnum
from operator import add, sub

import msgspec
from msgspec.structs import astuple

PICO = 10**12
"""Costs are summed as whole picodollars, so that the sum does not depend on the order."""


class Role(IntEnum):
    """What a span's type implies for the usage below it."""

    OTHER = 0
    MODEL = 1
    BOUNDARY = 2
    """A tool call or an agent: the model call above it did not make the calls below it."""


_WORD = re.compile(r"[A-Z]*[a-z]+|[A-Z]+")
_OF_MODELS = frozenset(
    {"model", "llm", "chat", "generation", "generate", "inference", "completion", "completions", "stream"}
    | {"embed", "embedding", "embeddings", "embedder", "rerank", "reranker"}
)


def role_of(span_type: str) -> Role:
    """Return the role of a span type, by its words in any framework's spelling: `CHAT_MODEL`, `ai.generateText`."""
    words = {word.lower() for word in _WORD.findall(span_type)}
    if any(word.startswith(("tool", "agent")) for word in words):
        return Role.BOUNDARY
    return Role.OTHER if words.isdisjoint(_OF_MODELS) else Role.MODEL


class Usage(msgspec.Struct, frozen=True, gc=False):
    """Tokens and cost, each with the number of spans that state it, to tell no value from zero."""

    input_tokens: int = 0
    output_tokens: int = 0
    total_tokens: int = 0
    cost: int = 0
    inputs: int = 0
    outputs: int = 0
    totals: int = 0
    costs: int = 0

    def plus(self, other: "Usage") -> "Usage":
        """Return the sum."""
        if other == NOTHING:  # true of most spans of most traces
            return self
        return other if self == NOTHING else Usage(*map(add, astuple(self), astuple(other)))

    def minus(self, other: "Usage") -> "Usage":
        """Return the difference."""
        return self if other == NOTHING else Usage(*map(sub, astuple(self), astuple(other)))


NOTHING = Usage()


def usage_of(
    input_tokens: int | None, output_tokens: int | None, total_tokens: int | None, cost_usd: float | None
) -> Usage | None:
    """Return a span's usage; None if it states neither a total nor a cost."""
    if total_tokens is None and cost_usd is None:
        return None
    return Usage(
        input_tokens or 0,
        output_tokens or 0,
        total_tokens or 0,
        round((cost_usd or 0) * PICO),
        input_tokens is not None,
        output_tokens is not None,
        total_tokens is not None,
        cost_usd is not None,
    )


class Below(msgspec.Struct, frozen=True, gc=False):
    """The usage below a span: its own calls, and those behind a tool call or an agent."""

    own: Usage = NOTHING
    others: Usage = NOTHING

    def plus(self, other: "Below") -> "Below":
        """Return the sum."""
        return Below(self.own.plus(other.own), self.others.plus(other.others))

    def minus(self, other: "Below") -> "Below":
        """Return the difference."""
        return Below(self.own.minus(other.own), self.others.minus(other.others))


EMPTY = Below()


def stands_in(stated: Usage, role: Role, below: Below) -> bool:
    """Return whether a span's own usage counts in place of the usage below it."""
    covered = below.own if role is Role.MODEL else below.own.plus(below.others)
    if not (stated.totals and covered.totals):
        return not covered.totals and (stated.total_tokens > 0 or stated.cost >= covered.cost)
    more = [stated.total_tokens - covered.total_tokens]
    if stated.inputs and covered.inputs:
        more.append(stated.input_tokens - covered.input_tokens)
    if stated.outputs and covered.outputs:
        more.append(stated.output_tokens - covered.output_tokens)
    if any(more):
        return min(more) >= 0
    # A call and its own steps use one model, which the call names. Otherwise the calls below know model and price.
    return stated.costs > 0 and (role is Role.MODEL or covered.costs < covered.totals)


def is_apart(below: Below) -> bool:
    """Return whether a span that replaces nothing repeats only calls behind a tool call or an agent.

    Like these, it is not part of a model call above it.
    """
    return below.own == NOTHING


def counted(stated: Usage | None, role: Role, below: Below) -> Below:
    """Return the usage of a span and everything below it, as its parent sees it."""
    if stated is not None and stands_in(stated, role, below):
        below = Below(stated, below.others if role is Role.MODEL else NOTHING)
    return Below(NOTHING, below.own.plus(below.others)) if role is Role.BOUNDARY else below


class UsageTree:
    """The usage of a growing trace; the cost of a change depends on how many spans above it change.

    Rows are span numbers; `TOP` is the parent of all rows without a parent.
    """

    TOP = -1

    def __init__(self) -> None:
        self._stated: dict[int, Usage] = {}
        self._roles: dict[int, Role] = {}
        self._below: dict[int, Below] = {}

    @property
    def total(self) -> Usage:
        """The total usage of the trace."""
        top = self._below.get(self.TOP, EMPTY)
        return top.own.plus(top.others)

    def result(self, row: int) -> Below:
        """Return the usage of a span and everything below it."""
        stated, below = self._stated.get(row), self._below.get(row, EMPTY)
        if stated is None and below is EMPTY:
            return EMPTY
        return counted(stated, self._roles.get(row, Role.OTHER), below)

    def build(
        self, stated: dict[int, Usage], roles: dict[int, Role], above: Sequence[int | None], upwards: Iterable[int]
    ) -> None:
        """Take all spans of a trace: their usage and roles by row; `upwards` yields each row after those below it."""
        self._stated, self._roles, self._below = stated, roles, {}
        for row in upwards if stated else ():
            if (result := self.result(row)) != EMPTY:
                parent = above[row]
                top = self.TOP if parent is None else parent
                self._below[top] = self._below.get(top, EMPTY).plus(result)

    def put(self, row: int, usage: Usage | None, role: Role) -> None:
        """Set the own usage of a new span, without the spans above it."""
        if usage is not None:
            self._stated[row] = usage
        if role:
            self._roles[row] = role

    def state(self, row: int, usage: Usage | None, role: Role, above: Iterable[int]) -> None:
        """Set a span's own usage; `above` yields the rows above it, the nearest first, `TOP` last."""
        if usage == self._stated.get(row) and role == self._roles.get(row, Role.OTHER):
            return
        before = self.result(row)
        if usage is None:
            self._stated.pop(row, None)
        else:
            self._stated[row] = usage
        self._roles[row] = role
        self._pass_on(before, self.result(row), above)

    def add_below(self, change: Below, above: Iterable[int], sign: int = 1) -> None:
        """Add a subtree below the first of the rows in `above`, or with `sign` -1 remove it."""
        if change != EMPTY:
            self._pass_on(EMPTY, change, above) if sign > 0 else self._pass_on(change, EMPTY, above)

    def _pass_on(self, before: Below, after: Below, above: Iterable[int]) -> None:
        for row in above:
            if before == after:
                return
            at = self.result(row)
            self._below[row] = self._below.get(row, EMPTY).plus(after).minus(before)
            before, after = at, self.result(row)


def usage_values(usage: Usage, largest: int) -> tuple[int | None, int | None, int | None, float | None]:
    """Return the input, output and total tokens and the cost of a trace; counts are capped at `largest`."""
    return (
        min(usage.input_tokens, largest) if usage.inputs else None,
        min(usage.output_tokens, largest) if usage.outputs else None,
        min(usage.total_tokens, largest) if usage.totals else None,
        usage.cost / PICO if usage.costs else None,
    )

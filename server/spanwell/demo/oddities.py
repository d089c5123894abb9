"""Traces at the edges of what traces may be: very deep, very wide, without a root, with clocks that disagree, ...

Every one carries the tag `odd` and the name of what is odd about it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from spanwell.demo.agents.conversations import Conversations
from spanwell.demo.agents.mastra import agent_run
from spanwell.demo.shop.browsing import home, product, search
from spanwell.demo.shop.buying import checkout
from spanwell.demo.shop.consumers import consume, sent
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span

from .dice import MS, Dice
from .draft import Draft
from .odd_trees import big, big_input, deep, deep_failure, named_oddly, stamped_finely, wide, without_length


@dataclass(frozen=True)
class Moment:
    """What an odd trace is made of: when it begins, and when the demo's world ends."""

    dice: Dice
    conversations: Conversations
    at: Nanos
    now: Nanos


Oddity: TypeAlias = Callable[[Moment], list[Span]]

_SKEW = 35 * MS


def _failed_root(moment: Moment) -> list[Span]:
    """Make an agent run whose model provider refuses to answer."""
    turn = moment.conversations.turn_with("mastra", moment.at)
    return agent_run(moment.dice, turn, moment.at, refused=True).finish(moment.now)


def _rootless(moment: Moment) -> list[Span]:
    """Lose the root."""
    root, *others = product(moment.dice, moment.at).finish(moment.now)
    return others or [root]


def _orphaned(moment: Moment) -> list[Span]:
    """Lose a span in the middle, so that its children name a parent that never comes."""
    spans = home(moment.dice, moment.at).finish(moment.now)
    lost = next(span.span_id for span in spans if span.service_name == "frontend")
    return [span for span in spans if span.span_id != lost]


def _several_roots(moment: Moment) -> list[Span]:
    """Let the consumer of an order be part of the trace of its producer, but with no parent."""
    order = checkout(moment.dice, moment.at, moment.now)
    message = sent(order)
    if message is None:  # the payment was refused; somebody else buys
        return _several_roots(moment)
    spans = order.finish(moment.now)
    follower = consume(moment.dice, message).finish(moment.now)
    return spans + [replace(span, trace_id=order.trace_id) for span in follower]


def _skewed(moment: Moment) -> list[Span]:
    """Let the clock of one service run late, so that its spans begin before their parents."""
    spans = search(moment.dice, moment.at).finish(moment.now)
    return [_shifted(span, -_SKEW) if span.service_name == "catalog" else span for span in spans]


def _shifted(span: Span, by: int) -> Span:
    ended_at = None if span.ended_at is None else Nanos(span.ended_at + by)
    return replace(span, started_at=Nanos(span.started_at + by), ended_at=ended_at)


def _tree(make: Callable[[Dice, int], Draft]) -> Oddity:
    return lambda moment: make(moment.dice, moment.at).finish(moment.now)


ODDITIES: Sequence[tuple[str, Oddity]] = (
    ("deep", _tree(deep)),
    ("wide", _tree(wide)),
    ("failed-deep-inside", _tree(deep_failure)),
    ("failed-root", _failed_root),
    ("root-missing", _rootless),
    ("orphans", _orphaned),
    ("many-spans", _tree(big)),
    ("several-roots", _several_roots),
    ("clock-skew", _skewed),
    ("odd-names", _tree(named_oddly)),
    ("big-input", _tree(big_input)),
    ("zero-duration", _tree(without_length)),
    ("nanoseconds", _tree(stamped_finely)),
)


def odd_trace(kind: str, make: Oddity, moment: Moment) -> list[Span]:
    """Return an odd trace; the spans without a parent in it carry the tags."""
    spans = make(moment)
    known = {span.span_id for span in spans}
    for span in spans:
        if span.parent_span_id not in known:
            span.tags = [*(span.tags or ()), "odd", kind]
    return spans

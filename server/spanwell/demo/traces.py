"""One day of traces, made one after the other in bounded memory."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from spanwell.demo.agents.conversations import Conversations, Turn
from spanwell.demo.agents.crew import crew_run
from spanwell.demo.agents.gen_ai import invoke_agent
from spanwell.demo.agents.mastra import agent_run
from spanwell.demo.agents.retrieval import handbook_query
from spanwell.demo.agents.workflows import inbound_mail
from spanwell.demo.shop.browsing import add_to_cart, home, probe, product, search
from spanwell.demo.shop.buying import checkout, expire_reservations, order_status
from spanwell.demo.shop.consumers import Message, consume, sent
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span

from .day import moments
from .dice import Dice
from .draft import Draft
from .oddities import ODDITIES, Moment, odd_trace
from .running import agent_at_work, hanging_import

_BLOCK = 20_000
"""Every so many traces there is one of each odd kind."""
_FEWEST = 50
"""Fewer traces than this are all ordinary."""

_AGENTS: Mapping[str, Callable[[Dice, Turn, int], Draft]] = MappingProxyType(
    {"mastra": agent_run, "gen_ai": invoke_agent, "openinference": crew_run, "rag": handbook_query}
)
_VISITS: tuple[Callable[[Dice, int], Draft], ...] = (
    home,
    product,
    search,
    add_to_cart,
    order_status,
    expire_reservations,
    probe,
)
_AGENTS_SHARE = 0.52
"""Of the traces that people begin; with the consumers of messages, agents make up half of all."""
_VISIT_WEIGHTS = (22, 34, 17, 15, 6, 3, 1.5)


def generate(traces: int, seed: int, now: Nanos) -> Iterator[list[Span]]:
    """Yield the spans of one trace after the other: the 24 hours before `now`, in about the order in which they began.

    The same arguments give the same spans. Derived fields are left to the store. From 50 traces on there is one of
    every odd kind (see `oddities`), and the last ones still run.
    """
    day = _Day(traces, seed, now)
    for index, at in enumerate(moments(traces, now, Dice(f"{seed} moments"))):
        yield day.trace(index, at)


def _odd_places(traces: int) -> Mapping[int, int]:
    """Return which traces of a block are odd, and in which way."""
    length = min(traces, _BLOCK)
    if length < _FEWEST:
        return {}
    return {(2 * kind + 1) * length // (2 * len(ODDITIES) + 2): kind for kind in range(len(ODDITIES))}


class _Day:
    def __init__(self, traces: int, seed: int, now: Nanos) -> None:
        self.dice = Dice(f"{seed} traces")
        self.conversations = Conversations(self.dice, traces)
        self.now = now
        self.odd = _odd_places(traces)
        self.last = traces - 1 if traces >= _FEWEST else None
        self.message: Message | None = None

    def trace(self, index: int, at: Nanos) -> list[Span]:
        if self.last is not None and index >= self.last - 1:
            return self._running(first=index < self.last)
        kind = self.odd.get(index % _BLOCK)
        if kind is not None:
            return odd_trace(*ODDITIES[kind], Moment(self.dice, self.conversations, at, self.now))
        return self._ordinary(at).finish(self.now)

    def _running(self, *, first: bool) -> list[Span]:
        if first:
            return hanging_import(self.dice, self.now)
        return agent_at_work(self.dice, self.conversations.turn_with("mastra", self.now), self.now)

    def _ordinary(self, at: int) -> Draft:
        if self.message is not None:
            message, self.message = self.message, None
            follower = consume(self.dice, message)
            if follower.begins <= self.now:
                return follower
        return self._agents(at) if self.dice.chance(_AGENTS_SHARE) else self._shop(at)

    def _agents(self, at: int) -> Draft:
        if self.dice.chance(0.06):
            return inbound_mail(self.dice, at)
        turn = self.conversations.turn(at)
        return _AGENTS[turn.topic.framework](self.dice, turn, at)

    def _shop(self, at: int) -> Draft:
        if self.dice.chance(0.09):
            made = checkout(self.dice, at, self.now)
            self.message = sent(made)
            return made
        (visit,) = self.dice.choices(_VISITS, _VISIT_WEIGHTS)
        return visit(self.dice, at)

"""Conversations that go on for several turns, a trace each, while others go on beside them."""

from dataclasses import dataclass, field
from typing import Any

from spanwell.demo.day import DAY
from spanwell.demo.dice import Dice
from spanwell.demo.people import Person, people
from spanwell.demo.topics import TOPICS
from spanwell.demo.topics.script import Call, Script, Slots, Topic, filled
from spanwell.observability.model.times import SECOND

_PAUSE = 45 * SECOND
"""The least time between two turns of a conversation."""
_TURN_GAP = 300 * SECOND
_SESSION_GAP = 3600 * SECOND
_HISTORY = 8
"""How many messages an agent remembers."""


@dataclass
class Conversation:
    """One thread between a person and an agent."""

    topic: Topic
    script: Script
    slots: Slots
    person: Person
    thread_id: str
    environment: str
    model: str
    next_exchange: int = 0
    turns: int = 0
    last_at: int = 0
    messages: list[dict[str, str]] = field(default_factory=list[dict[str, str]])


@dataclass(frozen=True)
class Turn:
    """What one trace is about: a question, the tool calls it takes, and the answer, in the course of a thread."""

    topic: Topic
    title: str
    person: Person
    session_id: str
    thread_id: str
    environment: str
    model: str
    number: int
    messages: list[dict[str, str]]
    """What was said so far; the question comes last."""
    calls: list[Call]
    answer: str

    @property
    def question(self) -> str:
        """The latest thing the person said."""
        return self.messages[-1]["content"]


class Conversations:
    """All the threads that are going on; a bounded number at any time."""

    def __init__(self, dice: Dice, traces: int) -> None:
        self._dice = dice
        self._people = people(dice, traces)
        self._open: list[Conversation] = []
        self._side_by_side = 2 + traces // 2 * _TURN_GAP // DAY

    def turn_with(self, framework: str, at: int) -> Turn:
        """Return the next turn of some thread with an agent of a framework."""
        while (turn := self.turn(at)).topic.framework != framework:
            pass
        return turn

    def turn(self, at: int) -> Turn:
        """Return the next turn of some thread, new or going on."""
        conversation = self._waiting(at) or self._begun()
        exchange = conversation.script.exchanges[conversation.next_exchange]
        ask, answer = filled(exchange.asks, conversation.slots), filled(exchange.answers, conversation.slots)
        question = {"role": "user", "content": ask}
        messages = [*conversation.messages[-_HISTORY:], question]
        calls = [_call(call, conversation.slots) for call in exchange.calls]
        conversation.messages = [*messages, {"role": "assistant", "content": answer}]
        conversation.turns += 1
        conversation.last_at = at
        self._advance(conversation)
        return Turn(
            topic=conversation.topic,
            title=conversation.script.title,
            person=conversation.person,
            session_id=self._session(conversation.person, at),
            thread_id=conversation.thread_id,
            environment=conversation.environment,
            model=conversation.model,
            number=conversation.turns,
            messages=messages,
            calls=calls,
            answer=answer,
        )

    def _waiting(self, at: int) -> Conversation | None:
        if len(self._open) < self._side_by_side:
            return None
        for _ in range(4):
            conversation = self._dice.choice(self._open)
            if at - conversation.last_at >= _PAUSE:
                return conversation
        return None

    def _begun(self) -> Conversation:
        dice = self._dice
        topic = dice.choice(TOPICS)
        script = dice.choice(topic.scripts)
        environment = "production" if dice.chance(0.9) else "staging"
        model = dice.choice(topic.models)
        person = dice.choice(self._people)
        thread_id = f"thread_{dice.token(12)}"
        made = Conversation(topic, script, script.draw(dice), person, thread_id, environment, model)
        self._open.append(made)
        return made

    def _advance(self, conversation: Conversation) -> None:
        conversation.next_exchange += 1
        if conversation.next_exchange < len(conversation.script.exchanges):
            return
        if self._dice.chance(0.3):
            conversation.script = self._dice.choice(conversation.topic.scripts)
            conversation.slots = conversation.script.draw(self._dice)
            conversation.next_exchange = 0
        else:
            self._open.remove(conversation)

    def _session(self, person: Person, at: int) -> str:
        if not person.session_id or at - person.seen_at > _SESSION_GAP:
            person.session_id = f"sess_{self._dice.token(10)}"
        person.seen_at = at
        return person.session_id


def _call(call: Call, slots: Slots) -> Call:
    arguments: Any = filled(call.arguments, slots)
    return Call(call.tool, arguments, filled(call.result, slots), call.takes)

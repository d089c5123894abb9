"""What agents and people talk about: scripts with slots, filled once per conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from spanwell.demo.dice import Dice

Slots: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    """One tool call of an agent. Texts of `arguments` and `result` may hold slots, such as `{city}`."""

    tool: str
    arguments: Any
    result: Any
    takes: float = 180.0
    """The median time in milliseconds."""


@dataclass(frozen=True)
class Exchange:
    """What a person asks, what the agent looks up, and what it answers."""

    asks: str
    answers: str
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True)
class Script:
    """The course of a conversation, with the choices for each of its slots."""

    title: str
    slots: Mapping[str, Sequence[Any]]
    exchanges: tuple[Exchange, ...]

    def draw(self, dice: Dice) -> Slots:
        """Return one value for each slot."""
        return {name: dice.choice(choices) for name, choices in self.slots.items()}


@dataclass(frozen=True)
class Topic:
    """An agent of an organization, and the conversations that people have with it."""

    name: str
    agent: str
    service: str
    organization: str
    framework: str
    models: tuple[str, ...]
    instructions: str
    scripts: tuple[Script, ...]

    @property
    def tools(self) -> list[str]:
        """The names of the tools that the agent may call."""
        calls = (call for script in self.scripts for exchange in script.exchanges for call in exchange.calls)
        return sorted({call.tool for call in calls})


def filled(template: Any, slots: Slots) -> Any:
    """Return a template with its slots filled, however nested. A text that is one slot becomes the slot's value."""
    if isinstance(template, str):
        if template.startswith("{") and (value := slots.get(template[1:-1])) is not None:
            return value
        return template.format_map(slots)
    if isinstance(template, dict):
        return {key: filled(value, slots) for key, value in template.items()}
    if isinstance(template, list):
        return [filled(value, slots) for value in template]
    return template

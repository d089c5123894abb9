"""Language models: what they cost, how fast they are, and what a call used."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .dice import Dice

_PER_PRICE = 1_000_000


@dataclass(frozen=True)
class Provider:
    """Who serves models: the usual name, OpenTelemetry's name, where, and how its answers' ids begin."""

    name: str
    system: str
    host: str
    path: str
    answer: str


@dataclass(frozen=True)
class Model:
    """A model: US dollars per million tokens, and milliseconds to the first token and for each one after it."""

    name: str
    release: str
    provider: Provider
    read: float
    cached: float
    write: float
    first_token: float
    per_token: float
    reasons: bool = False


_OPENAI = Provider("openai", "openai", "api.openai.com", "/v1/chat/completions", "chatcmpl-")
_ANTHROPIC = Provider("anthropic", "anthropic", "api.anthropic.com", "/v1/messages", "msg_")
_GOOGLE = Provider("google", "gcp.gemini", "generativelanguage.googleapis.com", "/v1beta/models", "resp-")
_MODELS = (
    Model("gpt-4o", "gpt-4o-2024-11-20", _OPENAI, 2.5, 1.25, 10, 480, 11),
    Model("gpt-4o-mini", "gpt-4o-mini-2024-07-18", _OPENAI, 0.15, 0.075, 0.6, 390, 8),
    Model("gpt-4.1", "gpt-4.1-2025-04-14", _OPENAI, 2, 0.5, 8, 520, 10),
    Model("o4-mini", "o4-mini-2025-04-16", _OPENAI, 1.1, 0.275, 4.4, 2900, 9, reasons=True),
    Model("claude-sonnet-4-5", "claude-sonnet-4-5-20250929", _ANTHROPIC, 3, 0.3, 15, 850, 14),
    Model("gemini-2.5-pro", "gemini-2.5-pro", _GOOGLE, 1.25, 0.31, 10, 1600, 9, reasons=True),
    Model("gemini-2.5-flash", "gemini-2.5-flash", _GOOGLE, 0.3, 0.075, 2.5, 420, 5),
    Model("text-embedding-3-small", "text-embedding-3-small", _OPENAI, 0.02, 0.02, 0, 95, 0),
)
MODELS: Mapping[str, Model] = MappingProxyType({model.name: model for model in _MODELS})


@dataclass(frozen=True)
class Usage:
    """The tokens of a call: those from a cache are part of `read`, those of reasoning part of `written`."""

    read: int = 0
    written: int = 0
    cached: int = 0
    reasoning: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.read + other.read,
            self.written + other.written,
            self.cached + other.cached,
            self.reasoning + other.reasoning,
        )

    @property
    def total(self) -> int:
        """Total tokens."""
        return self.read + self.written

    def cost(self, model: Model) -> float:
        """Return the price in US dollars."""
        fresh = (self.read - self.cached) * model.read
        return round((fresh + self.cached * model.cached + self.written * model.write) / _PER_PRICE, 8)


def tokens(text: str) -> int:
    """Return about how many tokens a text has."""
    return len(text) // 4 + 3


def usage(dice: Dice, model: Model, read: int, written: int) -> Usage:
    """Return the usage of a call with this many prompt and completion tokens; long prompts often hit the cache."""
    cached = read // 128 * 128 - 128 if read > 700 and dice.chance(0.6) else 0
    reasoning = 64 * dice.randrange(2, 18) if model.reasons else 0
    return Usage(read, written + reasoning, max(cached, 0), reasoning)


def thinking_time(model: Model, used: Usage) -> tuple[float, float]:
    """Return the median milliseconds until the first token, and from there to the last."""
    return model.first_token + used.read * 0.05, model.per_token * used.written

"""Model prices: the operator's own, then a public list; and the cost of a span that states none."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import msgspec

from spanwell.observability.model.errors import InvalidInput

from .model_names import spellings

LISTED = Path(__file__).with_name("prices.json")
"""The bundled price list, with its source, date and licence."""

_PER = 1_000_000


class Rates(msgspec.Struct, frozen=True, array_like=True):
    """US dollars per million tokens. Tokens without a rate of their own cost as much as other input or output."""

    input: float
    output: float
    cached: float | None = None
    cache_write: float | None = None
    audio_input: float | None = None
    audio_output: float | None = None

    def cost(self, usage: Mapping[str, Any]) -> float | None:
        """Return the cost of usage; None if it lacks the number of input or output tokens."""
        if usage.get("input_tokens") is None and usage.get("output_tokens") is None:
            return None
        inputs = _parts(
            usage.get("input_tokens") or 0,
            self.input,
            (usage.get("cached_input_tokens"), self.cached),
            (usage.get("cache_write_input_tokens"), self.cache_write),
            (usage.get("audio_input_tokens"), self.audio_input),
        )
        outputs = _parts(
            usage.get("output_tokens") or 0, self.output, (usage.get("audio_output_tokens"), self.audio_output)
        )
        return round((inputs + outputs) / _PER, 12)


def _parts(tokens: int, rate: float, *parts: tuple[int | None, float | None]) -> float:
    """Return the cost of tokens, parts of which have rates of their own; the parts are capped at the total."""
    total = 0.0
    for count, own in parts:
        if count and own is not None:
            part = min(count, tokens)
            tokens -= part
            total += part * own
    return total + tokens * rate


@dataclass(frozen=True)
class Price:
    """The price of the models whose names match a pattern."""

    models: tuple[str, ...]
    input: float
    output: float
    cached: float | None = None
    cache_write: float | None = None
    audio_input: float | None = None
    audio_output: float | None = None

    @property
    def rates(self) -> Rates:
        """Return the rates alone."""
        return Rates(self.input, self.output, self.cached, self.cache_write, self.audio_input, self.audio_output)


class PriceList(msgspec.Struct, frozen=True):
    """A public price list: its source, date and licence, and the rates of each model."""

    source: str
    date: str
    licence: str
    models: dict[str, Rates]


@cache
def listed() -> PriceList:
    """Return the bundled list."""
    return msgspec.json.decode(LISTED.read_bytes(), type=PriceList)


class Prices:
    """The operator's own prices, of which the first matching pattern counts, followed by the public list."""

    def __init__(self, own: Sequence[Price] = ()) -> None:
        self._own = tuple(own)
        self._find = lru_cache(1_000)(self._look_up)

    def _look_up(self, model: str, provider: str | None) -> Rates | None:
        """Return the rates of a model, by its first spelling that has any."""
        names = list(spellings(model, provider))
        for price in self._own:
            if any(fnmatchcase(name, pattern) for name in names for pattern in price.models):
                return price.rates
        known = listed().models
        return next((known[name] for name in names if name in known), None)

    def add_cost(self, usage: dict[str, Any]) -> None:
        """Add the cost to the usage of a span that states none, if the price is known."""
        if "cost_usd" in usage or "model" not in usage or "total_tokens" not in usage:
            return
        rates = self._find(usage["model"], usage.get("provider"))
        cost = rates.cost(usage) if rates is not None else None
        if cost is not None:
            usage["cost_usd"] = cost


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    price: list[Price]


def read_prices(path: Path) -> Prices:
    """Return the prices in a file, followed by the public list. Raises `InvalidInput` naming the problem."""
    try:
        table = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _Table)
    except OSError:
        raise InvalidInput("is not a readable file", "prices") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(f"is not valid TOML: {error}", "prices") from None
    except msgspec.ValidationError as error:
        raise InvalidInput(f"is not a valid price table: {error}", "prices") from None
    return Prices(table.price)


PUBLIC = Prices()
"""The public list alone."""

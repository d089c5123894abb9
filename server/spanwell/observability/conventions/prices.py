"""What models cost: a table of patterns and prices, and the cost of a span that states tokens and a model but none."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from spanwell.observability.model.errors import InvalidInput

LISTED = Path(__file__).with_name("prices.toml")
"""The table that comes with the program."""

_PER = 1_000_000


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens; `cached` of input tokens from a cache, which cost as any others without it."""

    models: tuple[str, ...]
    input: float
    output: float
    cached: float | None = None

    def cost(self, usage: Mapping[str, Any]) -> float | None:
        """Return what some usage costs; None if it does not say how many tokens were read, or written."""
        read, written = usage.get("input_tokens"), usage.get("output_tokens")
        if read is None and written is None:
            return None
        cached = min(usage.get("cached_input_tokens") or 0, read or 0)
        at_cached = self.input if self.cached is None else self.cached
        total = ((read or 0) - cached) * self.input + cached * at_cached + (written or 0) * self.output
        return round(total / _PER, 12)


class Prices:
    """A table of prices; the first entry with a pattern that a model's name fits is meant."""

    def __init__(self, listed: Sequence[Price] = ()) -> None:
        self._find = lru_cache(1_000)(self._look_up)
        self.use(listed)

    def use(self, listed: Sequence[Price]) -> None:
        """Put another table in place of this one; what is stored already keeps its cost until it is written again."""
        self._listed = tuple(listed)
        self._find.cache_clear()

    def _look_up(self, model: str) -> Price | None:
        """Return the price of a model, by its name in lower case and without what stands before the last `/`."""
        name = model.lower().rpartition("/")[2]
        return next((price for price in self._listed if any(fnmatchcase(name, m) for m in price.models)), None)

    def add_cost(self, usage: dict[str, Any]) -> None:
        """Add its cost to the usage of a span that states none. A price that is not known adds nothing."""
        if "cost_usd" in usage or "model" not in usage or "total_tokens" not in usage:
            return
        price = self._find(usage["model"])
        cost = price.cost(usage) if price is not None else None
        if cost is not None:
            usage["cost_usd"] = cost


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    price: list[Price]


def read_prices(path: Path) -> list[Price]:
    """Return the table in a file. Raises `InvalidInput` with what is wrong with it."""
    try:
        table = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _Table)
    except OSError:
        raise InvalidInput("names no file that can be read", "prices") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(f"is not a file of TOML: {error}", "prices") from None
    except msgspec.ValidationError as error:
        raise InvalidInput(f"is not a table of prices: {error}", "prices") from None
    return table.price


PRICES = Prices(read_prices(LISTED))
"""The prices in use: one table for all that is stored, as a process has one of them."""

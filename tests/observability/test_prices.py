"""What a span costs that states tokens and a model, but no cost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from spanwell.observability.conventions.prices import LISTED, PRICES, Price, Prices, read_prices
from spanwell.observability.derivation.derived import derived
from spanwell.observability.model.columns import Json
from spanwell.observability.model.errors import InvalidInput
from tests.making import span
from tests.running import spanwell
from tests.strategies import json_text


@pytest.fixture(autouse=True)
def listed() -> Iterator[None]:
    """Have the table that comes with the program in use, before and after each test."""
    yield
    PRICES.use(read_prices(LISTED))


def cost(**attributes: Any) -> float | None:
    stated = {f"gen_ai.{name.replace('__', '.')}": value for name, value in attributes.items()}
    return derived(span("t", "s", attributes=Json(json_text(stated)))).cost_usd


def test_tokens_of_a_known_model_have_their_price() -> None:
    assert cost(request__model="gpt-4o", usage__input_tokens=1_000_000, usage__output_tokens=100_000) == 3.5
    assert cost(request__model="openai/GPT-4o-2024-11-20", usage__input_tokens=1_000_000) == 2.5
    assert cost(request__model="gpt-4o-mini", usage__input_tokens=1_000_000) == 0.15


def test_input_from_a_cache_has_its_own_price_and_is_part_of_the_input() -> None:
    usage = {"input_tokens": 1_000_000, "cached_input_tokens": 400_000}
    assert Price(("m",), 2.0, 8.0, 0.5).cost(usage) == 1.4
    assert Price(("m",), 2.0, 8.0).cost(usage) == 2.0
    assert Price(("m",), 2.0, 8.0, 0.5).cost({"input_tokens": 10, "cached_input_tokens": 1_000}) == 0.000005


def test_a_stated_cost_wins() -> None:
    assert cost(request__model="gpt-4o", usage__input_tokens=1_000_000, usage__cost=0.125) == 0.125


def test_an_unknown_price_is_null_and_not_nothing() -> None:
    assert cost(request__model="my-own-model", usage__input_tokens=10) is None
    assert cost(request__model="gpt-4o-realtime-preview", usage__input_tokens=10) is None
    assert cost(request__model="gpt-4o", usage__total_tokens=10) is None
    assert cost(request__model="gpt-4o") is None
    assert cost(usage__input_tokens=10) is None


def test_the_first_entry_that_fits_is_meant() -> None:
    table = Prices([Price(("a-*",), 1.0, 1.0), Price(("*",), 2.0, 2.0)])
    usage = {"model": "x/A-1", "input_tokens": 1_000_000, "total_tokens": 1_000_000}
    table.add_cost(usage)
    assert usage["cost_usd"] == 1.0


def test_every_listed_price_is_one() -> None:
    for price in read_prices(LISTED):
        assert price.models
        assert all(model == model.lower() and "/" not in model for model in price.models)
        assert price.output >= 0
        assert 0 <= (price.cached or 0) <= price.input


def test_another_table_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_text('[[price]]\nmodels = ["my-*"]\ninput = 1\noutput = 2.5\n', encoding="utf-8")
    PRICES.use(read_prices(path))
    assert cost(request__model="my-model", usage__input_tokens=1_000_000, usage__output_tokens=1_000_000) == 3.5
    assert cost(request__model="gpt-4o", usage__input_tokens=10) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"price = [", "is not a file of TOML"),
        (b"\xff", "is not a file of TOML"),
        (b"[[price]]\nmodels = ['a']\ninput = 'x'\noutput = 1", "is not a table of prices"),
        (b"[[price]]\nmodels = ['a']\ninput = 1", "is not a table of prices"),
        (b"prices = 1", "is not a table of prices"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, text: bytes, problem: str) -> None:
    path = tmp_path / "prices.toml"
    path.write_bytes(text)
    with pytest.raises(InvalidInput, match=f"`prices` {problem}"):
        read_prices(path)


def test_the_command_says_which_file_is_missing(tmp_path: Path) -> None:
    done = spanwell("serve", "--db", ":memory:", "--prices", str(tmp_path / "none.toml"))
    assert done.returncode != 0
    assert "`prices` names no file that can be read" in done.stderr

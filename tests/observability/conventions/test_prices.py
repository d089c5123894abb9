"""What a span costs that states tokens and a model, but no cost."""

import re
from pathlib import Path
from typing import Any

import pytest

from spanwell.observability.conventions.prices import PUBLIC, Price, Prices, Rates, listed, read_prices
from spanwell.observability.derivation.derived import derived
from spanwell.observability.model.columns import Json
from spanwell.observability.model.errors import InvalidInput
from tests.making import span
from tests.prices.__main__ import prices_of
from tests.running import spanwell
from tests.strategies import json_text


def cost(**attributes: Any) -> float | None:
    return cost_by(PUBLIC, **attributes)


def cost_by(prices: Prices, /, **attributes: Any) -> float | None:
    stated = {f"gen_ai.{name.replace('__', '.')}": value for name, value in attributes.items()}
    return derived(span("t", "s", attributes=Json(json_text(stated))), prices).cost_usd


def test_tokens_of_a_known_model_have_their_price() -> None:
    assert cost(request__model="gpt-4o", usage__input_tokens=1_000_000, usage__output_tokens=100_000) == 3.5
    assert cost(request__model="openai/GPT-4o-2024-11-20", usage__input_tokens=1_000_000) == 2.5
    assert cost(request__model="gpt-4o-mini", usage__input_tokens=1_000_000) == 0.15


def test_input_from_a_cache_has_its_own_price_and_is_part_of_the_input() -> None:
    usage = {"input_tokens": 1_000_000, "cached_input_tokens": 400_000}
    assert Rates(2.0, 8.0, 0.5).cost(usage) == 1.4
    assert Rates(2.0, 8.0).cost(usage) == 2.0
    assert Rates(2.0, 8.0, 0.5).cost({"input_tokens": 10, "cached_input_tokens": 1_000}) == 0.000005


def test_a_stated_cost_wins() -> None:
    assert cost(request__model="gpt-4o", usage__input_tokens=1_000_000, usage__cost=0.125) == 0.125


def test_an_unknown_price_is_null_and_not_nothing() -> None:
    assert cost(request__model="my-own-model", usage__input_tokens=10) is None
    assert cost(request__model="gpt-4o-mine", usage__input_tokens=10) is None
    assert cost(request__model="gpt-4o", usage__total_tokens=10) is None
    assert cost(request__model="gpt-4o") is None
    assert cost(usage__input_tokens=10) is None


def test_the_first_entry_that_fits_is_meant() -> None:
    table = Prices([Price(("a-*",), 1.0, 1.0), Price(("*",), 2.0, 2.0)])
    usage = {"model": "x/A-1", "input_tokens": 1_000_000, "total_tokens": 1_000_000}
    table.add_cost(usage)
    assert usage["cost_usd"] == 1.0


def test_tokens_written_to_a_cache_and_those_of_audio_have_their_own_prices() -> None:
    rates = Rates(2.0, 8.0, 0.5, 2.5, 20.0, 40.0)
    usage = {"input_tokens": 1_000_000, "cached_input_tokens": 400_000, "cache_write_input_tokens": 100_000}
    assert rates.cost(usage) == 0.2 + 0.25 + 1.0
    assert rates.cost({**usage, "audio_input_tokens": 900_000}) == 0.2 + 0.25 + 10.0
    assert rates.cost({"output_tokens": 1_000_000, "audio_output_tokens": 500_000}) == 24.0


def test_every_listed_price_is_one() -> None:
    found = listed()
    assert found.source.startswith("LiteLLM")
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", found.date)
    assert "MIT License" in found.licence
    for name, rates in found.models.items():
        assert name == name.lower()
        assert rates.input >= 0
        assert rates.output >= 0
        assert rates.input + rates.output > 0


SPELLINGS = [
    "{region}anthropic.{name}-{date}-v1:0",
    "{region}anthropic.{name}-{date}-v1:0[1m]",
    "{name}-{date}[1m]",
    "bedrock/{region}anthropic.{name}-{date}-v1:0",
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/{region}anthropic.{name}-{date}-v1:0",
    "{name}@{date}",
    "vertex_ai/{name}@{date}",
    "anthropic/{name}",
    "anthropic/{name}:beta",
    "anthropic:{name}",
    "anthropic:{name}-{date}",
    "models/{name}",
    "publishers/anthropic/models/{name}",
    "{name}-latest",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(("name", "date"), [("claude-sonnet-4", "20250514"), ("claude-3-5-sonnet", "20241022")])
@pytest.mark.parametrize("region", ["", "us.", "eu.", "apac."])
def test_a_model_has_its_price_under_whatever_name_platforms_give_it(
    spelling: str, name: str, date: str, region: str
) -> None:
    model = spelling.format(name=name, date=date, region=region)
    usage = {"usage__input_tokens": 1_000_000, "usage__output_tokens": 100_000}
    assert cost(request__model=model, **usage) == 4.5
    assert cost(request__model=model.upper(), **usage) == 4.5


@pytest.mark.parametrize("model", ["claude", "gpt-4o-mine", "my:gpt", "sonnet-4", "anthropic.", "", "x" * 10_000])
def test_a_name_that_only_resembles_one_has_no_price(model: str) -> None:
    assert cost(request__model=model, usage__input_tokens=10) is None


@pytest.mark.parametrize("suffix", ["", ":acme", ":acme::a1b2", ":acme:name:a1b2", ":acme::a1b2:ckpt-step-100"])
def test_a_fine_tuned_model_costs_what_tuned_models_of_its_base_do(suffix: str) -> None:
    assert cost(request__model=f"ft:gpt-4o-mini-2024-07-18{suffix}", usage__input_tokens=1_000_000) == 0.3


def test_a_platform_may_charge_its_own_price() -> None:
    usage = {"usage__input_tokens": 1_000_000}
    own = cost(request__model="eu.amazon.nova-pro-v1:0", **usage)
    assert own != cost(request__model="amazon.nova-pro-v1:0", **usage) == cost(request__model="nova-pro", **usage)


def test_ones_own_table_comes_before_the_list(tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_text('[[price]]\nmodels = ["my-*", "gpt-4o"]\ninput = 1\noutput = 2.5\n', encoding="utf-8")
    own = read_prices(path)
    assert cost_by(own, request__model="my-model", usage__input_tokens=1_000_000, usage__output_tokens=1_000_000) == 3.5
    assert cost_by(own, request__model="openai/gpt-4o", usage__input_tokens=1_000_000) == 1.0
    assert cost_by(own, request__model="gpt-4o-mini", usage__input_tokens=1_000_000) == 0.15


def test_the_list_is_made_of_litellms() -> None:
    entries: dict[str, Any] = {
        "maker-2025-01-01": {"litellm_provider": "openai", "input_cost_per_token": 1e-6, "mode": "chat"},
        "bedrock/us-gov/openai.maker-2025-01-01": {"litellm_provider": "bedrock", "input_cost_per_token": 2e-6},
        "gateway/maker": {"litellm_provider": "gateway", "input_cost_per_token": 3e-6, "mode": "chat"},
        "free": {"litellm_provider": "openai", "input_cost_per_token": 0.0, "mode": "chat"},
        "picture": {"litellm_provider": "openai", "input_cost_per_token": 1e-6, "mode": "image_generation"},
    }
    assert prices_of(entries) == {
        "maker": Rates(1.0, 0.0),
        "maker-2025-01-01": Rates(1.0, 0.0),
        "bedrock/us-gov/openai.maker-2025-01-01": Rates(2.0, 0.0),
        "gateway/maker": Rates(3.0, 0.0),
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"price = [", "is not valid TOML"),
        (b"\xff", "is not valid TOML"),
        (b"[[price]]\nmodels = ['a']\ninput = 'x'\noutput = 1", "is not a valid price table"),
        (b"[[price]]\nmodels = ['a']\ninput = 1", "is not a valid price table"),
        (b"prices = 1", "is not a valid price table"),
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
    assert "`prices` is not a readable file" in done.stderr

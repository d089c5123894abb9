"""Takes the prices out of the list that the package `litellm` brings, and writes them as the program reads them.

    uv run --with litellm python -m tests.prices

A price is kept under the name that LiteLLM has it under, and under the name that the maker of the model gives it,
dated and not; there the maker's own price wins over that of Amazon's cloud, Google's and Microsoft's, in this order.
What other platforms charge for a model is only kept under their own name of it, for they differ.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, distribution
from itertools import groupby
from typing import Any

import msgspec

from spanwell.observability.conventions.model_names import canonical, undated
from spanwell.observability.conventions.prices import LISTED, PriceList, Rates

_FILE = "litellm/model_prices_and_context_window_backup.json"
_MAKERS = (
    *("ai21", "anthropic", "cohere", "cohere_chat", "deepseek", "gemini", "jina_ai", "minimax", "mistral", "moonshot"),
    *("openai", "perplexity", "text-completion-openai", "voyage", "xai", "zai"),
)
_CLOUDS = ("bedrock", "vertex_ai", "azure")
_MODES = frozenset({"chat", "completion", "responses", "embedding", "rerank", "realtime", "audio_transcription", None})
_RATES = {
    "input": "input_cost_per_token",
    "output": "output_cost_per_token",
    "cached": "cache_read_input_token_cost",
    "cache_write": "cache_creation_input_token_cost",
    "audio_input": "input_cost_per_audio_token",
    "audio_output": "output_cost_per_audio_token",
}


def rank(provider: str) -> int | None:
    """Return how near a provider's prices are to those of a model's maker; None if they are only its own."""
    if provider in _MAKERS:
        return 0
    return next((at for at, cloud in enumerate(_CLOUDS, 1) if provider.startswith(cloud)), None)


def rates_of(entry: Mapping[str, Any]) -> Rates | None:
    """Return the rates of an entry of LiteLLM's list; None if it has none for tokens."""
    found = {name: _per_million(entry.get(key)) for name, key in _RATES.items()}
    if found["input"] is None or not (found["input"] or found["output"]) or entry.get("mode") not in _MODES:
        return None
    return Rates(found["input"], found["output"] or 0.0, *(found[name] for name in list(_RATES)[2:]))


def _per_million(price: Any) -> float | None:
    return round(price * 1_000_000, 6) if isinstance(price, int | float) else None


def prices_of(entries: Mapping[str, Any]) -> dict[str, Rates]:
    """Return the rates under all the names by which they are found."""
    own = {name.lower(): rates for name, entry in entries.items() if (rates := rates_of(entry))}
    others: dict[str, Rates] = {}
    for names in _by_nearness(entries, own):
        known = frozenset(others)
        for name in names:
            if undated(canonical(name)) not in known:
                others.setdefault(canonical(name), own[name])
        for name in reversed(names):  # the newest date speaks for a name without one
            others.setdefault(undated(canonical(name)), own[name])
    needed = {name: rates for name, rates in own.items() if others.get(canonical(name)) != rates}
    return dict(sorted({**needed, **others}.items()))


def _by_nearness(entries: Mapping[str, Any], own: Mapping[str, Rates]) -> Iterator[list[str]]:
    """Yield the names of those that are as near, in the order of their names, and the nearest ones first.

    Names with a region, or the like, come last: what is charged there may be more.
    """
    ranks = {name.lower(): rank(str(entry.get("litellm_provider"))) for name, entry in entries.items()}
    ranked = ((_additions(name) > 1, ranks[name], canonical(name), name) for name in own)
    near = sorted(each for each in ranked if each[1] is not None)
    for _, group in groupby(near, lambda each: each[:2]):
        yield [name for *_, name in group]


def _additions(name: str) -> int:
    """Return how much stands around the name of a model."""
    return name.count("/") + (name.count(".") if name.endswith(canonical(name)) or ":" in name else 0)


def written(found: PriceList) -> str:
    """Return a list as JSON with a model on each line, so that one sees what a new list changes."""
    text = msgspec.json.encode(found).decode()
    for old, new in ((",null]", "]"),) * 4:
        text = text.replace(old, new)
    return text.replace('],"', '],\n"').replace('"models":{', '"models":{\n') + "\n"


def main() -> int:
    """Write the list."""
    try:
        package = distribution("litellm")
    except PackageNotFoundError:
        sys.stderr.write("The package litellm is not there: uv run --with litellm python -m tests.prices\n")
        return 1
    entries = json.loads(str(package.read_text(f"../{_FILE}")))
    found = PriceList(
        source=f"LiteLLM {package.version}, https://github.com/BerriAI/litellm",
        date=datetime.now(UTC).date().isoformat(),
        licence=str(package.read_text("licenses/LICENSE")),
        models=prices_of(entries),
    )
    LISTED.write_text(written(found), encoding="utf-8")
    sys.stdout.write(f"{len(found.models):,} names of models, of {found.source}.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

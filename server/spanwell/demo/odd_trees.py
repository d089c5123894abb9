"""Odd trees of spans that are otherwise whole: a root, and children within their parents' time."""

from typing import Any

from spanwell.demo.agents.generation import usage_attributes
from spanwell.demo.agents.workflows import failure
from spanwell.demo.shop.calls import external, rpc, sql
from spanwell.demo.shop.services import CATALOG, INVENTORY
from spanwell.observability.model.span import SpanKind
from spanwell.observability.model.text import json_of

from .dice import Dice
from .draft import Draft
from .models import MODELS, Usage

_LEVELS = 64
_PASSAGES = 600
_SUPPLIERS, _PRODUCTS = 33, 29
_ROWS = 900
_FOLDERS = ("archive", "2019", "campaigns", "photos", "raw", "day", "camera", "roll")
_UPSERT = "INSERT INTO prices (product_id, supplier_id, amount) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET amount = ?"


def _root(dice: Dice, name: str, at: int, service: str, **given: Any) -> Draft:
    context = {"service_name": service, "environment": "production", "source": "cloud", "run_id": dice.uuid()}
    return Draft.root(dice, name, at, context, **given)


def deep(dice: Dice, at: int) -> Draft:
    """List folders within folders, each by the span of the one above."""
    root = _root(dice, "index s3://larkspur-media", at, "media-indexer", type="rag_ingestion")
    folder, open_drafts = "", [root]
    for level in range(_LEVELS):
        folder = f"{folder}/{_FOLDERS[level % len(_FOLDERS)]}"
        draft = open_drafts[-1].child(f"list {_FOLDERS[level % len(_FOLDERS)]}/", attributes={"depth": level + 1})
        draft.given["input"] = json_of({"prefix": folder})
        draft.work(12, 0.5)
        open_drafts.append(draft)
    while open_drafts:
        open_drafts.pop().end()
    return root


def wide(dice: Dice, at: int) -> Draft:
    """Take a handbook in: every passage is embedded under one span."""
    given = json_of({"source": "confluence://handbook", "passages": _PASSAGES})
    root = _root(dice, "ingest handbook", at, "handbook-rag", type="rag_ingestion", input=given)
    begun = root.clock
    with root:
        for number in range(_PASSAGES):
            begun = root.clock if number % 16 == 0 else begun
            with root.child(
                f"embed passage {number + 1}",
                at=begun,
                type="rag_embedding",
                attributes={"model": "text-embedding-3-small", "provider": "openai", "dimensions": 1_536},
            ) as passage:
                passage.work(85, 0.4)
                passage.measured = usage_attributes(Usage(dice.randrange(60, 380)), MODELS["text-embedding-3-small"])
    return root


def deep_failure(dice: Dice, at: int) -> Draft:
    """Let an agent hand on to agents; the last one's workflow fails, and yet the first one answers."""
    names = ("concierge", "trip-planner", "rail-desk", "seat-finder")
    ask = json_of({"messages": [{"role": "user", "content": "Two seats by the window to Tallinn, please."}]})
    root = _root(
        dice, "agent run: 'concierge'", at, "trip-planner", type="agent_run", entity_name="concierge", input=ask
    )
    root.given.update(entity_type="agent", entity_id="concierge", user_id="rosa.ito")
    opened = [root]
    for name in names[1:]:
        tool = opened[-1].child(f"tool: 'ask-{name}'", type="tool_call", entity_type="tool", entity_name=f"ask-{name}")
        tool.work(3)
        agent = tool.child(f"agent run: '{name}'", type="agent_run", entity_type="agent", entity_name=name)
        agent.work(40)
        opened += [tool, agent]
    run = opened[-1].child("workflow run: 'reserve-seats'", type="workflow_run", entity_type="workflow")
    step = run.child("workflow step: 'lock-seats'", type="workflow_step", entity_type="workflow_step")
    step.work(5_000, 0.01)
    details = {"coach": 12, "seats": [61, 62]}
    step.results["error_info"] = failure(
        "SeatLockError", "coach 12 is locked by another booking", "STEP_FAILED", details
    )
    for draft in (step, run, *reversed(opened)):
        draft.end()
    root.work(600)
    root.results["output"] = json_of("I have two seats in coach 12, but only one of them is by the window.")
    return root


def big(dice: Dice, at: int) -> Draft:
    """Fetch the prices of every supplier, and write every product by itself."""
    context = {**INVENTORY.context(dice), "environment": "production", "source": "otlp"}
    root = Draft.root(dice, "job sync-supplier-prices", at, context, kind=SpanKind.INTERNAL)
    with root:
        for supplier in range(_SUPPLIERS):
            with root.child(
                f"supplier {supplier + 1}", kind=SpanKind.INTERNAL, attributes={"app.supplier.id": supplier + 1}
            ) as draft:
                external(draft, f"supplier-{supplier + 1}.example/prices", 300)
                for _ in range(_PRODUCTS):
                    with draft.child("price", kind=SpanKind.INTERNAL) as price:
                        price.work(0.3)
                        sql(price, "INSERT prices", _UPSERT)
    return root


def named_oddly(dice: Dice, at: int) -> Draft:
    """Use names in many scripts, with emoji, accents that combine, and lines that break."""
    names = (
        "工具 搜索航班",
        "أداة: البحث عن فندق",
        "👩‍🚀 crew 🇪🇺",
        "e\u0301tape n\u00ba 1",
        "two\nlines",
        "<b>&amp;</b>",
        "🏔️" * 20,
    )
    ask = json_of({"messages": [{"role": "user", "content": "明日、京都へ行きたい 🚄 — çok teşekkürler!"}]})
    root = _root(dice, "agent run: '旅行プランナー ✈️'", at, "trip-planner", type="agent_run", input=ask)
    root.given.update(
        entity_type="agent",
        entity_name="旅行プランナー",
        user_id="zoë.łukasz",
        metadata=json_of({"клавиша": "значение"}),
    )
    with root:
        for name in names:
            with root.child(name, type="tool_call", entity_type="tool", entity_name=name) as tool:
                tool.work(90)
                tool.results["output"] = json_of({"✅": True, "nul": "a\u0000b", "größe": 12345678901234567890})
        root.results["output"] = json_of("9:03発のひかりをご案内します。🙂")
    return root


def big_input(dice: Dice, at: int) -> Draft:
    """Paste a whole table, 50 KB of it, into a conversation."""
    rows = [
        f"{48_200 + i},2026-0{i % 9 + 1}-{i % 28 + 1:02d},{dice.uuid()},{dice.uniform(5, 900):.2f}"
        for i in range(_ROWS)
    ]
    table = "order,day,customer,total\n" + "\n".join(rows)
    ask = json_of({"messages": [{"role": "user", "content": f"Which of these orders look like fraud?\n\n{table}"}]})
    root = _root(dice, "agent run: 'sql-analyst'", at, "data-assistant", type="agent_run", input=ask)
    root.given.update(entity_type="agent", entity_name="sql-analyst", user_id="elif.kovács")
    with root:
        with root.child("llm: 'gpt-4.1'", type="model_generation", input=ask) as generation:
            generation.attributes.update(model="gpt-4.1", provider="openai")
            generation.work(21_000)
            generation.measured = usage_attributes(Usage(len(table) // 3, 412), MODELS["gpt-4.1"])
        root.results["output"] = json_of("Eleven orders share one customer and an hour; I would look at those first.")
    return root


def without_length(dice: Dice, at: int) -> Draft:
    """Look flags up in memory: every span begins and ends at the same nanosecond, the root too."""
    root = _root(dice, "evaluate flags", at, "frontend", type="generic")
    for flag in ("new-checkout", "free-shipping", "winter-theme", "beta-search"):
        with root.child(f"flag {flag}", attributes={"feature_flag.key": flag}) as evaluation:
            evaluation.measured["feature_flag.result.value"] = dice.chance(0.5)
    return root


def stamped_finely(dice: Dice, at: int) -> Draft:
    """Take a few nanoseconds per span: anything that rounds to micro- or milliseconds shows it here."""
    root = _root(dice, "price basket", at, "checkout", kind=SpanKind.INTERNAL)
    for number in range(12):
        with root.child(f"apply rule {number + 1}", attributes={"rule": number + 1}) as rule:
            rule.clock += 1 + dice.randrange(700)
        root.clock += 1
    with rpc(root, CATALOG, "GetTaxRates") as catalog:
        sql(catalog, "SELECT tax_rates", "SELECT * FROM tax_rates WHERE country = $1")
    return root

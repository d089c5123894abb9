"""Ten everyday questions, each answered in as few clicks and keys as the dashboard's README says."""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.running import ROOT, Running

from .conftest import OpenPage
from .hand import Hand

Begin = Callable[..., tuple[Page, Hand]]
CLIPBOARD = ["clipboard-read", "clipboard-write"]

_README = (ROOT / "frontend_examples" / "dashboard" / "README.md").read_text("utf-8")
_TABLE = re.findall(r"^\| (.+?) \| (.+?) \| (\d+) \| (\d+) \|$", _README, re.MULTILINE)
QUESTIONS = {question: (before, int(clicks), int(keys)) for question, before, clicks, keys in _TABLE}
"""By question: the words of what it took before, and the clicks and keys that it takes."""


@pytest.fixture
def begin(open_page: OpenPage) -> Begin:
    """Return what opens a page for a hand that counts."""

    def begun(address: str = "/", **options: Any) -> tuple[Page, Hand]:
        page = open_page(address, **options)
        expect(page.get_by_role("link", name="Spanwell, all traces")).to_be_visible()
        return page, Hand(page)

    return begun


def took(question: str) -> tuple[int, int]:
    """Return the clicks and keys that a question may take."""
    return QUESTIONS[question][1:]


def effort(words: str) -> float:
    """Return the clicks and keys of words such as `4 clicks, 10 keys`; infinite if there was no way."""
    counts = [int(count) for count in re.findall(r"(\d+) (?:clicks?|keys?)\b", words)]
    return sum(counts) if counts else math.inf


def test_each_of_the_questions_takes_less_than_it_did() -> None:
    assert len(QUESTIONS) == 11
    for before, clicks, keys in QUESTIONS.values():
        assert clicks + keys < effort(before)


def now() -> str:
    return datetime.now(UTC).isoformat()


def menu(page: Page, name: str) -> Any:
    return page.get_by_role("navigation", name="Pages").get_by_role("link", name=name)


def table(page: Page, name: str) -> Any:
    return page.get_by_role("table", name=name).get_by_role("row").filter(has=page.get_by_role("link"))


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def first_trace(server: Running, question: str) -> dict[str, Any]:
    found = server.ask(f"{{ traces(first: 1, {question}) {{ nodes {{ traceId name spanCount }} }} }}")
    trace: dict[str, Any] = found["data"]["traces"]["nodes"][0]
    return trace


def fail_in_inventory(server: Running) -> None:
    """Let a service fail now, as it does on most days of the demo, but not on all."""
    failed = f'name: "UPDATE stock", serviceName: "inventory", startedAt: "{now()}", endedAt: "{now()}"'
    error = 'errorInfo: {message: "deadlock detected"}'
    answer = server.ask(
        f'mutation {{ createSpan(span: {{traceId: "failed", spanId: "1", {failed}, {error}}}) {{ createdCount }} }}'
    )
    assert "errors" not in answer


def test_what_failed_today_and_why(begin: Begin, server: Running) -> None:
    fail_in_inventory(server)
    page, hand = begin()
    hand.click(menu(page, "Errors"))
    hand.choose(page.get_by_role("combobox", name="Time"), "24h")
    errors = page.get_by_role("list", name="Errors").get_by_role("listitem")
    expect(errors.filter(has_text="deadlock detected")).to_contain_text("inventory")
    assert (hand.clicks, hand.keys) == took("what failed today, and why")


def test_why_checkout_is_slow(begin: Begin) -> None:
    """The slowest beside the fastest, span by span."""
    page, hand = begin()
    expect(page.get_by_role("combobox", name="Add a condition or search")).to_be_visible()
    hand.press("/")
    hand.type("name=POST /checkout")
    hand.press("Enter")
    hand.click(page.get_by_role("button", name="Duration"))
    expect(page).to_have_url(re.compile("sort=DURATION"))
    expect(page.locator(".stale")).to_have_count(0)
    hand.click(table(page, "Traces").get_by_role("link").first)
    hand.click(page.get_by_role("link", name="Compare…"))
    fastest = page.locator(".candidates section").filter(has_text="Fastest")
    hand.click(fastest.get_by_role("link").first)
    expect(page.get_by_role("table", name="Both traces in all")).to_contain_text("Duration")
    expect(page.get_by_role("table", name="Differences of two traces")).to_contain_text("ms")
    assert (hand.clicks, hand.keys) == took("why checkout is slow: the slowest beside the fastest")


def test_the_conversation_in_which_something_was_asked(begin: Begin, server: Running) -> None:
    said = '{traceId: "asked", spanId: "1", name: "chat", sessionId: "kayaks", startedAt: "2026-01-31T09:30:00Z"'
    words = ', input: {messages: [{role: "user", content: "May I paddle to Vanuatu?"}]}}'
    server.ask(f"mutation {{ createSpan(span: {said}{words}) {{ createdCount }} }}")
    page, hand = begin()
    hand.click(menu(page, "Sessions"))
    expect(page.get_by_role("table", name="Sessions")).to_be_visible()
    hand.press("/")
    hand.type("Vanuatu")
    hand.press("Enter")
    expect(table(page, "Sessions")).to_have_count(1)
    hand.click(table(page, "Sessions").get_by_role("link"))
    expect(page.locator("mark")).to_have_text("Vanuatu")
    assert (hand.clicks, hand.keys) == took("the conversation in which something was asked")


def test_what_each_agent_and_model_cost_this_week(begin: Begin) -> None:
    page, hand = begin("/#/traces?range=7d")
    hand.click(menu(page, "Statistics"))
    hand.click(page.get_by_role("button", name="Cost by agent and model"))
    row = page.get_by_role("table", name="Statistics").get_by_role("row", name=re.compile("travel-planner"))
    expect(row.first).to_contain_text("$")
    assert (hand.clicks, hand.keys) == took("what each agent and model cost this week")


FORMS = {
    "bare": "{id}",
    "upper case": "{upper}",
    "a UUID": "{uuid}",
    "with 0x": "0x{id}",
    "its beginning": "{start}",
    "a traceparent": "00-{id}-00f067aa0ba902b7-01",
    "of a log": "2026-01-31 ERROR trace_id={id} payment failed",
    "JSON": '{{"traceId": "{id}"}}',
    "an address": "http://localhost:8000/#/trace/{id}",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_the_trace_whose_id_is_in_a_log(begin: Begin, server: Running, form: str) -> None:
    trace = first_trace(server, "filter: {spanCount: {gt: 3}}")["traceId"]
    dashes = str(UUID(trace))
    text = form.format(id=trace, upper=trace.upper(), uuid=dashes, start=trace[:12])
    page, hand = begin("/#/services")
    expect(page.get_by_role("table", name="Services")).to_be_visible()
    hand.press("Control+k")
    expect(page.get_by_role("dialog", name="Go to").get_by_role("combobox")).to_be_focused()
    hand.paste(text)
    expect(page.get_by_role("option", name=re.compile("^Open trace")).first).to_be_visible()
    hand.press("Enter")
    expect(page).to_have_url(re.compile(f"#/trace/{trace}"))
    assert (hand.clicks, hand.keys) == took("the trace whose id is in a log, in nine forms")


def test_a_pasted_id_in_the_filter_bar_leads_to_its_trace_or_is_searched_for(begin: Begin, server: Running) -> None:
    trace = first_trace(server, "filter: {spanCount: {gt: 3}}")["traceId"]
    page, hand = begin()
    expect(page.get_by_role("combobox", name="Add a condition or search")).to_be_visible()
    hand.press("/")
    hand.paste("4bf92f3577b34da6a3ce929d0e0e4736")
    hand.press("Enter")
    expect(page.get_by_text("None has “4bf92f3577b34da6a3ce929d0e0e4736” in its texts")).to_be_visible()
    hand.press("/")
    hand.paste(trace.upper())
    hand.press("Enter")
    expect(page).to_have_url(re.compile(f"#/trace/{trace}"))


def test_sending_exactly_what_one_sees(begin: Begin) -> None:
    page, hand = begin("/#/traces?range=24h&f=status+eq+ERROR", permissions=CLIPBOARD)
    hand.click(page.get_by_role("button", name="More", exact=True))
    hand.click(page.get_by_role("button", name="Copy link"))
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert re.search(r"/#/traces\?f=status.*from=20.*to=20", clipboard(page))
    assert "range=" not in clipboard(page)
    assert (hand.clicks, hand.keys) == took("sending exactly what one sees, with the time of now")


def test_copying_the_query_behind_a_chart(begin: Begin) -> None:
    page, hand = begin(permissions=CLIPBOARD)
    hand.click(page.get_by_role("region", name="Charts").get_by_role("button", name="GraphQL"))
    hand.click(page.get_by_role("button", name="Copy as curl"))
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert clipboard(page).startswith("curl http://")
    assert "traceStats" in clipboard(page)
    assert (hand.clicks, hand.keys) == took("the query behind a chart, for a shell")


def test_downloading_and_deleting_a_trace(begin: Begin, server: Running) -> None:
    span = '{traceId: "unwanted", spanId: "1", name: "unwanted", startedAt: "2026-01-31T09:30:00Z"}'
    server.ask(f"mutation {{ createSpan(span: {span}) {{ createdCount }} }}")
    page, hand = begin("/#/trace/unwanted")
    hand.click(page.get_by_role("button", name="More", exact=True))
    with page.expect_download() as download:
        hand.click(page.get_by_role("button", name="Download spans"))
    assert '"name":"unwanted"' in download.value.path().read_text()
    assert (hand.clicks, hand.keys) == took("downloading a trace")
    hand.clicks = 1  # the menu is open
    hand.click(page.get_by_role("button", name="Delete this trace"))
    hand.click(page.get_by_role("dialog").get_by_role("button", name="Delete"))
    expect(page).to_have_url(re.compile("#/traces"))
    assert server.ask('{ trace(traceId: "unwanted") { name } }') == {"data": {"trace": None}}
    assert (hand.clicks, hand.keys) == took("deleting a trace, and confirming it")


def test_who_calls_whom_and_where_errors_come_from(begin: Begin, server: Running) -> None:
    fail_in_inventory(server)
    page, hand = begin()
    hand.click(menu(page, "Services"))
    expect(page.get_by_role("group", name="Graph of services").get_by_role("link").first).to_be_visible()
    service = table(page, "Services").filter(has_text="inventory")
    hand.click(service.get_by_role("link", name=re.compile("%")))
    expect(page.get_by_role("table", name="Spans")).to_contain_text("deadlock detected")
    assert (hand.clicks, hand.keys) == took("where errors come from, to their text")


def test_following_a_running_agent(begin: Begin, server: Running) -> None:
    create = "mutation ($spans: [CreateSpanInput!]!) { batchCreateSpans(spans: $spans) { createdCount } }"
    run = {"traceId": "running", "spanId": "1", "name": "agent at work", "startedAt": now()}
    server.ask(create, {"spans": [run]})
    page, hand = begin("/#/traces?f=traceId+eq+running")
    hand.click(table(page, "Traces").get_by_role("link").first)
    tree = page.get_by_role("tree", name="Spans").get_by_role("treeitem")
    expect(tree).to_have_count(1)
    expect(tree.first).to_contain_text("running, ")
    step = {**run, "spanId": "2", "parentSpanId": "1", "name": "a new step"}
    server.ask(create, {"spans": [step]})
    expect(tree.nth(1)).to_contain_text("a new step", timeout=15_000)
    server.ask(create, {"spans": [{**span, "endedAt": now()} for span in (run, step)]})
    expect(page.locator(".trace-title .status")).to_contain_text("Succeeded", timeout=15_000)
    assert (hand.clicks, hand.keys) == took("following a running agent")

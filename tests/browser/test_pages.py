"""What pages must get right: lists that tell the truth and come back as they were, and traces that live."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect

from tests.running import Running, serving

from .axe import grave_faults
from .boxes import box_of
from .conftest import OpenPage
from .test_dashboard import bar, rows, spans
from .watching import Watch

CREATE = "mutation ($spans: [CreateSpanInput!]!) { batchCreateSpans(spans: $spans) { createdCount } }"


@pytest.fixture(scope="module")
def empty() -> Iterator[Running]:
    with serving("--db", ":memory:") as running:
        yield running


def now() -> str:
    return datetime.now(UTC).isoformat()


def test_an_empty_store_shows_how_to_send_the_first_span_and_shows_it(browser: Browser, empty: Running) -> None:
    watch, context = Watch(empty.url), browser.new_context()
    watch.over(context)
    page = context.new_page()
    page.goto(empty.url)
    first = page.get_by_role("region", name="Send the first span")
    expect(first).to_contain_text(f"curl {empty.url}/graphql")
    assert grave_faults(page) == []
    first.get_by_role("button", name="Send an example trace").click()
    expect(rows(page)).to_have_count(1, timeout=15_000)
    expect(rows(page)).to_contain_text("agent run: 'helper'")
    context.close()
    assert watch.faults == []


def test_going_back_finds_the_list_as_it_was(open_page: OpenPage) -> None:
    page = open_page("/")
    expect(rows(page)).to_have_count(50)
    rows(page).last.scroll_into_view_if_needed()
    expect(rows(page)).to_have_count(100)
    row = rows(page).nth(70)
    row.scroll_into_view_if_needed()
    name = row.inner_text()
    page.wait_for_timeout(300)
    before = box_of(row)
    row.get_by_role("link").click()
    expect(spans(page).first).to_be_visible()
    page.get_by_role("link", name="Back to the list").click()
    expect(rows(page)).to_have_count(100)
    expect(rows(page).nth(70)).to_have_text(re.compile(re.escape(name.split("\n")[0])))
    assert abs(box_of(row).top - before.top) < 40, "less than a row"


def test_filter_and_time_survive_the_menu_and_its_keys(open_page: OpenPage) -> None:
    page = open_page("/#/traces?f=status+eq+ERROR&f=spanCount+gt+2&range=24h")
    menu = page.get_by_role("navigation", name="Pages")
    menu.get_by_role("link", name="Spans").click()
    conditions = page.get_by_role("list", name="Conditions")
    expect(conditions).to_contain_text("ERROR")
    expect(conditions).not_to_contain_text("spanCount")
    expect(page.get_by_role("combobox", name="Time")).to_have_value("24h")
    page.keyboard.press("Control+k")
    page.get_by_role("dialog", name="Go to").get_by_role("combobox").fill("err")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"#/errors\?f=status.*range=24h"))


def test_on_traces_a_service_is_that_of_any_span_and_counted_as_traces(open_page: OpenPage, server: Running) -> None:
    page = open_page("/")
    bar(page).fill("serviceName")
    page.get_by_role("option", name=re.compile("^serviceName any span")).first.click()
    page.get_by_role("option", name="is", exact=True).click()
    where = '{spans: {some: {serviceName: {eq: "inventory"}}}}'
    count = server.ask(f"{{ traces(first: 0, filter: {where}) {{ totalCount }} }}")["data"]["traces"]["totalCount"]
    choice = page.get_by_role("option", name=re.compile("^inventory"))
    expect(choice).to_contain_text(str(count), timeout=15_000)
    choice.click()
    expect(page.get_by_role("region", name="List of traces")).to_contain_text(f"{count} traces")


def test_conditions_are_edited_negated_and_joined_by_or(open_page: OpenPage) -> None:
    page = open_page("/#/traces?f=durationMs+gte+2000&f=status+eq+ERROR")
    conditions = page.get_by_role("list", name="Conditions")
    page.get_by_role("button", name=re.compile("^and status is ERROR")).click()
    expect(page).to_have_url(re.compile("or%2Fstatus"))
    page.get_by_role("button", name=re.compile("^Not: durationMs")).click()
    expect(conditions).to_contain_text("not ≥")
    page.get_by_role("button", name=re.compile("^Edit: durationMs")).click()
    page.keyboard.type("1.5 s")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"not%2FdurationMs\+gte\+1500"))


def test_a_value_that_is_refused_says_why(open_page: OpenPage) -> None:
    page = open_page("/")
    bar(page).fill("duration > soon")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("try 250ms")
    bar(page).fill("some.new.key = 5")
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Conditions")).to_contain_text("some.new.key is 5")


def test_charts_reach_from_the_chosen_time_to_now(open_page: OpenPage) -> None:
    page = open_page("/#/traces?range=7d&f=status+eq+ERROR")
    chart = page.get_by_role("slider", name="Traces through time")
    expect(chart).to_be_enabled()
    words = chart.get_attribute("aria-valuetext") or ""
    week = page.evaluate("new Date(Date.now() - 7 * 86400000).getDate()")
    assert re.search(rf"\b{week} \w+", page.locator(".chart-axis").first.inner_text())
    assert "with errors" in words


def test_what_no_longer_matches_leaves_a_live_list_in_any_order(open_page: OpenPage, server: Running) -> None:
    run = {"traceId": "leaving", "spanId": "1", "name": "leaving soon", "startedAt": now()}
    server.ask(CREATE, {"spans": [run]})
    page = open_page("/#/traces?live=yes&sort=DURATION&f=status+eq+RUNNING&f=traceId+eq+leaving")
    expect(page.locator(".live-live")).to_be_visible(timeout=20_000)
    expect(rows(page)).to_have_count(1)
    server.ask(CREATE, {"spans": [{**run, "endedAt": now()}]})
    expect(rows(page)).to_have_count(0, timeout=15_000)


def test_a_deleted_trace_says_so_and_leaves_the_list(open_page: OpenPage, server: Running) -> None:
    server.ask(CREATE, {"spans": [{"traceId": "goner", "spanId": "1", "name": "goner", "startedAt": now()}]})
    listed, opened = open_page("/#/traces?live=yes&f=traceId+eq+goner"), open_page("/#/trace/goner")
    expect(listed.locator(".live-live")).to_be_visible(timeout=20_000)
    expect(rows(listed)).to_have_count(1)
    expect(spans(opened)).to_have_count(1)
    opened.wait_for_timeout(1500)  # the feed has begun by then
    server.ask('mutation { batchDeleteTraces(traceIds: ["goner"]) { deletedTraceCount } }')
    expect(rows(listed)).to_have_count(0, timeout=15_000)
    expect(opened.get_by_text("This trace was deleted")).to_be_visible(timeout=15_000)


def test_an_event_of_another_clock_and_a_span_without_a_name_are_told_in_words(
    open_page: OpenPage, server: Running
) -> None:
    event = {"name": "tick", "timestamp": "2026-01-31T09:59:59+01:00"}
    times = {"startedAt": "2026-01-31T09:00:00Z", "endedAt": "2026-01-31T09:00:05Z"}
    server.ask(CREATE, {"spans": [{"traceId": "clocks", "spanId": "c", "name": " ", **times, "events": [event]}]})
    page = open_page("/#/span/c")
    expect(page).to_have_url(re.compile("#/trace/clocks"))
    expect(spans(page).first).to_contain_text("(no name)")
    expect(page.locator(".event-time")).to_have_text("\u22121 s")


def test_two_megabytes_of_json_open_at_once_and_are_searched(open_page: OpenPage, server: Running) -> None:
    entries = [{"id": index, "name": f"entry {index}", "text": "x" * 40} for index in range(25_000)]
    span = {"traceId": "large", "spanId": "1", "name": "large", "startedAt": now(), "endedAt": now()}
    server.ask(CREATE, {"spans": [{**span, "output": {"entries": entries}}]})
    page = open_page("/#/trace/large")
    tree = page.locator(".json-tree")
    expect(tree).to_be_visible(timeout=15_000)
    taken = page.evaluate(
        """() => new Promise((resolve) => {
          const begun = performance.now();
          document.querySelector(".json-tree li .json-branch").click();
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
        })"""
    )
    assert taken < 1000
    tree.get_by_role("searchbox").fill("entry 24999")
    expect(tree.get_by_role("status")).to_have_text("1 match")


def test_a_trace_has_other_views(open_page: OpenPage, server: Running) -> None:
    found = server.ask("{ traces(first: 1, orderBy: [{field: SPAN_COUNT}]) { nodes { traceId } } }")
    page = open_page(f"/#/trace/{found['data']['traces']['nodes'][0]['traceId']}")
    many = spans(page).filter(has_text=re.compile(r"\d+ \u00d7")).first
    expect(many).to_have_attribute("aria-expanded", "false")
    many.click()
    expect(many).to_have_attribute("aria-expanded", "true")
    view = page.get_by_role("combobox", name="View")
    view.select_option("names")
    expect(page.get_by_role("region", name="Spans by name")).to_contain_text("Self time")
    view.select_option("flame")
    expect(page.get_by_role("region", name="Flame graph").get_by_role("button").first).to_be_visible()
    assert grave_faults(page) == []


def test_keys_work_wherever_the_focus_is_and_are_listed(open_page: OpenPage, server: Running) -> None:
    found = server.ask("{ traces(first: 1, filter: {status: {eq: ERROR}}) { nodes { traceId } } }")
    page = open_page(f"/#/trace/{found['data']['traces']['nodes'][0]['traceId']}")
    expect(spans(page).first).to_be_visible()
    page.get_by_role("complementary", name="Span details").click()
    page.keyboard.press("ArrowDown")
    expect(spans(page).nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("next failure")


@pytest.mark.parametrize("address", ["/#/errors", "/#/statistics", "/#/compare?f=status+eq+ERROR", "/#/nosuch"])
def test_further_pages_are_hard_on_nobody_and_fit_a_phone(open_page: OpenPage, address: str) -> None:
    page = open_page(address, viewport={"width": 360, "height": 740}, color_scheme="dark")
    page.wait_for_load_state("networkidle")
    assert grave_faults(page) == []
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_pages_of_agents_and_conversations_are_hard_on_nobody(open_page: OpenPage, server: Running) -> None:
    assisted = "filter: {totalTokens: {gt: 1000}, sessionId: {isNull: false}}, first: 2"
    found = server.ask(f"{{ traces({assisted}) {{ nodes {{ traceId sessionId }} }} }}")
    one, other = found["data"]["traces"]["nodes"]
    for address, shown in (
        (f"/#/trace/{one['traceId']}?view=agents", ".node"),
        (f"/#/session/{one['sessionId']}", "article"),
        (f"/#/compare?trace={one['traceId']}&with={other['traceId']}", "table"),
    ):
        page = open_page(address, color_scheme="dark")
        expect(page.locator(shown).first).to_be_visible()
        assert grave_faults(page) == [], address


def test_every_page_has_a_title_of_its_own(open_page: OpenPage, server: Running) -> None:
    trace = server.ask("{ traces(first: 1) { nodes { traceId name } } }")["data"]["traces"]["nodes"][0]
    page = open_page(f"/#/trace/{trace['traceId']}")
    expect(page).to_have_title(f"{trace['name']} · Spanwell")
    page.goto(f"{server.url}/#/nosuch")
    expect(page.get_by_text("There is no such page")).to_be_visible()


def test_bars_are_seen_in_forced_colours(open_page: OpenPage, server: Running) -> None:
    found = server.ask(
        "{ traces(first: 1, filter: {spanCount: {gt: 8}, status: {eq: SUCCESS}}) { nodes { traceId } } }"
    )
    page = open_page(f"/#/trace/{found['data']['traces']['nodes'][0]['traceId']}", forced_colors="active")
    expect(spans(page).first).to_be_visible()
    colour = page.locator(".wf-bar").first.evaluate("(bar) => getComputedStyle(bar).backgroundColor")
    assert colour not in {"rgba(0, 0, 0, 0)", page.evaluate("getComputedStyle(document.body).backgroundColor")}

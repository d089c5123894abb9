"""Lists keep what was there, count what they show, and their charts count the same."""

import re
from datetime import UTC, datetime

from playwright.sync_api import Browser, Locator, Page, expect

from tests.running import Running

from .boxes import box_of
from .conftest import OpenPage
from .test_dashboard import bar, rows
from .test_pages import CREATE


def figure(page: Page, title: str) -> Locator:
    return page.get_by_role("figure").filter(has_text=title)


def total(page: Page) -> str:
    return page.locator(".total").inner_text()


def test_charts_and_list_mean_the_same_by_failed(open_page: OpenPage) -> None:
    page = open_page("/#/traces?f=hasError+eq+true")
    expect(page.locator(".total .pending")).to_have_count(0)
    number = total(page).split()[0]
    expect(figure(page, "Traces with errors")).to_contain_text(f"100 %{number} with errors")


def test_refresh_asks_list_and_charts_anew(open_page: OpenPage, server: Running) -> None:
    page = open_page("/")
    expect(figure(page, "Traces").first).to_contain_text(re.compile(r"\d traces"))
    moment = datetime.now(UTC).isoformat()
    server.ask(CREATE, {"spans": [{"traceId": "fresh", "spanId": "1", "name": "fresh", "startedAt": moment}]})
    page.get_by_role("button", name="Refresh").click()
    expect(rows(page).first).to_contain_text("fresh")
    expect(page.locator(".total .pending")).to_have_count(0)
    expect(figure(page, "Traces").first.locator("strong")).to_have_text(total(page))


def test_refresh_asks_services_and_comparisons_anew_also_of_all_time(open_page: OpenPage, server: Running) -> None:
    page = open_page("/#/services")
    expect(rows(page, "Services").first).to_be_visible()
    late = {"traceId": "late", "spanId": "1", "name": "late", "startedAt": datetime.now(UTC).isoformat()}
    server.ask(CREATE, {"spans": [{**late, "serviceName": "late-service"}]})
    page.get_by_role("button", name="Refresh").click()
    expect(rows(page, "Services").filter(has_text="late-service")).to_have_count(1)
    page.goto(f"{server.url}/#/compare?f=serviceName+eq+late-service")
    selected = page.locator(".side").first
    expect(selected).to_contain_text("Selected1")
    server.ask(CREATE, {"spans": [{**late, "spanId": "2", "serviceName": "late-service"}]})
    page.get_by_role("button", name="Refresh").click()
    expect(selected).to_contain_text("Selected2")


def test_a_list_is_downloaded_with_all_that_meets_its_filter(open_page: OpenPage, server: Running) -> None:
    page = open_page("/#/spans?f=name+eq+price")
    found = server.ask('{ spans(filter: {name: {eq: "price"}}, first: 0) { totalCount } }')
    page.get_by_role("button", name="More", exact=True).click()
    for label, ending in (("CSV", "csv"), ("JSON lines", "jsonl")):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Download {label}").click()
        assert download.value.suggested_filename == f"spans.{ending}"
        lines = download.value.path().read_text().splitlines()
        assert len(lines) - (ending == "csv") == found["data"]["spans"]["totalCount"] > 50


def test_a_text_is_copied_where_a_page_may_not_reach_the_clipboard(open_page: OpenPage, server: Running) -> None:
    """As over plain http, where `navigator.clipboard` is not there."""
    trace = server.ask("{ traces(first: 1) { nodes { traceId } } }")["data"]["traces"]["nodes"][0]["traceId"]
    page = open_page("/")
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto(f"{server.url}/?plain#/trace/{trace}")
    page.get_by_role("button", name="Copy id").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Control+v")
    expect(page.get_by_role("searchbox")).to_have_value(trace)


def test_the_form_of_a_time_closes_and_refuses_an_end_before_its_beginning(open_page: OpenPage) -> None:
    page = open_page("/")
    expect(rows(page).first).to_be_visible()
    form = page.get_by_role("form", name="Between two moments")
    time = page.get_by_role("combobox", name="Time")
    time.select_option("custom")
    expect(form).to_be_visible()
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    time.select_option("custom")
    rows(page).nth(3).click(force=True)
    expect(form).to_have_count(0)
    expect(page).not_to_have_url(re.compile("#/trace/"))
    time.select_option("custom")
    form.get_by_label("From").fill("2026-01-31T10:00:00")
    form.get_by_label("To").fill("2026-01-31T09:00:00")
    form.get_by_role("button", name="Show").click()
    expect(form.get_by_role("alert")).to_have_text("The beginning has to be before the end.")


def test_a_server_that_is_away_takes_no_list_away_and_is_found_again(browser: Browser, server: Running) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(server.url)
        expect(rows(page)).to_have_count(50)
        page.route("**/graphql", lambda route: route.abort())
        page.get_by_role("button", name="Refresh").click()
        expect(page.get_by_role("alert").first).to_contain_text("this is what was here before")
        expect(rows(page)).to_have_count(50)
        page.unroute("**/graphql")
        expect(page.get_by_role("alert")).to_have_count(0, timeout=15_000)
        page.goto(f"{server.url}/#/sessions")
        rows(page, "Sessions").first.get_by_role("link").click()
        expect(page.get_by_role("article").first).to_be_visible()
        page.route("**/graphql", lambda route: route.abort())
        page.get_by_role("button", name="Refresh").click()
        expect(page.get_by_role("alert").first).to_contain_text("this is what was here before")
        expect(page.get_by_role("article").first).to_be_visible()


def test_suggestions_show_names_of_fields_without_backticks(open_page: OpenPage) -> None:
    page = open_page("/")
    bar(page).fill("status")
    suggestions = page.get_by_role("listbox", name="Suggestions")
    expect(suggestions).to_contain_text("ERROR if errorInfo")
    expect(suggestions).not_to_contain_text("`")


def test_a_session_of_one_trace_says_one_trace(open_page: OpenPage, server: Running) -> None:
    moment = datetime.now(UTC).isoformat()
    lone = {"traceId": "lone", "spanId": "1", "name": "lone", "sessionId": "lone", "startedAt": moment}
    server.ask(CREATE, {"spans": [lone]})
    page = open_page("/#/sessions?q=lone", viewport={"width": 390, "height": 844})
    expect(rows(page, "Sessions").filter(has_text="lone").first).to_contain_text(re.compile("1 trace(?!s)"))


def test_a_phone_has_every_button_of_a_list(open_page: OpenPage) -> None:
    page = open_page("/", viewport={"width": 390, "height": 844})
    for link in ("Playground", "Compare"):
        expect(page.get_by_role("link", name=link).last).to_be_in_viewport()
    for button in ("Live", "GraphQL", "Views", "More", "Refresh", "Go to (Ctrl K)", "Keys (?)"):
        expect(page.get_by_role("button", name=button, exact=True).last).to_be_in_viewport()


def test_the_legend_of_latency_is_seen_at_any_width(open_page: OpenPage) -> None:
    page = open_page("/")
    for width in (390, 760, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        caption = box_of(figure(page, "Latency").first.locator("figcaption"))
        assert all(caption.holds(box_of(page.locator(f".key-{name}"))) for name in ("p95", "p99")), width


# Leaves for another page right after the first drawing.
_HASTE = """new MutationObserver((_, seen) => {
  if (!document.querySelector("#main")) return;
  seen.disconnect();
  location.hash = "#/spans";
}).observe(document, {childList: true, subtree: true});"""


def test_an_address_that_changes_right_after_the_first_drawing_is_followed(browser: Browser, server: Running) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(_HASTE)
        page.goto(f"{server.url}/#/traces")
        expect(page).to_have_url(re.compile("#/spans$"))
        expect(page.get_by_role("heading", name="Spans", exact=True)).to_be_attached()

"""Comparisons: a selection beside the rest, two traces side by side, and the ways that lead there."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.running import Running

from .axe import grave_faults
from .boxes import box_of
from .conftest import OpenPage
from .test_pages import CREATE

START = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)


def span(trace: str, number: int, seconds: float, **fields: Any) -> dict[str, Any]:
    begun, ended = START, START + timedelta(seconds=seconds)
    times = {"startedAt": begun.isoformat(), "endedAt": ended.isoformat()}
    return {"traceId": trace, "spanId": str(number), "name": "compared", "serviceName": "compared", **times, **fields}


@pytest.fixture(scope="module")
def released(server: Running) -> None:
    """Bring requests of which those of the new release are slow and fail."""
    new = [span(f"new{n}", n, 4 + n / 10, attributes={"release": "2.0"}, errorInfo={"message": "no"}) for n in range(5)]
    old = [span(f"old{n}", n, 0.1, attributes={"release": "1.9"}) for n in range(9)]
    assert "errors" not in server.ask(CREATE, {"spans": new + old})


def differences(page: Page) -> Locator:
    return page.get_by_role("list", name="Differences").get_by_role("heading")


@pytest.mark.usefixtures("released")
def test_a_list_leads_to_what_its_spans_have_in_common(open_page: OpenPage) -> None:
    page = open_page("/#/spans?f=serviceName+eq+compared&f=status+eq+ERROR")
    page.locator(".list-tools").get_by_role("link", name="Compare").click()
    expect(page.locator(".side").first).to_contain_text("Selected5")
    expect(differences(page).filter(has_text="release")).to_be_visible()
    shares = page.get_by_role("table", name="release").get_by_role("row").filter(has_text="2.0")
    expect(shares).to_contain_text("100 %0 %")
    shares.get_by_role("link").click()
    expect(page.get_by_role("table", name="Spans").get_by_role("row")).to_have_count(6)


@pytest.mark.usefixtures("released")
def test_numbers_are_compared_by_where_they_lie(open_page: OpenPage) -> None:
    page = open_page("/#/compare?f=SPAN:release+startsWith+2.")
    picture = page.get_by_role("img", name=re.compile("^durationMs, most of all"))
    expect(picture).to_have_accessible_name(re.compile("of the selected"))


@pytest.mark.usefixtures("released")
def test_a_condition_that_means_nothing_here_says_that_it_is_ignored(open_page: OpenPage) -> None:
    page = open_page("/#/compare?f=hasError+eq+true&f=serviceName+eq+compared")
    conditions = page.get_by_role("list", name="Conditions")
    expect(conditions.get_by_text("not a field of spans")).to_have_count(1)
    expect(conditions.locator(".is-ignored")).to_contain_text("hasError")


@pytest.mark.usefixtures("released")
def test_a_time_is_compared_with_the_time_before_it(open_page: OpenPage) -> None:
    page = open_page("/#/compare?of=traces&range=24h")
    against = page.get_by_role("combobox", name="against")
    expect(against).to_have_value("before")
    against.select_option("ever")
    expect(page).to_have_url(re.compile("against=ever"))
    expect(page.locator(".side").last).to_contain_text("All others of all time")
    expect(page.locator(".side").last).not_to_contain_text("time0")


def test_comparing_begins_with_what_failed(open_page: OpenPage) -> None:
    page = open_page("/#/compare")
    expect(page.get_by_role("heading", name=re.compile("What failed"))).to_be_visible()
    expect(differences(page).first).to_be_visible()
    assert grave_faults(page) == []
    page.get_by_role("link", name="Traces").last.click()
    page.get_by_role("link", name=re.compile("What failed")).click()
    expect(page).to_have_url(re.compile("of=traces"))
    expect(page.get_by_role("list", name="Conditions")).to_contain_text("hasError")
    expect(differences(page).first).to_be_visible()


@pytest.mark.usefixtures("released")
def test_a_rectangle_dragged_in_the_heatmap_chooses_time_and_duration_and_can_be_compared(open_page: OpenPage) -> None:
    page = open_page("/#/spans?f=serviceName+eq+compared&from=2026-01-31T09:00:00Z&to=2026-01-31T10:00:00Z")
    page.wait_for_selector(".heat")
    box = box_of(page.get_by_role("slider", name="Latency heatmap"))
    page.mouse.move(box.left + box.width * 0.2, box.top + 2)
    page.mouse.down()
    page.mouse.move(box.left + box.width * 0.9, box.top * 0.6 + box.bottom * 0.4, steps=4)
    page.mouse.up()
    expect(page.get_by_role("list", name="Conditions")).to_contain_text("durationMs")
    expect(page).to_have_url(re.compile("from=2026-01-31T09%3A1.*to=2026-01-31T09%3A5"))
    expect(page.get_by_role("table", name="Spans").get_by_role("row")).to_have_count(6)
    page.locator(".list-tools").get_by_role("link", name="Compare").click()
    expect(differences(page).filter(has_text="release")).to_be_visible()


def test_two_traces_are_compared_in_time_tokens_and_text(open_page: OpenPage, server: Running) -> None:
    for trace, seconds, tokens, answer in (("one", 1, 10, "Yes."), ("two", 3, 25, "No.")):
        usage = {"gen_ai.usage.input_tokens": tokens}
        root = span(trace, 1, seconds, input="Is it open?", output=answer)
        step = span(trace, 2, seconds / 2, parentSpanId="1", name=f"chat {trace}", attributes=usage)
        server.ask(CREATE, {"spans": [root, step]})
    page = open_page("/#/trace/one")
    page.get_by_role("link", name="Compare…").click()
    page.get_by_role("textbox", name="With the trace").fill("two")
    page.get_by_role("button", name="Compare").click()
    whole = page.get_by_role("table", name="Both traces in all").get_by_role("row").last
    expect(whole).to_contain_text("+2 s")
    expect(whole).to_contain_text("+15")
    rows = page.get_by_role("table", name="Differences of two traces").get_by_role("row")
    expect(rows).to_have_count(4)
    rows.nth(1).get_by_role("button").click()
    expect(page.locator(".text-difference").first).to_contain_text("the same")
    expect(page.locator(".text-difference del")).to_contain_text("Yes.")
    expect(page.locator(".text-difference ins")).to_contain_text("No.")
    assert grave_faults(page) == []

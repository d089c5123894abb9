"""A trace is read at any depth, in any width, and its graphs are."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.running import Running

from .boxes import box_of
from .conftest import OpenPage
from .test_dashboard import is_within, spans
from .test_pages import CREATE

BASE = {"startedAt": "2026-01-31T09:30:00Z", "endedAt": "2026-01-31T09:30:01Z"}


@pytest.fixture(scope="module")
def deep(server: Running) -> str:
    """Bring a trace of thirty spans, each below the one before."""
    chain: list[dict[str, Any]] = [
        {
            **BASE,
            "traceId": "deep",
            "spanId": str(n),
            "name": f"postprocessing of level {n}, as long as names of operations are in large systems",
            "serviceName": "deep",
        }
        | ({"parentSpanId": str(n - 1)} if n else {})
        for n in range(30)
    ]
    server.ask(CREATE, {"spans": chain})
    return "/#/trace/deep"


def width_of_name(page: Page, place: int) -> float:
    return box_of(spans(page).nth(place).locator(".wf-label")).width


def test_deep_names_are_read_and_their_column_is_dragged_and_kept(open_page: OpenPage, deep: str) -> None:
    page = open_page(deep, viewport={"width": 1440, "height": 1200})
    expect(spans(page).nth(25)).to_be_visible()
    before = width_of_name(page, 25)
    assert before > 60
    handle = page.get_by_role("separator", name="Width of the names")
    box = box_of(handle)
    page.mouse.move(box.left + 2, box.top + 4)
    page.mouse.down()
    page.mouse.move(box.left + 202, box.top + 4, steps=5)
    page.mouse.up()
    wider = width_of_name(page, 25)
    assert wider > before + 60
    page.reload()
    expect(spans(page).nth(25)).to_be_visible()
    assert abs(width_of_name(page, 25) - wider) < 2


def test_a_trace_is_read_at_twice_the_size(open_page: OpenPage, deep: str) -> None:
    page = open_page(deep, viewport={"width": 720, "height": 450}, device_scale_factor=2)
    expect(spans(page).first).to_be_visible()
    assert box_of(page.get_by_role("heading", level=1)).width > 150
    for name in ("Playground", "Sessions"):
        expect(page.get_by_role("link", name=name)).to_be_in_viewport()
    page.mouse.move(360, 300)
    page.evaluate("scrollTo(0, 10000)")
    in_sight = "(all) => all.filter((one) => one.getBoundingClientRect().top < innerHeight - 20).length"
    assert spans(page).evaluate_all(in_sight) >= 8


def test_every_tool_of_a_trace_is_seen_on_a_phone(open_page: OpenPage, deep: str) -> None:
    page = open_page(deep, viewport={"width": 390, "height": 844})
    for name in ("Critical path", "Fold", "Unfold", "GraphQL", "Refresh", "Scores…"):
        expect(page.get_by_role("button", name=name, exact=True).first).to_be_in_viewport(ratio=1)
    assert is_within(page)


def test_a_label_within_a_bar_reaches_its_end(open_page: OpenPage, deep: str) -> None:
    page = open_page(deep)
    row = spans(page).first
    bar, label = box_of(row.locator(".wf-bar")), box_of(row.locator(".wf-duration.is-inside"))
    assert abs(bar.right - label.right) < 1


@pytest.fixture(scope="module")
def many_services(server: Running) -> None:
    """Bring a chain of calls through services with long names, of which the last fails."""
    names = ["productcatalogservice-of-the-shop", "yelp_main/api_proxy/and-more", *(f"service-{n}" for n in range(12))]
    chain = [
        {**BASE, "traceId": "chain", "spanId": str(n), "name": "call", "serviceName": name}
        | ({"parentSpanId": str(n - 1)} if n else {})
        | ({"errorInfo": {"message": "no"}} if n < 3 else {})
        for n, name in enumerate(names)
    ]
    server.ask(CREATE, {"spans": chain})


@pytest.mark.usefixtures("many_services")
def test_names_in_the_graph_of_services_stay_in_their_boxes_and_beside_their_figures(open_page: OpenPage) -> None:
    page = open_page("/#/services?f=traceId+eq+chain")
    graph = page.get_by_role("group", name="Graph of services")
    expect(graph.locator(".node").first).to_be_visible()
    overlaps = graph.evaluate(
        """(graph) => [...graph.querySelectorAll(".node")].flatMap((node) => {
          const place = (part) => node.querySelector(part)?.getBoundingClientRect();
          const [box, name, bad] = [".node-box", ".node-name", ".node-bad"].map(place);
          const isOut = name.right > box.right || (bad && (bad.right > box.right || name.right > bad.left));
          return isOut ? [node.textContent] : [];
        })"""
    )
    assert overlaps == []


@pytest.mark.usefixtures("many_services")
def test_a_wide_graph_is_scrolled_and_made_smaller(open_page: OpenPage) -> None:
    page = open_page("/#/services?f=traceId+eq+chain")
    graph = page.get_by_role("group", name="Graph of services")
    expect(graph.locator(".node").first).to_be_visible()
    scroll = page.locator(".graph-scroll")
    wide = "(box) => box.scrollWidth > box.clientWidth"
    assert scroll.evaluate(wide)
    last = graph.locator(".node").filter(has_text=re.compile("service-11 "))
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    for _ in range(6):
        graph.get_by_role("button", name="Smaller").click()
    assert not scroll.evaluate(wide)
    assert is_within(page)


def test_a_trace_of_several_pages_is_whole_to_its_last_span(open_page: OpenPage, server: Running) -> None:
    root = {**BASE, "traceId": "long", "spanId": "0", "name": "long"}
    steps = [{**root, "spanId": str(n), "parentSpanId": "0", "name": f"step {n}"} for n in range(1, 2500)]
    for first in range(0, 2500, 500):
        server.ask(CREATE, {"spans": [root, *steps][first : first + 500]})
    page = open_page("/#/trace/long")
    expect(page.get_by_text("Loading the rest")).to_have_count(0)
    expect(spans(page).nth(1)).to_have_attribute("aria-setsize", "2499")
    page.get_by_role("tree").focus()
    page.keyboard.press("End")
    expect(spans(page).last).to_have_attribute("aria-posinset", "2499")

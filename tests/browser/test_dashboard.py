"""The dashboard as a person meets it: in a browser, on the real server, by mouse, keyboard and on a phone."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.running import Running

from .axe import grave_faults
from .conftest import OpenPage

PHONE = {"width": 360, "height": 740}


def rows(page: Page, of: str = "Traces") -> Locator:
    return page.get_by_role("table", name=of).get_by_role("row").filter(has=page.get_by_role("link"))


def bar(page: Page) -> Locator:
    return page.get_by_role("region", name="Filter").get_by_role("combobox").first


def option(page: Page, name: str) -> Locator:
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    return options.filter(has=page.locator(".option-label", has_text=re.compile(f"^{name}$"))).first


def spans(page: Page) -> Locator:
    return page.get_by_role("tree", name="Spans").get_by_role("treeitem")


def open_trace(open_page: OpenPage, server: Running, question: str, **options: object) -> Page:
    """Open the first trace that a filter finds."""
    found = server.ask(f"{{ traces(first: 1, filter: {question}) {{ nodes {{ traceId }} }} }}")
    page = open_page(f"/#/trace/{found['data']['traces']['nodes'][0]['traceId']}", **options)
    expect(spans(page).first).to_be_visible()
    return page


def is_within(page: Page) -> bool:
    """Whether the page stays within the width of its screen."""
    return bool(page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"))


def test_the_list_shows_the_newest_traces_and_grows(open_page: OpenPage, server: Running) -> None:
    page = open_page("/")
    newest = server.ask("{ traces(first: 1) { totalCount nodes { name } } }")["data"]["traces"]
    expect(rows(page).first).to_contain_text(newest["nodes"][0]["name"])
    expect(page.get_by_role("region", name="List of traces")).to_contain_text(f"{newest['totalCount']:,} traces")
    first = rows(page).count()
    rows(page).last.scroll_into_view_if_needed()
    expect(rows(page).nth(first)).to_be_attached()


def test_a_filter_is_made_by_clicks_and_taken_away(open_page: OpenPage, server: Running) -> None:
    page = open_page("/")
    bar(page).click()
    option(page, "status").click()
    option(page, "is").click()
    option(page, "ERROR").click()
    failed = server.ask("{ traces(filter: {status: {eq: ERROR}}) { totalCount } }")["data"]["traces"]["totalCount"]
    listed = page.get_by_role("region", name="List of traces")
    expect(page.get_by_role("list", name="Conditions")).to_contain_text("ERROR")
    expect(listed).to_contain_text(f"{failed} trace")
    page.get_by_role("button", name=re.compile("^Remove: ")).click()
    expect(listed).not_to_contain_text(f" {failed} trace")


def test_a_filter_is_made_by_typing_and_shared_by_its_address(open_page: OpenPage, server: Running) -> None:
    page = open_page("/")
    bar(page).press_sequentially("durationMs")
    expect(option(page, "durationMs")).to_be_visible()
    for _ in range(2):  # past the search for the text itself
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("≥")
    page.keyboard.press("Enter")
    page.keyboard.type("2s")
    page.keyboard.press("Enter")
    slow = server.ask("{ traces(filter: {durationMs: {gte: 2000}}) { totalCount } }")["data"]["traces"]["totalCount"]
    expect(page.get_by_role("region", name="List of traces")).to_contain_text(f"{slow} trace")
    shared = open_page(page.url.removeprefix(server.url))
    expect(shared.get_by_role("region", name="List of traces")).to_contain_text(f"{slow} trace")


def test_a_time_is_chosen_on_a_chart_by_keys_alone(open_page: OpenPage) -> None:
    page = open_page("/")
    chart = page.get_by_role("slider", name="Traces through time")
    expect(chart).to_be_enabled()
    chart.focus()
    last = int(chart.get_attribute("aria-valuemax") or 0)
    assert last > 10
    expect(chart).to_have_attribute("aria-valuenow", str(last))
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    expect(chart).to_have_attribute("aria-valuenow", str(last - 3))
    expect(chart).to_have_attribute("aria-valuetext", re.compile(r"\d traces?, .*with errors; .* to .* selected"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"from=.*to="))


def test_a_trace_opens_from_the_list_and_its_spans_fold(open_page: OpenPage) -> None:
    page = open_page("/")
    rows(page).get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("#/trace/"))
    root = spans(page).first
    expect(root).to_have_attribute("aria-expanded", "true")
    everything = spans(page).count()
    root.locator(".twig-button").click()
    expect(root).to_have_attribute("aria-expanded", "false")
    expect(spans(page)).to_have_count(1)
    root.locator(".twig-button").click()
    expect(spans(page)).to_have_count(everything)


def test_a_span_tells_everything_about_itself(open_page: OpenPage, server: Running) -> None:
    question = "{ spans(first: 1, filter: {errorInfo: {isNull: false}}) { nodes { traceId spanId } } }"
    (span,) = server.ask(question)["data"]["spans"]["nodes"]
    page = open_page(f"/#/trace/{span['traceId']}?span={span['spanId']}")
    details = page.get_by_role("complementary", name="Span details")
    expect(details.get_by_role("region", name="Error")).to_be_visible()
    expect(details).to_contain_text("Identity")
    details.get_by_role("button", name="Close the details").click()
    expect(details).to_be_hidden()


def test_a_trace_is_walked_by_keys_alone(open_page: OpenPage, server: Running) -> None:
    page = open_trace(open_page, server, "{spanCount: {gt: 8}}")
    tree = page.get_by_role("tree", name="Spans")
    tree.focus()
    page.keyboard.press("Home")
    root = spans(page).first
    expect(root).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowLeft")
    expect(root).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowRight")
    expect(root).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(spans(page).nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search in this trace")).to_be_focused()


def test_the_query_of_a_page_opens_in_the_playground(open_page: OpenPage) -> None:
    page = open_page("/#/traces?f=status+eq+ERROR")
    page.get_by_role("region", name="List of traces").get_by_role("button", name="GraphQL").click()
    dialog = page.get_by_role("dialog", name="GraphQL of this page")
    with page.context.expect_page() as opened:
        dialog.get_by_role("link", name="Open in playground").click()
    playground = opened.value
    playground.get_by_role("button", name=re.compile("Execute query")).click()
    expect(playground.locator(".graphiql-response")).to_contain_text('"data"')
    expect(playground.locator(".graphiql-response")).not_to_contain_text('"errors"')


@pytest.mark.parametrize("page_of", ["/", "/#/spans", "/#/services", "/#/sessions"])
def test_a_phone_never_scrolls_sideways(open_page: OpenPage, page_of: str) -> None:
    page = open_page(page_of, viewport=PHONE, has_touch=True, is_mobile=True)
    page.wait_for_load_state("networkidle")
    assert is_within(page)


def test_a_trace_fits_a_phone(open_page: OpenPage, server: Running) -> None:
    page = open_trace(open_page, server, "{spanCount: {gt: 8}}", viewport=PHONE, has_touch=True, is_mobile=True)
    assert is_within(page)
    spans(page).nth(1).click()
    expect(page.get_by_role("complementary", name="Span details")).to_be_visible()
    assert is_within(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_seriously_hard_on_anybody(open_page: OpenPage, server: Running, scheme: str) -> None:
    trace = open_trace(open_page, server, "{status: {eq: ERROR}}", color_scheme=scheme)
    trace.get_by_role("button", name="Next failure").click()
    expect(trace.get_by_role("complementary", name="Span details")).to_contain_text("Identity")
    assert grave_faults(trace) == []
    for address in ("/#/traces?f=status+eq+ERROR", "/#/services", "/#/sessions"):
        page = open_page(address, color_scheme=scheme)
        page.wait_for_load_state("networkidle")
        assert grave_faults(page) == [], address


def test_a_span_arrives_while_one_watches(open_page: OpenPage, server: Running) -> None:
    page = open_page("/#/traces?live=yes")
    expect(page.get_by_role("button", name="Live")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".live-live")).to_be_visible(timeout=20_000)
    span = '{traceId: "arriving", spanId: "1", name: "just arrived", startedAt: "2099-01-31T09:30:00Z"}'
    sent = server.ask(f"mutation {{ createSpan(span: {span}) {{ createdCount }} }}")
    assert json.dumps(sent) == '{"data": {"createSpan": {"createdCount": 1}}}'
    expect(rows(page).first).to_contain_text("just arrived")


@pytest.mark.parametrize(
    ("address", "asked", "shown"),
    [
        ("/", "query Traces", "[role=table] [role=row] a"),
        ("/#/spans?f=status+eq+ERROR&sort=DURATION", "query Spans", "[role=table] [role=row] a"),
        ("/#/trace/{}", "query Trace(", "[role=treeitem]"),
    ],
)
def test_what_one_came_for_is_asked_at_once_and_only_once(
    open_page: OpenPage, server: Running, address: str, asked: str, shown: str
) -> None:
    """Before the page that shows it is there, whose own question is the same and takes the answer."""
    page = open_page("/playground")
    asks, held = list[str](), list[Route]()
    page.on("request", lambda request: asks.append(request.post_data or ""))
    page.route("**/app.js", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks the function
    (trace,) = server.ask("{ traces(first: 1) { nodes { traceId } } }")["data"]["traces"]["nodes"]
    asking = page.expect_request(lambda request: asked in (request.post_data or ""))
    with page.expect_request("**/app.js"), asking:
        page.goto(server.url + address.format(trace["traceId"]), wait_until="commit")
    while not held:
        page.wait_for_timeout(10)
    held[0].continue_()
    page.locator(shown).first.wait_for()
    assert sum(asked in text for text in asks) == 1


def test_a_tree_is_right_for_any_trace(open_page: OpenPage) -> None:
    """Of each span its depth, how many are below it, when it starts and ends, and which of how many it is."""
    found = open_page("/").evaluate(
        """async () => {
          const { buildTree } = await import("/dashboard/waterfall/tree.js");
          const span = (spanId, parentSpanId, digits, durationMs) =>
            ({ spanId, parentSpanId, startedAt: `2026-01-31T09:00:00${digits}Z`, durationMs });
          const spans = [
            span("root", null, "", 1000), span("late", "root", ".5", null), span("child", "root", ".250000001", 10),
            span("below", "child", ".26", 1), span("orphan", "gone", ".3", 5),
            span("circle", "turn", ".4", 1), span("turn", "circle", ".41", 1), span("self", "self", ".5", 1),
          ];
          const { nodes, byId, total } = buildTree(spans, { startedAt: "2026-01-31T09:00:00Z", durationMs: 900 });
          const rows = nodes.map(({ span, depth, size, start, end, place, peers }) =>
            [span.spanId, depth, size, start, end, place, peers]);
          const isWhole = nodes.every((node, index) => node.index === index && byId.get(node.span.spanId) === node);
          return { rows, total, isWhole };
        }"""
    )
    assert found == {
        "total": 1000,
        "isWhole": True,
        "rows": [
            ["root", 0, 3, 0, 1000, 1, 2],
            ["late", 1, 0, 500, 1000, 1, 2],
            ["child", 1, 1, 250.000001, 260.000001, 2, 2],
            ["below", 2, 0, 260, 261, 1, 1],
            ["orphan", 0, 0, 300, 305, 2, 2],
            ["circle", 0, 1, 400, 401, 1, 1],
            ["turn", 1, 0, 410, 411, 1, 1],
            ["self", 0, 0, 500, 501, 1, 1],
        ],
    }

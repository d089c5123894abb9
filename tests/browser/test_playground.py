"""The playground as a person meets it: in a browser, on the real server."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from spanwell.http.endpoints.playground import load_examples
from tests.http.clients import CREATE
from tests.running import Running

from .axe import grave_faults
from .boxes import box_of
from .conftest import OpenPage

TOUR = [re.findall(r"^(?:query|mutation|subscription) (\w+)", tab["query"], re.MULTILINE)[0] for tab in load_examples()]


def answer(page: Page) -> Locator:
    return page.locator(".graphiql-response")


# Of GraphiQL's making: a tab holds its own close button, and an editor is scrolled by the keys of the field beside it.
KNOWN = ("nested-interactive: li:nth-child", "nested-interactive: .graphiql-tab", "scrollable-region-focusable: .")


def tabs(page: Page) -> Locator:
    return page.locator(".graphiql-tab-button")


def active(page: Page) -> Locator:
    return page.locator(".graphiql-tab-active .graphiql-tab-button")


def run(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Execute query")).click()


def shown(page: Page) -> str:
    """Return the whole answer: the editor draws only the lines in view."""
    text: str = page.evaluate("document.querySelector('.graphiql-response .CodeMirror').CodeMirror.getValue()")
    return text


def test_the_playground_opens_on_the_tour(open_page: OpenPage) -> None:
    page = open_page("/playground")
    expect(page).to_have_title("Spanwell playground")
    expect(tabs(page)).to_have_text(TOUR)
    expect(active(page)).to_have_text(TOUR[0])
    page.get_by_role("main").get_by_role("link", name="Spanwell, all traces").click()
    expect(page).to_have_url(re.compile("/#?[^/]*$"))
    expect(page.get_by_role("table", name="Traces")).to_be_visible()


def test_an_operation_and_its_answer_are_read_on_a_phone(open_page: OpenPage) -> None:
    page = open_page("/playground", viewport={"width": 390, "height": 844})
    run(page)
    expect(answer(page)).to_contain_text('"data"')
    for part in (page.locator(".graphiql-query-editor"), answer(page)):
        box = box_of(part)
        assert box.width > 300
        assert box.bottom - box.top > 150
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_every_tab_of_the_tour_runs_without_errors(open_page: OpenPage, server: Running) -> None:
    page = open_page("/playground")
    for name in TOUR:
        tabs(page).get_by_text(name, exact=True).click()
        page.wait_for_timeout(200)  # GraphiQL reads the name of the tab's operation a moment later
        with page.expect_response("**/graphql") as answered:
            run(page)
        assert answered.value.ok
        if name.startswith("Live"):
            page.wait_for_timeout(500)  # it may only just have subscribed
            server.ask(CREATE)
        expect(answer(page)).to_contain_text('"data"')
        assert not re.search(r'^ {2}"errors"', shown(page), re.MULTILINE), name


def test_the_docs_explain_every_field(open_page: OpenPage) -> None:
    page = open_page("/playground")
    page.get_by_role("button", name=re.compile("Show Documentation Explorer")).click()
    docs = page.locator(".graphiql-doc-explorer")
    docs.get_by_role("link", name="Query", exact=True).click()
    docs.get_by_role("link", name="traces", exact=True).click()
    expect(docs).to_contain_text("TraceConnection!")


def test_the_explorer_builds_an_operation_by_clicks(open_page: OpenPage) -> None:
    page = open_page("/playground")
    page.get_by_role("button", name=re.compile("Show GraphiQL Explorer")).click()
    expect(page.locator(".docExplorerWrap")).to_contain_text("traces")


def test_the_token_goes_with_every_request_and_stays_in_the_tab(open_page: OpenPage) -> None:
    page = open_page("/playground")
    page.get_by_role("button", name="Show Access token").click()
    page.get_by_label("Token", exact=True).fill(" s3cret ")
    with page.expect_request("**/graphql") as introspection:
        page.get_by_role("button", name="Use token").click()
    assert introspection.value.headers["authorization"] == "Bearer s3cret"
    with page.expect_request("**/graphql") as asked:
        run(page)
    assert asked.value.headers["authorization"] == "Bearer s3cret"
    assert page.evaluate("sessionStorage.getItem('spanwell.token')") == "s3cret"
    assert "s3cret" not in page.evaluate("JSON.stringify({...localStorage})")
    page.get_by_role("button", name="Forget").click()
    with page.expect_request("**/graphql") as bare:
        run(page)
    assert "authorization" not in bare.value.headers
    assert page.evaluate("sessionStorage.getItem('spanwell.token')") is None


def test_an_operation_comes_with_the_address(open_page: OpenPage) -> None:
    """A page that was open before remembers its tabs; what the address brings is shown all the same."""
    given = {"query": "query Given($n: Int) { traces(first: $n) { totalCount } }", "variables": '{"n": 1}'}
    page = open_page("/playground")
    expect(tabs(page)).to_have_count(len(TOUR))
    address = f"{page.url}#{urlencode(given)}"
    for _ in range(2):
        page = page.context.new_page()
        page.goto(address)
        expect(active(page)).to_have_text("Given")
        run(page)
        expect(answer(page)).to_contain_text('"totalCount"')
    expect(tabs(page)).to_have_count(len(TOUR) + 1)


def test_an_operation_comes_with_the_address_to_a_new_visitor(open_page: OpenPage) -> None:
    page = open_page(f"/playground#{urlencode({'query': 'query Given { traces { totalCount } }'})}")
    expect(tabs(page)).to_have_text(["Given", *TOUR])


def test_dialogs_keep_to_the_policy_of_the_page(open_page: OpenPage) -> None:
    """They bring styles of their own, and a strict policy could refuse them."""
    page = open_page("/playground")
    for name in ("Open short keys dialog", "Open settings dialog"):
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
    page.locator(".graphiql-query-editor .CodeMirror").click()
    page.keyboard.press("Control+f")
    expect(page.locator(".CodeMirror-search-field")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_playground_is_light_or_dark_as_its_reader_is_and_readable(open_page: OpenPage, scheme: str) -> None:
    page = open_page("/playground", color_scheme=scheme)
    run(page)
    expect(answer(page)).to_contain_text('"data"')
    lightness = page.evaluate("getComputedStyle(document.querySelector('.graphiql-container')).backgroundColor")
    assert (max(map(int, re.findall(r"\d+", lightness)[:3])) > 128) == (scheme == "light")
    assert [fault for fault in grave_faults(page) if not fault.startswith(KNOWN)] == []

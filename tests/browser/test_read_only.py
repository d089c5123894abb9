"""Who may only read is told so where others delete and judge: no page offers what the server would refuse."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.running import serving

from .test_dashboard import rows

REASON = "your access is read-only"


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """Open the first page of a server that is started with more arguments."""
    with serving("--db", ":memory:", "--read-only", *request.param) as server, browser.new_context() as context:
        opened = context.new_page()
        opened.goto(f"{server.url}/")
        yield opened


@pytest.mark.parametrize("page", [["--demo"]], indirect=True)
def test_nothing_is_offered_that_a_reader_may_not_do(page: Page) -> None:
    page.goto(f"{page.url.partition('#')[0]}#/traces?f=status+eq+ERROR")
    page.get_by_role("button", name="More", exact=True).click()
    expect(page.get_by_text(f"You cannot delete anything here: {REASON}")).to_be_visible()
    rows(page).first.get_by_role("link").click()
    expect(page.get_by_text(f"You cannot add anything here: {REASON}")).to_be_visible()
    expect(page.get_by_role("button", name="Good")).to_have_count(0)
    page.get_by_role("button", name="More", exact=True).click()
    expect(page.get_by_text(f"You cannot delete anything here: {REASON}")).to_be_visible()
    expect(page.get_by_role("button", name="Delete this trace")).to_have_count(0)


@pytest.mark.parametrize("page", [[]], indirect=True)
def test_an_empty_store_that_takes_nothing_offers_no_example(page: Page) -> None:
    expect(page.get_by_text(f"You cannot add anything here: {REASON}")).to_be_visible()
    expect(page.get_by_role("button", name="Send an example trace")).to_have_count(0)

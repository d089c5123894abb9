"""How a person comes in where tokens are asked for: with one, or by the link that the server printed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from spanwell.access.tokens import Tokens
from spanwell.observability.access import Scope
from tests.running import Running, serving


@pytest.fixture
def token(tmp_path: Path) -> str:
    return Tokens(tmp_path / "spans.duckdb.tokens").create((Scope.READ,))


@pytest.fixture
def locked(tmp_path: Path, token: str) -> Iterator[Running]:
    assert token
    with serving("--db", str(tmp_path / "spans.duckdb"), "--demo") as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def is_in(page: Page, locked: Running) -> None:
    expect(page).to_have_url(f"{locked.url}/")
    expect(page.get_by_role("button", name="Sign in")).to_have_count(0)
    assert page.evaluate("fetch('/graphql?query={__typename}').then(answer => answer.status)") == 200
    assert page.evaluate("document.cookie") == ""


def test_a_token_is_written_once(page: Page, locked: Running, token: str) -> None:
    page.goto(f"{locked.url}/")
    expect(page).to_have_url(f"{locked.url}/sign-in")
    page.get_by_label("Token").fill(token)
    page.get_by_role("button", name="Sign in").click()
    is_in(page, locked)


def test_the_printed_link_signs_in(page: Page, locked: Running) -> None:
    (link,) = [line.rpartition(" ")[2] for line in locked.greeting if "sign in" in line]
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    is_in(page, locked)

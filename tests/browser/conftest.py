"""A browser, a server with demo traces, and pages that fail their test when they do what no page may do."""

from collections.abc import Callable, Generator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.running import Running, serving

from .chromium import chromium
from .watching import Watch

OpenPage = Callable[..., Page]


@pytest.fixture(scope="package")
def browser() -> Generator[Browser]:
    """Return a browser. It ends with these tests: while it runs, its event loop lets no other run in this thread."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def server() -> Generator[Running]:
    """Return a server of demo traces for a module. Its tests may add to it; none takes away from the demo."""
    with serving("--db", ":memory:", "--demo") as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, server: Running) -> Generator[OpenPage]:
    """Return what opens an address of the server as a new visitor; afterwards nothing may have gone wrong."""
    watch = Watch(server.url)
    contexts = []

    def opened(address: str, **options: Any) -> Page:
        context = browser.new_context(**options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        watch.over(context)
        page = context.new_page()
        page.goto(f"{server.url}{address}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert watch.faults == []

"""The example of one chart, as it stands in a page of another origin."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, expect

from tests.running import ROOT, serving

FOLDER = ROOT / "frontend_examples" / "query"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the standard library
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """Return an origin that serves the example, and is not the server's."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=FOLDER)) as files:
        threading.Thread(target=files.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{files.server_port}"
        files.shutdown()


def test_a_page_of_another_origin_draws_the_chart_if_the_server_knows_it(browser: Browser, elsewhere: str) -> None:
    page = browser.new_page()
    with serving("--db", ":memory:", "--demo", "--cors-origins", elsewhere) as server:
        question = 'query { traceStats(filter: {startedAt: {gte: "2020-01-01T00:00:00Z"}}) { count errorCount } }'
        (whole,) = server.ask(question)["data"]["traceStats"]
        page.goto(f"{elsewhere}/one_chart.html?{urlencode({'server': server.url, 'hours': 48})}")
        words = f"{whole['count']} traces in 48 hours, {whole['errorCount']} failed"
        expect(page.locator("figcaption")).to_have_text(words)
        expect(page.locator("rect.all")).to_have_count(48)
        heights = page.locator("rect.all").evaluate_all("bars => bars.map((bar) => Number(bar.getAttribute('height')))")
        assert max(heights) == 100
    page.close()


def test_the_chart_says_why_there_is_none(browser: Browser, elsewhere: str) -> None:
    page = browser.new_page()
    page.goto(f"{elsewhere}/one_chart.html?{urlencode({'server': 'http://127.0.0.1:1'})}")
    expect(page.locator("figcaption")).to_contain_text("No chart: ")
    page.close()

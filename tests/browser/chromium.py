"""The browser of the tests: Debian's Chromium, which asks nobody for anything."""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

# A container has no sandbox of its own to give, and a fresh profile would otherwise ask its maker for news.
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str:
    """Return the path of Chromium, or skip; where everything must be proved, a missing browser is a failure."""
    found = shutil.which("chromium")
    if found:
        return found
    missing = "there is no chromium: `apt-get install chromium` brings it"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


@contextmanager
def chromium() -> Generator[Browser]:
    """Run Chromium until the block ends."""
    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()

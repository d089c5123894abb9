"""`python -m tests.browser.measure STORE` prints how soon the dashboard shows something, in the system's Chromium.

Moments are those of the page itself, from the start of its navigation: what a person waits, without the driver's part.
"""

import json
import sys
from collections.abc import Callable
from statistics import median
from tempfile import NamedTemporaryFile

from playwright.sync_api import Browser, Page

from tests.running import serving, spanwell

from .chromium import chromium

TRIES = 5
SPANS = 10_000

# Resolves once the rows are there and have been painted.
_WAIT = """(selector) => new Promise((resolve) => {
  const look = () => document.querySelector(selector)
    ? requestAnimationFrame(() => setTimeout(() => resolve(performance.now())))
    : setTimeout(look, 2);
  look();
})"""
_FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"
# The longest of the frames while the waterfall is scrolled from its top to its end.
_LONGEST_FRAME = """() => new Promise((resolve) => {
  const tree = document.querySelector('[role=tree]');
  let scrolled = tree;
  while (scrolled.scrollHeight <= scrolled.clientHeight && scrolled.parentElement) scrolled = scrolled.parentElement;
  const step = (scrolled.scrollHeight - scrolled.clientHeight) / 120;
  let frames = 0, longest = 0, last = performance.now();
  const frame = (now) => {
    longest = Math.max(longest, now - last);
    last = now;
    scrolled.scrollTop += step;
    if (++frames < 120) requestAnimationFrame(frame); else resolve(longest);
  };
  requestAnimationFrame(frame);
})"""


def visit(browser: Browser, address: str, selector: str, ask: Callable[[Page], float]) -> float:
    """Return what one visit of a new visitor takes, in milliseconds."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(selector, timeout=60_000)
    taken = ask(page)
    context.close()
    return taken


def shown(selector: str) -> Callable[[Page], float]:
    """Return what tells when a page first showed something."""
    return lambda page: float(page.evaluate(_WAIT, selector))


def first_paint(page: Page) -> float:
    """Return when a page first painted anything."""
    return float(page.evaluate(_FIRST_PAINT))


def longest_frame(page: Page) -> float:
    """Return the longest frame while a trace is scrolled through."""
    return float(page.evaluate(_LONGEST_FRAME))


def add_wide_trace(store: str) -> None:
    """Bring a trace of ten thousand spans into a store: each tenth of them has nine below it."""
    with NamedTemporaryFile("w", suffix=".jsonl") as file:
        for number in range(SPANS):
            second = f"2026-01-31T09:{number // 600:02}:{number // 10 % 60:02}.{number % 10}"
            span = {
                "traceId": "measured",
                "spanId": str(number),
                "name": f"step {number}",
                "startedAt": f"{second}Z",
                "endedAt": f"{second}9Z",
            }
            if number:
                span["parentSpanId"] = str(number - number % 10)
            if number and number % 10 == 0:
                span["parentSpanId"] = "0"
            file.write(json.dumps(span) + "\n")
        file.flush()
        done = spanwell("import", file.name, "--db", store)
        assert done.returncode == 0, done.stdout + done.stderr


def main() -> int:
    """Measure over a store, to which the trace of ten thousand spans is added."""
    (store,) = sys.argv[1:]
    add_wide_trace(store)
    with serving("--db", store) as server, chromium() as browser:
        home, trace = f"{server.url}/", f"{server.url}/#/trace/measured"
        row, span = "[role=table] [role=row] a", "[role=treeitem]:nth-of-type(10)"
        for name, address, selector, ask in (
            ("first paint", home, row, first_paint),
            ("first list", home, row, shown(row)),
            (f"trace of {SPANS} spans", trace, span, shown(span)),
            ("longest frame of its scrolling", trace, span, longest_frame),
        ):
            taken = [visit(browser, address, selector, ask) for _ in range(TRIES)]
            print(f"{name:32} median {median(taken):6.0f} ms, worst {max(taken):6.0f} ms")  # noqa: T201 - the figures
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""`python -m tests.browser.measure STORE` prints how soon the dashboard shows something, in the system's Chromium.

Moments are those of the page itself, from the start of its navigation: what a person waits, without the driver's part.
"""

import json
import sys
from collections.abc import Callable, Iterator
from statistics import fmean, median
from tempfile import NamedTemporaryFile
from typing import Any

from playwright.sync_api import Browser, Page

from tests.running import serving, spanwell

from .chromium import chromium

TRIES = 5
SPANS = 100_000
ENTRIES = 25_000
"""Of a list of objects, which take two megabytes as JSON."""

# Tells when something is there and has been painted, from within the page: what drives the browser takes time itself.
_WATCH = """(() => {
  if (self !== top) return;
  const look = () => requestAnimationFrame(document.querySelector(SELECTOR)
    ? () => setTimeout(() => console.debug(`shown ${performance.now()}`))
    : look);
  look();
})()"""
_FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"
# How long frames take while the waterfall is scrolled from its top to its end in two seconds.
_FRAMES = """() => new Promise((resolve) => {
  const tree = document.querySelector('[role=tree]');
  let scrolled = tree;
  while (scrolled.scrollHeight <= scrolled.clientHeight && scrolled.parentElement) scrolled = scrolled.parentElement;
  const step = (scrolled.scrollHeight - scrolled.clientHeight) / 120, frames = [];
  let last = performance.now();
  const frame = (now) => {
    frames.push(now - last);
    last = now;
    scrolled.scrollTop += step;
    if (frames.length < 121) requestAnimationFrame(frame); else resolve(frames.slice(1));
  };
  requestAnimationFrame(frame);
})"""
# What it takes to draw the first level below a branch of JSON.
_OPEN_JSON = """() => new Promise((resolve) => {
  const begun = performance.now();
  document.querySelector(".json-tree li .json-branch").click();
  requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
})"""


def visit(browser: Browser, address: str, selector: str, ask: Callable[[Page, float], float]) -> float:
    """Return what one visit of a new visitor takes, in milliseconds."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(_WATCH.replace("SELECTOR", json.dumps(selector)))
    page = context.new_page()
    with page.expect_console_message(lambda message: message.text.startswith("shown "), timeout=60_000) as message:
        page.goto(address, wait_until="commit")
    taken = ask(page, float(message.value.text.removeprefix("shown ")))
    context.close()
    return taken


def shown(_: Page, moment: float) -> float:
    """Return when a page first showed something."""
    return moment


def first_paint(page: Page, _: float) -> float:
    """Return when a page first painted anything."""
    return float(page.evaluate(_FIRST_PAINT))


def longest_frame(page: Page, _: float) -> float:
    """Return the longest frame while a trace is scrolled through."""
    return float(max(_frames(page)))


def mean_frame(page: Page, _: float) -> float:
    """Return the mean frame while a trace is scrolled through: 16.7 are sixty a second."""
    return fmean(_frames(page))


def _frames(page: Page) -> list[float]:
    page.wait_for_timeout(1000)  # what comes behind the spans is drawn by then
    frames: list[float] = page.evaluate(_FRAMES)
    return frames


def json_opened(page: Page, _: float) -> float:
    """Return what it takes to open a branch of two megabytes of JSON."""
    return float(page.evaluate(_OPEN_JSON))


def wide_trace() -> Iterator[dict[str, Any]]:
    """Yield the spans of a trace, of which each tenth has nine below it."""
    for number in range(SPANS):
        second = f"2026-01-31T{9 + number // 36_000:02}:{number // 600 % 60:02}:{number // 10 % 60:02}.{number % 10}"
        span = {"traceId": "measured", "spanId": str(number), "name": f"step {number}"}
        span |= {"startedAt": f"{second}Z", "endedAt": f"{second}9Z"}
        if number:
            span["parentSpanId"] = str(number - number % 10) if number % 10 else "0"
        yield span


def large_span() -> dict[str, Any]:
    """Return a span with two megabytes of JSON."""
    entries = [{"id": index, "name": f"entry {index}", "text": "x" * 40} for index in range(ENTRIES)]
    times = {"startedAt": "2026-01-31T09:00:00Z", "endedAt": "2026-01-31T09:00:01Z"}
    return {"traceId": "large", "spanId": "1", "name": "large", **times, "output": {"entries": entries}}


def add_traces(store: str) -> None:
    """Bring both into a store."""
    with NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.writelines(json.dumps(span) + "\n" for span in (*wide_trace(), large_span()))
        file.flush()
        done = spanwell("import", file.name, "--db", store)
        assert done.returncode == 0, done.stdout + done.stderr


def main() -> int:
    """Measure over a store, to which the traces are added."""
    (store,) = sys.argv[1:]
    add_traces(store)
    with serving("--db", store) as server, chromium() as browser:
        home, trace, large = f"{server.url}/", f"{server.url}/#/trace/measured", f"{server.url}/#/trace/large"
        row, span, branch = "[role=table] [role=row] a", "[role=treeitem]:nth-of-type(10)", ".json-tree li .json-branch"
        whole = ".trace-tools + .trace-split [role=treeitem]"
        for name, address, selector, ask in (
            ("first paint", home, row, first_paint),
            ("first list", home, row, shown),
            (f"trace of {SPANS} spans, first rows", trace, span, shown),
            (f"trace of {SPANS} spans, all", trace, whole, shown),
            ("mean frame of its scrolling", trace, whole, mean_frame),
            ("longest frame of its scrolling", trace, whole, longest_frame),
            ("a branch of 2 MB of JSON opens", large, branch, json_opened),
        ):
            taken = [visit(browser, address, selector, ask) for _ in range(TRIES)]
            print(f"{name:36} median {median(taken):6.1f} ms, worst {max(taken):6.1f} ms", flush=True)  # noqa: T201 - the figures
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

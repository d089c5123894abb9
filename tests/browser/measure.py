"""`python -m tests.browser.measure STORE` prints how soon the dashboard shows something, in the system's Chromium.

Moments are those of the page itself, from the start of its navigation: what a person waits, without the driver's part.
"""

import json
import sys
from collections.abc import Callable, Iterator
from statistics import median
from tempfile import NamedTemporaryFile
from typing import Any

from playwright.sync_api import Browser, Page

from tests.running import serving, spanwell

from .chromium import chromium

TRIES = 5
SPANS = 100_000
ENTRIES = 25_000
"""Of a list of objects, which take two megabytes as JSON."""

# Resolves once the rows are there and have been painted.
_WAIT = """(selector) => new Promise((resolve) => {
  const look = () => document.querySelector(selector)
    ? requestAnimationFrame(() => setTimeout(() => resolve(performance.now())))
    : setTimeout(look, 2);
  look();
})"""
_FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"
# How long frames take while the waterfall is scrolled from its top to its end.
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
    return float(max(page.evaluate(_FRAMES)))


def usual_frame(page: Page) -> float:
    """Return how long 19 of 20 frames take at most while a trace is scrolled through."""
    frames = sorted(page.evaluate(_FRAMES))
    return float(frames[len(frames) * 19 // 20])


def json_opened(page: Page) -> float:
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
            ("first list", home, row, shown(row)),
            (f"trace of {SPANS} spans, first rows", trace, span, shown(span)),
            (f"trace of {SPANS} spans, all", trace, whole, shown(whole)),
            ("19 of 20 frames of its scrolling", trace, whole, usual_frame),
            ("longest frame of its scrolling", trace, whole, longest_frame),
            ("a branch of 2 MB of JSON opens", large, branch, json_opened),
        ):
            taken = [visit(browser, address, selector, ask) for _ in range(TRIES)]
            print(f"{name:36} median {median(taken):6.0f} ms, worst {max(taken):6.0f} ms", flush=True)  # noqa: T201 - the figures
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""What axe-core, the usual judge of accessibility, says about a page."""

from importlib.resources import files

from playwright.sync_api import Page

_SOURCE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")

# A page is judged once its animations have ended and its data is up to date.
_AT_REST = """() => !document.querySelector(".stale") && document.getAnimations()
  .every((one) => one.playState !== "running" || one.effect.getComputedTiming().endTime === Infinity)"""

_RUN = """() => axe.run(document, {resultTypes: ["violations"]}).then(({violations}) =>
  violations
    .filter(({impact}) => impact === "serious" || impact === "critical")
    .flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) => `${id}: ${target} ${failureSummary}`))
)"""


def grave_faults(page: Page) -> list[str]:
    """Return what a page shows that is seriously or critically hard on somebody."""
    page.evaluate(_SOURCE)
    page.wait_for_function(_AT_REST)
    found: list[str] = page.evaluate(_RUN)
    return found

"""What axe-core, the usual judge of accessibility, says about a page."""

from importlib.resources import files

from playwright.sync_api import Page

_SOURCE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")

_RUN = """() => axe.run(document, {resultTypes: ["violations"]}).then(({violations}) =>
  violations
    .filter(({impact}) => impact === "serious" || impact === "critical")
    .flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) => `${id}: ${target} ${failureSummary}`))
)"""


def grave_faults(page: Page) -> list[str]:
    """Return what a page shows that is seriously or critically hard on somebody."""
    page.evaluate(_SOURCE)
    found: list[str] = page.evaluate(_RUN)
    return found

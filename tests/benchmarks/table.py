"""Prints results as a table; `python -m tests.benchmarks.table` puts those of the newest file into the README."""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.running import ROOT

RESULTS = Path(__file__).parent / "results"
SECTION = re.compile(r"(<!-- benchmark -->\n)(.*?)(\n<!-- /benchmark -->)", re.DOTALL)
_HEADINGS = ("operation", "p50", "p95", "p99", "raw DuckDB", "ratio", "target", "")


def newest() -> Path:
    """Return the newest file of results."""
    return max(RESULTS.glob("*.json"), key=lambda path: json.loads(path.read_text(encoding="utf-8"))["date"])


def figure(value: float | None, unit: str) -> str:
    """Return a figure as it is shown; the unit stands with the first of a row."""
    if value is None:
        return ""
    shown = f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
    return f"{shown} {unit}".strip()


def cells(row: dict[str, Any]) -> list[str]:
    """Return the cells of a row of results."""
    met = {True: "yes", False: "no", None: ""}[row["met"]]
    ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
    rest = [figure(row[name], "") for name in ("p95", "p99", "raw")]
    return [row["operation"], figure(row["p50"], row["unit"]), *rest, ratio, row["target"], met]


def lines(rows: Iterable[Sequence[str]]) -> list[str]:
    """Return cells as aligned columns."""
    grid = [_HEADINGS, *rows]
    widths = [max(len(row[column]) for row in grid) for column in range(len(_HEADINGS))]
    left = (0, len(_HEADINGS) - 2)
    return [
        "  ".join(
            cell.ljust(width) if column in left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in grid
    ]


def heading(results: dict[str, Any]) -> str:
    """Return the sentence that says what was measured, when, and on what."""
    versions = results["versions"]
    return (
        f"{results['spans']:,} spans, {results['machine']}, Python {results['python']}, DuckDB {versions['duckdb']},"
        f" {results['date'][:10]}; the load shares the cores. Milliseconds unless another unit is given."
    )


def markdown(results: dict[str, Any]) -> str:
    """Return the section of the README."""
    rows = [(*_HEADINGS[:-1], "met"), ("---", *["---:"] * 5, "---", "---"), *map(cells, results["rows"])]
    return "\n".join([heading(results), "", *(f"| {' | '.join(row)} |" for row in rows)])


def main() -> None:
    """Write the newest results into the README."""
    readme = ROOT / "README.md"
    section = markdown(json.loads(newest().read_text(encoding="utf-8")))
    page = readme.read_text(encoding="utf-8")
    readme.write_text(SECTION.sub(lambda found: found[1] + section + found[3], page), encoding="utf-8")


if __name__ == "__main__":
    main()

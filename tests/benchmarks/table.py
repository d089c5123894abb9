"""Prints results as a table.

`python -m tests.benchmarks.table` puts those of the newest file into `docs/performance.md`.
"""

import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.running import ROOT

from .figures import Row

RESULTS = Path(__file__).parent / "results"
SECTION = re.compile(r"(<!-- benchmark -->\n)(.*?)(\n<!-- /benchmark -->)", re.DOTALL)
_HEADINGS = ("operation", "p50", "p95", "p99", "beside it", "ratio", "target", "")
_PEER_HEADINGS = ("operation", "peer", "spans", "peer's", "Spanwell", "times as fast")
_PEERS = (
    "Beside its peers, each on as many spans, one client, asked in turn. Phoenix answers over HTTP too; Mastra's stores"
    " are called within a process, without a network between."
)


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
    rest = [figure(row[name], "") for name in ("p95", "p99")]
    beside = "" if row["reference"] is None else f"{row['beside']}: {figure(row['reference'], '')}"
    return [row["operation"], figure(row["p50"], row["unit"]), *rest, beside, ratio, row["target"], met]


def print_rows(rows: Iterable[Row]) -> None:
    """Print rows that were measured by themselves."""
    sys.stdout.write("\n".join(lines(cells(row.document()) for row in rows)) + "\n")


def peer_cells(row: dict[str, Any]) -> list[str]:
    """Return the cells of a row of results about a peer."""
    figures = [figure(row["figure"], row["unit"]), figure(row["server"], "")]
    return [row["operation"], row["peer"], f"{row['spans']:,}", *figures, f"{row['ratio']:.2f}"]


def lines(rows: Iterable[Sequence[str]]) -> list[str]:
    """Return cells as aligned columns."""
    return _aligned([_HEADINGS, *rows], (0, len(_HEADINGS) - 2))


def peer_lines(rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the cells of peers as aligned columns."""
    return _aligned([_PEER_HEADINGS, *rows], (0, 1))


def _aligned(grid: Sequence[Sequence[str]], left: Sequence[int]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*grid, strict=True)]
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


def printed(results: dict[str, Any]) -> str:
    """Return all of the results as they are printed."""
    shown = [heading(results), "", *lines(map(cells, results["rows"]))]
    if peers := results.get("peers"):
        shown += ["", _PEERS, "", *peer_lines(map(peer_cells, peers))]
    return "\n".join(shown)


def markdown(results: dict[str, Any]) -> str:
    """Return the section of the page."""
    rows = [(*_HEADINGS[:-1], "met"), ("---", *["---:"] * 5, "---", "---"), *map(cells, results["rows"])]
    shown = [heading(results), "", *map(_markdown_row, rows)]
    if peers := results.get("peers"):
        compared = [_PEER_HEADINGS, ("---", "---", *["---:"] * 4), *map(peer_cells, peers)]
        shown += ["", _PEERS, "", *map(_markdown_row, compared)]
    return "\n".join(shown)


def _markdown_row(row: Iterable[str]) -> str:
    return f"| {' | '.join(row)} |"


def main() -> None:
    """Write the newest results into the page."""
    shown_in = ROOT / "docs" / "performance.md"
    section = markdown(json.loads(newest().read_text(encoding="utf-8")))
    page = shown_in.read_text(encoding="utf-8")
    shown_in.write_text(SECTION.sub(lambda found: found[1] + section + found[3], page), encoding="utf-8")


if __name__ == "__main__":
    main()

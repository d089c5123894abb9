"""The page about OpenTelemetry says what the code does."""

import os
import re
from collections.abc import Iterator
from itertools import groupby

from spanwell.observability.conventions.rows.contents import INPUTS, OUTPUTS
from spanwell.observability.conventions.rows.context import METADATA, OF_RESOURCE, OUTCOMES, TAGS, TEXTS
from spanwell.observability.conventions.rows.row import SOURCES
from spanwell.observability.conventions.rows.usage import PARTS_OF_COSTS, USAGE
from spanwell.observability.conventions.rows.usage_objects import MEMBERS, OBJECTS
from spanwell.observability.model.columns import camel
from tests.running import ROOT

PAGE = ROOT / "docs" / "opentelemetry.md"
OF_RESOURCE_ALONE = [row for row in OF_RESOURCE if row not in TEXTS]
ROWS = (*TEXTS, *OF_RESOURCE_ALONE, *INPUTS, *OUTPUTS, *TAGS, *METADATA, *OUTCOMES, *USAGE, *PARTS_OF_COSTS, *OBJECTS)


def rows() -> Iterator[str]:
    """Yield the table of all conventions, as the code's own tables have them."""
    yield "| field | source | attributes | path in the value |"
    yield "|---|---|---|---|"
    for (field, source, paths), group in groupby(ROWS, lambda row: (row.field, row.source, row.paths)):
        keys = ", ".join(f"`{key}`" for row in group for key in row.keys)
        yield f"| `{camel(field)}` | {source} | {keys} | {_shown(paths)} |"
    yield ""
    yield from members()
    yield ""
    yield "Sources: " + ", ".join(f"[{name}]({url})" for name, url in SOURCES.items()) + "."


def _shown(paths: tuple[str, ...]) -> str:
    return ", ".join(f"`{path}`" if path else "JSON in a text" for path in paths)


def members() -> Iterator[str]:
    """Yield the table of what the members of an object that holds tokens may be called."""
    yield "| field | members of such an object |"
    yield "|---|---|"
    for field, names in MEMBERS.items():
        yield f"| `{camel(field)}` | {', '.join(f'`{name}`' for name in names)} |"


def test_every_row_has_a_source_and_every_source_a_row() -> None:
    assert {row.source for row in ROWS} == set(SOURCES)
    assert all(row.keys for row in ROWS)


def test_the_table_of_conventions_is_the_codes() -> None:
    """Set SPANWELL_WRITE_ANSWERS to write it into the page."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split("<!-- conventions -->\n")
    after = rest.partition("<!-- /conventions -->")[2]
    real = "\n".join([f"{before}<!-- conventions -->", *rows(), f"<!-- /conventions -->{after}"])
    if os.environ.get("SPANWELL_WRITE_ANSWERS"):
        PAGE.write_text(real, encoding="utf-8")
    assert text == real or os.environ.get("SPANWELL_WRITE_ANSWERS")


def test_its_links_lead_somewhere_and_its_pictures_are_small() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", PAGE.read_text(encoding="utf-8"))
    assert len(links) >= 4
    paths = [PAGE.parent / link for link in links]
    assert [path for path in paths if not path.exists()] == []
    assert [path for path in paths if path.suffix == ".png" and path.stat().st_size > 200 * 1024] == []

"""The page about OpenTelemetry says what the code does."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence

from spanwell.observability.conventions.attributes import OF_RESOURCE, TAGS, TEXTS
from spanwell.observability.conventions.content_keys import INPUTS, OUTPUTS
from spanwell.observability.conventions.usage import KEYS
from spanwell.observability.model.columns import camel
from tests.running import ROOT

PAGE = ROOT / "docs" / "opentelemetry.md"
CONTENTS: Mapping[str, Sequence[str]] = {"input": INPUTS, "output": OUTPUTS, "tags": TAGS}


def rows() -> Iterator[str]:
    """Yield the table of all conventions, as the code's own tables have them."""
    yield "| field | keys |"
    yield "|---|---|"
    service = {"service_name": OF_RESOURCE["service_name"]}
    for field, keys in {**TEXTS, **service, **CONTENTS, **KEYS}.items():
        yield f"| `{camel(field)}` | {', '.join(f'`{key}`' for key in keys)} |"


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

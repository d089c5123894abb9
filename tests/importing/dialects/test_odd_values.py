"""Whatever stands at any place of an export, it is imported, or refused with a sentence."""

import json
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from spanwell.importing import ImportFailed
from tests.importing.exports import FILES
from tests.importing.stores import Store

Place = tuple[Any, ...]
ODD: tuple[Any, ...] = (True, 1.5, [], {}, "2026-02-02", [[]], {"a": [1]}, 10**30, "", 1e300, -1, None, "NaN")


def places(value: Any, above: Place = ()) -> Iterator[Place]:
    """Yield where the values within a document stand."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in members:
        yield (*above, key)
        yield from places(inner, (*above, key))


def replaced(document: Any, place: Place, value: object) -> Any:
    made = holder = deepcopy(document)
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value
    return made


@pytest.mark.parametrize("name", [name for name, content in FILES.items() if not isinstance(content, str)])
def test_no_value_stops_an_import_without_a_sentence(store: Store, tmp_path: Path, name: str) -> None:
    path, odd = tmp_path / "export.json", cycle(ODD)
    for place in places(FILES[name]):
        path.write_text(json.dumps(replaced(FILES[name], place, next(odd))), encoding="utf-8")
        with suppress(ImportFailed):
            store.add(path)

"""Each rule runs through every door."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spanwell.storage import open_storage
from spanwell.storage.reference.storage import MemoryStorage

from .door import Door, StoreDoor
from .http_door import HttpDoor


@pytest.fixture(params=["memory", "duckdb in memory", "duckdb file", "http"])
def door(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Door]:
    """One way in, to an empty store."""
    opened: StoreDoor | HttpDoor
    match request.param:
        case "memory":
            opened = StoreDoor(MemoryStorage())
        case "duckdb in memory":
            opened = StoreDoor(open_storage(":memory:"))
        case "http":
            opened = HttpDoor()
        case _:
            opened = StoreDoor(open_storage(str(tmp_path / "spans.duckdb")))
    yield opened
    opened.close()

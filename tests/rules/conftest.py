"""Each rule runs through every door."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.storage import open_storage
from server.storage.memory import MemoryStorage

from .door import Door, StoreDoor


@pytest.fixture(params=["memory", "duckdb in memory", "duckdb file"])
def door(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Door]:
    """One way in, to an empty store."""
    match request.param:
        case "memory":
            opened = StoreDoor(MemoryStorage())
        case "duckdb in memory":
            opened = StoreDoor(open_storage(":memory:"))
        case _:
            opened = StoreDoor(open_storage(str(tmp_path / "spans.duckdb")))
    yield opened
    opened.close()

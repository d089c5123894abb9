"""What the tests of importing share."""

from asyncio import Runner
from collections.abc import Iterator

import pytest

from spanwell.storage import open_storage

from .stores import Store


@pytest.fixture
def store() -> Iterator[Store]:
    storage = open_storage(":memory:")
    with Runner() as runner:
        runner.run(storage.init())
        yield Store(runner, storage)
        runner.run(storage.close())

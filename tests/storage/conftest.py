"""The pair of stores is opened once for a module: each test begins by clearing it."""

from collections.abc import Iterator

import pytest

from .pair import Pair


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    """Open the plain store and DuckDB."""
    made = Pair()
    yield made
    made.close()

"""Whatever a server cannot read it refuses in one sentence, and leaves as it was."""

import pytest

from .unreadable import CASES, refused


@pytest.mark.parametrize("name", ["empty", "half", "newer"])
def test_what_cannot_be_read_is_refused_and_left_alone(name: str) -> None:
    assert refused(CASES[name]).startswith("spanwell: /stores/spans.duckdb ")

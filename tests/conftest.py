"""What all tests share."""

from pathlib import Path

import pytest
from hypothesis import settings

SHARED = Path(__file__).parents[1].parent / "shared" / "data"

settings.register_profile("spanwell", deadline=None, print_blob=True)
settings.load_profile("spanwell")


@pytest.fixture
def shared_data() -> Path:
    """Return the folder of real traces that lies beside the project, where there is one."""
    if not SHARED.is_dir():
        pytest.skip("there is no ../shared/data: the real traces are not part of the project")
    return SHARED

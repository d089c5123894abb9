"""What all tests share."""

from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test, settings

SHARED = Path(__file__).parents[1].parent / "shared" / "data"

settings.register_profile("spanwell", deadline=None, print_blob=True)
settings.load_profile("spanwell")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave coverage to the examples that are written down, and run what is random after them.

    What random tests reach differs from run to run, and tracing would make most of their time. They come last of their
    module, as threads that it keeps are not traced again after a pause.
    """
    for item in items:
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker(pytest.mark.no_cover)  # for the reasons above
    modules = {item.path: place for place, item in reversed([*enumerate(items)])}
    items.sort(key=lambda item: (modules[item.path], item.get_closest_marker("no_cover") is not None))


@pytest.fixture
def shared_data() -> Path:
    """Return the folder of real traces that lies beside the project, where there is one."""
    if not SHARED.is_dir():
        pytest.skip("there is no ../shared/data: the real traces are not part of the project")
    return SHARED

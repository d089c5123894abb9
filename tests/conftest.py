"""What all tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test, settings

REAL_TRACES = Path(os.environ.get("SPANWELL_REAL_TRACES", Path(__file__).parents[2] / "shared" / "data"))
"""A folder of real traces, which are not part of the project; tests that need it are skipped where it is missing."""

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
    """Return the folder of real traces, where there is one."""
    if not REAL_TRACES.is_dir():
        pytest.skip("SPANWELL_REAL_TRACES names no folder: the real traces are not part of the project")
    return REAL_TRACES

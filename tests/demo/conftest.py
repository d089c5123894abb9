"""Some days of demo traces, made once for all tests."""

import pytest

from spanwell.demo import generate
from spanwell.observability.derivation.derived import derived
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span

NOW = Nanos(1_790_000_000_123_456_789)
"""2026-09-21T14:13:20.123456789Z, when the demo's day ends."""


@pytest.fixture(scope="session")
def day() -> list[list[Span]]:
    """Make a day of 2,000 traces, as a store would keep them."""
    return stored(2_000, seed=7)


def stored(traces: int, seed: int) -> list[list[Span]]:
    """Return generated traces with their derived fields filled in."""
    return [[derived(span) for span in spans] for spans in generate(traces, seed, NOW)]

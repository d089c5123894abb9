"""The results of applying batches."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Created:
    """How many spans a batch of creates added, and how many stored ones it changed."""

    created_count: int
    updated_count: int


@dataclass(frozen=True)
class Updated:
    """How many updates found their span, and the indexes of those that did not."""

    updated_count: int
    not_found: tuple[int, ...]


@dataclass(frozen=True)
class Deleted:
    """How many traces, and how many spans of them, were deleted."""

    deleted_trace_count: int
    deleted_span_count: int

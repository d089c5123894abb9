"""What became of a mutation, for its payload to read."""

from collections.abc import Sequence
from dataclasses import dataclass

from spanwell.observability.derivation.batches import Created
from spanwell.observability.model.span import Span


@dataclass(frozen=True)
class Skipped:
    """An element of a batch that is left out, and why."""

    index: int
    trace_id: str | None
    span_id: str | None
    reason: str


@dataclass(frozen=True)
class MissingSpan:
    """An update that did not find its span."""

    index: int
    trace_id: str
    span_id: str


@dataclass(frozen=True)
class UpdatesDone:
    """What became of a batch of updates."""

    updated_count: int
    not_found: list[MissingSpan]
    skipped: Sequence[Skipped] = ()


@dataclass(frozen=True)
class CreatesDone:
    """What became of a batch of creates."""

    created_count: int
    updated_count: int
    skipped: Sequence[Skipped] = ()


@dataclass(frozen=True)
class SpanCreated:
    """A span that was created, as it is stored now."""

    span: Span | None
    done: Created

    @property
    def created_count(self) -> int:
        """1 if the span is new."""
        return self.done.created_count

    @property
    def updated_count(self) -> int:
        """1 if it changed a stored span."""
        return self.done.updated_count


@dataclass(frozen=True)
class SpanUpdated:
    """A span that was updated, as it is stored now."""

    span: Span | None
    done: UpdatesDone

    @property
    def updated_count(self) -> int:
        """1 if the span was found."""
        return self.done.updated_count

    @property
    def not_found(self) -> list[MissingSpan]:
        """The update, if its span was not found."""
        return self.done.not_found

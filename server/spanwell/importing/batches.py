"""What every reader of files yields: batches of spans, with the position of each element in the file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from spanwell.observability.model.assessments import Assessment, AssessmentKind
from spanwell.observability.model.span import Span

AT_ONCE = 10_000
"""The maximum number of spans in a batch."""
MARK = b"\xef\xbb\xbf"
"""The byte order mark with which programs on Windows begin files in UTF-8."""


class ImportFailed(Exception):
    """A file cannot be read, or something in it cannot be stored; the message names the file and the element."""


@dataclass(frozen=True)
class Batch:
    """Spans of a file; `places` has the position of each: a number, such as 1 for `line 1`, or text.

    Scores and feedback have batches of their own.
    """

    spans: Sequence[Span]
    places: Sequence[int | str]
    scores: Sequence[Assessment] = ()
    kind: AssessmentKind = AssessmentKind.SCORE


class Reader(Protocol):
    """Reads files of a format."""

    unit: str
    """The name of an element: `line`, `row`."""

    def can_read(self, beginning: bytes) -> bool:
        """Return whether a file with this beginning has the format."""
        ...

    def count(self, path: Path) -> int | None:
        """Return the number of spans in a file if it is known without reading it, else None."""
        ...

    def read(self, path: Path) -> Iterator[Batch]:
        """Yield the spans of a file. Raises `ImportFailed`."""
        ...

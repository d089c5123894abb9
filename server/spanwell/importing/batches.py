"""What every reader of files gives: spans in batches, and how an element of a batch is called in its file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from spanwell.observability.model.assessments import Assessment, AssessmentKind
from spanwell.observability.model.span import Span

AT_ONCE = 10_000
"""The most spans of a batch."""
MARK = b"\xef\xbb\xbf"
"""The mark of byte order with which programs of Windows begin texts in UTF-8."""


class ImportFailed(Exception):
    """A file cannot be read, or something in it cannot be stored; the message names the file and the element."""


@dataclass(frozen=True)
class Batch:
    """Some spans of a file; `places` says where each of them stands, such as 1 for `line 1`, or in words.

    Scores, or feedback, come in batches of their own.
    """

    spans: Sequence[Span]
    places: Sequence[int | str]
    scores: Sequence[Assessment] = ()
    kind: AssessmentKind = AssessmentKind.SCORE


class Reader(Protocol):
    """A format of files."""

    unit: str
    """What an element is called: `line`, `row`."""

    def can_read(self, beginning: bytes) -> bool:
        """Return whether a file that begins so is of the format."""
        ...

    def count(self, path: Path) -> int | None:
        """Return how many spans a file holds, if that is known without reading it."""
        ...

    def read(self, path: Path) -> Iterator[Batch]:
        """Yield the spans of a file. Raises `ImportFailed`."""
        ...

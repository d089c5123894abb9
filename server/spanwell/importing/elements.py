"""Readers of files that are one JSON document, which is held in memory; its elements are validated one by one."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from spanwell.observability.conventions.attributes import described
from spanwell.observability.model.assessments import Score
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.fast_spans import make_span
from spanwell.observability.model.span import Span
from spanwell.observability.model.text import json_of

from .batches import AT_ONCE, MARK, Batch, ImportFailed
from .values import WRONG_TYPE

T = TypeVar("T")

_MISSING = re.compile(r"missing required field `(\w+)`")
_LINE = msgspec.json.Decoder(dict[str, msgspec.Raw])
_OF_SPANS = ({"traceId", "trace_id"}, {"spanId", "span_id"})


class Document(ABC):
    """A format of files that are one JSON document each."""

    unit = "element"

    @abstractmethod
    def can_read(self, beginning: bytes) -> bool:
        """Return whether a file with this beginning has the format."""

    @abstractmethod
    def spans(self, content: bytes) -> Iterator[tuple[str, Span]]:
        """Yield the spans of a document, each after its position. Raises `InvalidInput`."""

    def scores(self, content: bytes) -> Iterator[tuple[str, Score]]:
        """Yield the scores of a document, each after its position. Raises `InvalidInput`."""
        del content
        return iter(())

    def count(self, path: Path) -> int | None:
        """Return None: the document must be read to count its spans."""
        del path
        return None

    def read(self, path: Path) -> Iterator[Batch]:
        """Yield the spans of a file. Raises `ImportFailed`."""
        try:
            content = path.read_bytes().removeprefix(MARK)
            spans = self.spans(content)
            while chunk := list(islice(spans, AT_ONCE)):
                yield Batch([span for _, span in chunk], [place for place, _ in chunk])
            scores = self.scores(content)
            while batch := list(islice(scores, AT_ONCE)):
                yield Batch([], [place for place, _ in batch], [score for _, score in batch])
        except InvalidInput as error:
            raise ImportFailed(f"{path}: {error}") from None


def names_any(beginning: bytes, *keys: str) -> bool:
    """Return whether a document with this beginning has a member with any of the names.

    A document whose first line is a span by our own names has none: there, such a name is just an attribute.
    """
    pattern = rf'"(?:{"|".join(keys)})"\s*:'.encode()
    return re.search(pattern, beginning) is not None and not _begins_with_span(beginning)


def _begins_with_span(beginning: bytes) -> bool:
    try:
        line = _LINE.decode(beginning.lstrip().partition(b"\n")[0])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return all(names & line.keys() for names in _OF_SPANS)


def read_element(decoder: msgspec.json.Decoder[T], raw: bytes | msgspec.Raw, place: str) -> T:
    """Return an element of a document. Raises `InvalidInput`, which names the invalid member."""
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        missing = _MISSING.search(message)
        member = path.rstrip("`") + (f".{missing[1]}" if missing else "")
        raise InvalidInput("is missing" if missing else WRONG_TYPE, f"{place}{member}".strip(".")) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidInput("is not JSON", place) from None


def described_span(
    attributes: Mapping[str, Any], resource: Mapping[str, Any], events: Sequence[Mapping[str, Any]] = (), **fields: Any
) -> Span:
    """Return a span with attributes and events, the fields filled from them, and other fields.

    The other fields win if they are not None.
    """
    found = {
        **described(attributes, resource, events, fields.get("name") or ""),
        "attributes": json_of(attributes) if attributes else None,
        "resource": json_of(resource) if resource else None,
        "events": json_of(events) if events else None,
        **{name: value for name, value in fields.items() if value is not None},
    }
    return make_span((name, value) for name, value in found.items() if value is not None)

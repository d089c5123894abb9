"""What there is to ask about: the fields of spans, and the values that are found in a field."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec

from .columns import Kind
from .conditions import ALWAYS, MANY, Condition, Level
from .fields import FieldRef, texts_of
from .pointers import flat_key
from .span import SPAN_COLUMNS, Span
from .text import fold

SAMPLE = 5_000
"""Attributes are looked for in so many of the newest spans."""

LARGEST_DOCUMENT = 64 * 1024
"""No attributes are looked for in a JSON value of more bytes."""

LONGEST_VALUE = 1_000
"""A value of more bytes is no use for completing what somebody types, and is left out."""

MOST_KEYS = 10_000
"""Of the keys found, so many that are seen most often are kept."""


@dataclass(frozen=True)
class SeenKey:
    """A key that was found at a level: the kinds of its values other than null, and how many spans have it."""

    level: Level
    key: str
    kinds: frozenset[Kind]
    count: int


@dataclass(frozen=True)
class Seen:
    """What was found in a sample of spans: how many have a value in each column, and the keys of their attributes."""

    columns: dict[str, int]
    keys: list[SeenKey]


@dataclass(frozen=True)
class SpanField:
    """A field of spans that can be asked about: a column, or with a level an attribute's key."""

    name: str
    level: Level | None
    kind: Kind
    seen_count: int
    doc: str


@dataclass(frozen=True)
class ValuesQuery:
    """The values of a field among the spans that meet a condition: those that begin so, in any case."""

    field: FieldRef
    size: int
    where: Condition = ALWAYS
    prefix: str = ""


@dataclass(frozen=True)
class FieldValue:
    """A value of a field as text, and how many spans have it."""

    value: str
    count: int


def span_fields(seen: Seen, search: str = "") -> list[SpanField]:
    """Return the fields with a text in their name, in any case: columns, then attributes, the most frequent first."""
    found = [SpanField(c.label, None, c.kind, seen.columns[c.name], c.doc) for c in SPAN_COLUMNS]
    for each in seen.keys:
        name, kind = flat_key(each.level, each.key), next(iter(each.kinds)) if len(each.kinds) == 1 else Kind.JSON
        found.append(SpanField(name, each.level, kind, each.count, f"A key of `{each.level.value}`."))
    return [field for field in found if fold(search) in fold(field.name)]


def plain_seen(newest: Sequence[Span]) -> Seen:
    """Return what is found in some spans: the meaning that every backend must give."""
    columns = {c.name: sum(getattr(span, c.name) is not None for span in newest) for c in SPAN_COLUMNS}
    counts: Counter[_Key] = Counter()
    kinds: dict[_Key, set[Kind]] = {}
    for span in newest:
        of_span: set[_Key] = set()
        for level, key, value in _attributes(span):
            of_span.add((level, key))
            kinds.setdefault((level, key), set()).update(_kinds(value))
        counts.update(of_span)
    keys = [SeenKey(level, key, frozenset(kinds[level, key]), n) for (level, key), n in counts.items()]
    return Seen(columns, sorted(keys, key=lambda seen: (-seen.count, seen.level.value, seen.key))[:MOST_KEYS])


_Key: TypeAlias = tuple[Level, str]


def _attributes(span: Span) -> Iterator[tuple[Level, str, Any]]:
    for level in Level:
        document = getattr(span, level.value)
        if document is None or len(document.encode()) > LARGEST_DOCUMENT:
            continue
        for found in _objects(level, msgspec.json.decode(document)):
            if isinstance(found, dict):
                yield from ((level, key, value) for key, value in found.items())


def _objects(level: Level, document: Any) -> Iterable[Any]:
    if level not in MANY:
        return (document,)
    listed = document if isinstance(document, list) else ()
    return (one.get("attributes") for one in listed if isinstance(one, dict))


def _kinds(value: Any) -> set[Kind]:
    match value:
        case None:
            return set()
        case bool():
            return {Kind.FLAG}
        case int() | float():
            return {Kind.NUMBER}
        case str():
            return {Kind.TEXT}
        case _:
            return {Kind.JSON}


def plain_values(spans: Iterable[Span], query: ValuesQuery) -> list[FieldValue]:
    """Return the values of a field, the most frequent first: the meaning that every backend must give."""
    counts = Counter(
        text
        for span in spans
        for text in set(texts_of(span, query.field))
        if len(text.encode()) <= LONGEST_VALUE and fold(text).startswith(fold(query.prefix))
    )
    ranked = sorted(counts.items(), key=lambda found: (-found[1], found[0]))
    return [FieldValue(value, count) for value, count in ranked[: query.size]]

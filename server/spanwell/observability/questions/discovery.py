"""What there is to ask about: the fields of spans, and the values that are found in a field."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.span import SPAN_COLUMNS
from spanwell.observability.model.text import fold

from .conditions import ALWAYS, Condition, Level
from .cursors import fingerprint
from .fields import FieldRef
from .pointers import flat_key, member_pointer

SAMPLE = 5_000
"""Attributes are looked for in so many of the newest spans."""

LARGEST_DOCUMENT = 64 * 1024
"""No attributes are looked for in a JSON value of more bytes."""

LONGEST_VALUE = 1_000
"""A value of more bytes is no use for completing what somebody types, and is left out."""

MOST_KEYS = 10_000
"""Of the keys found, so many that are seen most often are kept."""


class Reach(Enum):
    """In which spans attributes are looked for.

    NEWEST are the newest `SAMPLE`; with KNOWN there are also the keys of all others of the tenant, which count nothing,
    and some of which may no longer be there; EVERY looks at every span again.
    """

    NEWEST = "newest"
    KNOWN = "known"
    EVERY = "every"


@dataclass(frozen=True)
class FieldsQuery:
    """What the spans that meet a condition can be asked about; of a tenant, whose stored ids begin so."""

    where: Condition = ALWAYS
    reach: Reach = Reach.NEWEST
    tenant: str = ""


@dataclass(frozen=True)
class SeenKey:
    """A key that was found at a level: the kinds of its values other than null, and how many spans have it.

    Of a list the kinds are those of its elements. `is_own` says of events and links that it is a member of their own,
    such as an event's name, and no attribute.
    """

    level: Level
    key: str
    kinds: frozenset[Kind]
    count: int
    is_own: bool = False

    @property
    def name(self) -> str:
        """How the key is spelled in a question."""
        return member_pointer(self.key) if self.is_own else flat_key(self.level, self.key)


@dataclass(frozen=True)
class Seen:
    """What was found in a sample of spans: how many have a value in each column, and the keys of their attributes."""

    columns: dict[str, int]
    keys: list[SeenKey]

    def knowing(self, known: Iterable[SeenKey]) -> "Seen":
        """Return the same with other keys that are known, and all their kinds."""
        found = {(each.level, each.is_own, each.key): each for each in self.keys}
        for each in known:
            place = each.level, each.is_own, each.key
            seen = found.get(place, replace(each, count=0))
            found[place] = replace(seen, kinds=seen.kinds | each.kinds)
        return Seen(self.columns, ranked(found.values()))


def ranked(keys: Iterable[SeenKey]) -> list[SeenKey]:
    """Return the most frequent keys in order, up to the limit."""
    return sorted(keys, key=lambda seen: (-seen.count, seen.level.value, seen.is_own, seen.key))[:MOST_KEYS]


@dataclass(frozen=True)
class SpanField:
    """A field of spans that can be asked about: a column, or with a level an attribute's key."""

    name: str
    level: Level | None
    kind: Kind
    seen_count: int
    doc: str
    kinds: frozenset[Kind] = frozenset()
    """All kinds of values that were seen, of an attribute's key."""


@dataclass(frozen=True)
class ValuesQuery:
    """The values of a field among the spans that meet a condition: those that begin so, or have that in them.

    Upper and lower case are alike. The most frequent come first, then in order; or in order alone, if `by_value`. With
    `after` only what comes after such a value. `contains` does not look at the first `skipped` characters of a value.
    """

    field: FieldRef
    size: int
    where: Condition = ALWAYS
    prefix: str = ""
    contains: str = ""
    by_value: bool = False
    after: "FieldValue | None" = None
    skipped: int = 0

    def fingerprint(self) -> bytes:
        """Return what the cursors of this list are bound to."""
        asked = (self.field, self.prefix, self.contains, self.by_value)
        return fingerprint(f"values {asked!r}", self.where, ())


@dataclass(frozen=True)
class FieldValue:
    """A value of a field as text, and how many spans have it."""

    value: str
    count: int


def span_fields(seen: Seen, search: str = "") -> list[SpanField]:
    """Return the fields with a text in their name, in any case: columns, then attributes, the most frequent first."""
    found = [SpanField(c.label, None, c.kind, seen.columns[c.name], c.doc) for c in SPAN_COLUMNS]
    for each in seen.keys:
        kind = next(iter(each.kinds)) if len(each.kinds) == 1 else Kind.JSON
        doc = f"A {'member' if each.is_own else 'key'} of `{each.level.value}`."
        found.append(SpanField(each.name, each.level, kind, each.count, doc, each.kinds))
    return [field for field in found if fold(search) in fold(field.name)]

"""Discovery: the fields of spans, the attribute keys in use, and the values of a field."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.span import SPAN_COLUMNS
from spanwell.observability.model.text import fold

from .conditions import ALWAYS, Condition, Level
from .cursors import fingerprint
from .fields import FIELDS_OF_TRACES, OF_TRACE, FieldRef
from .pointers import flat_key, member_pointer

SAMPLE = 5_000
"""The number of newest spans whose attributes are read."""

LARGEST_DOCUMENT = 64 * 1024
"""The maximum size in bytes of a JSON value whose attributes are read."""

LONGEST_VALUE = 1_000
"""The maximum size in bytes of a listed value; longer ones are no use for completion."""

MOST_KEYS = 10_000
"""The maximum number of keys; the most frequent take precedence."""


class Reach(Enum):
    """The spans whose attributes are read.

    NEWEST means the newest `SAMPLE`. KNOWN adds the keys of all other spans of the tenant, without counts; some of
    these keys may no longer be in use. EVERY reads all spans.
    """

    NEWEST = "newest"
    KNOWN = "known"
    EVERY = "every"


@dataclass(frozen=True)
class FieldsQuery:
    """The fields of the spans that meet a condition; the stored ids of `tenant` begin with it.

    If all spans are read, `with_types` tells whether the kinds of keys are wanted, too.
    """

    where: Condition = ALWAYS
    reach: Reach = Reach.NEWEST
    tenant: str = ""
    with_types: bool = True


@dataclass(frozen=True)
class SeenKey:
    """An attribute key in use at a level: the kinds of its values except null, and the number of spans that have it.

    The kinds of a list are those of its elements. `is_own` means a member of an event or link itself, such as an
    event's name, and not an attribute.
    """

    level: Level
    key: str
    kinds: frozenset[Kind]
    count: int
    is_own: bool = False

    @property
    def name(self) -> str:
        """The key's spelling in queries."""
        return member_pointer(self.key) if self.is_own else flat_key(self.level, self.key)


@dataclass(frozen=True)
class Seen:
    """The fields in use in some spans: attribute keys, and how many have each column, or are of a trace that has it."""

    columns: dict[str, int]
    keys: list[SeenKey]
    of_traces: dict[str, int] = field(default_factory=dict[str, int])

    def knowing(self, known: Iterable[SeenKey]) -> "Seen":
        """Return the same, with other known keys and all their kinds."""
        found = {(each.level, each.is_own, each.key): each for each in self.keys}
        for each in known:
            place = each.level, each.is_own, each.key
            seen = found.get(place, replace(each, count=0))
            found[place] = replace(seen, kinds=seen.kinds | each.kinds)
        return replace(self, keys=ranked(found.values()))


def ranked(keys: Iterable[SeenKey]) -> list[SeenKey]:
    """Return the most frequent keys in order, up to the limit."""
    return sorted(keys, key=lambda seen: (-seen.count, seen.level.value, seen.is_own, seen.key))[:MOST_KEYS]


@dataclass(frozen=True)
class SpanField:
    """A field of spans that can be queried: a column, or with a level an attribute key."""

    name: str
    level: Level | None
    kind: Kind
    seen_count: int
    doc: str
    kinds: frozenset[Kind] = frozenset()
    """All kinds of values of an attribute key."""


@dataclass(frozen=True)
class ValuesQuery:
    """The values of a field among the spans that meet a condition, which begin with `prefix` and contain `contains`.

    Case is ignored. The most frequent values come first, or if `by_value` all are sorted by value; `after` is the
    position of the last value before the page. `contains` ignores the first `skipped` characters of a value.
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
        """Return what the list's cursors are bound to."""
        parameters = (self.field, self.prefix, self.contains, self.by_value)
        return fingerprint(f"values {parameters!r}", self.where, ())


@dataclass(frozen=True)
class FieldValue:
    """A value of a field as text, and the number of spans that have it."""

    value: str
    count: int


def span_fields(seen: Seen, search: str = "") -> list[SpanField]:
    """Return the fields whose name contains a text, ignoring case.

    Columns come first, then attributes, most frequent first, then columns of traces.
    """
    found = [SpanField(c.label, None, c.kind, seen.columns[c.name], c.doc) for c in SPAN_COLUMNS]
    for each in seen.keys:
        kind = next(iter(each.kinds)) if len(each.kinds) == 1 else Kind.JSON
        doc = f"A {'member' if each.is_own else 'key'} of `{each.level.value}`."
        found.append(SpanField(each.name, each.level, kind, each.count, doc, each.kinds))
    found += [SpanField(OF_TRACE + c.label, None, c.kind, seen.of_traces[c.name], c.doc) for c in FIELDS_OF_TRACES]
    return [field for field in found if fold(search) in fold(field.name)]

"""Declares the fields of records, once for all layers.

A record is a dataclass whose fields are `Annotated[T, Column("description")]`. Other layers have a table by `Kind` (SQL
types, GraphQL types, filters, codecs) instead of lists of fields. CONTRIBUTING.md lists what else a new field needs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from enum import Enum, StrEnum
from functools import cache
from types import MappingProxyType, UnionType
from typing import Annotated, Any, NewType, Union, get_args, get_origin, get_type_hints

Json = NewType("Json", str)
"""A JSON value as text. It is not parsed and written again, so it comes back as it was sent."""

Nanos = NewType("Nanos", int)
"""A time in nanoseconds since 1970-01-01T00:00:00Z (OpenTelemetry's `fixed64 *_unix_nano`)."""


class Kind(Enum):
    """The kinds of values in records."""

    TEXT = "text"
    TIME = "time"
    INT = "int"
    NUMBER = "number"
    FLAG = "flag"
    ENUM = "enum"
    TEXTS = "texts"
    JSON = "json"


class Origin(Enum):
    """Who sets the value of a field."""

    IDENTITY = "identity"
    """The client; it never changes."""
    GIVEN = "given"
    """The client, at creation or by an update."""
    DERIVED = "derived"
    """The server, from the span's other fields or from the spans around it."""
    INTERNAL = "internal"
    """The server, for use by stores; clients do not see it."""


@dataclass(frozen=True)
class Column:
    """What a field's annotation adds to its type: the description, and who sets the value."""

    doc: str
    origin: Origin = Origin.GIVEN


@dataclass(frozen=True)
class ColumnDef:
    """A column of a record.

    `value_type` is the type without `| None`; `default` is the value if absent; a `required` column has no default.
    """

    name: str
    kind: Kind
    doc: str
    origin: Origin
    value_type: Any
    required: bool
    nullable: bool
    default: Any

    @property
    def label(self) -> str:
        """The column's name in the API."""
        return camel(self.name)


_KINDS: Mapping[Any, Kind] = MappingProxyType(
    {
        str: Kind.TEXT,
        Nanos: Kind.TIME,
        int: Kind.INT,
        float: Kind.NUMBER,
        bool: Kind.FLAG,
        list[str]: Kind.TEXTS,
        Json: Kind.JSON,
    }
)


@cache
def camel(name: str) -> str:
    """Return a snake_case name in camelCase."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def columns(record: type[Any]) -> tuple[ColumnDef, ...]:
    """Return every column of a record class, in the order of declaration."""
    return tuple(_read(record))


def _read(record: type[Any]) -> Iterator[ColumnDef]:
    hints = get_type_hints(record, include_extras=True)
    for field in fields(record):
        if get_origin(hints[field.name]) is not Annotated:
            continue
        declared, column, *_ = get_args(hints[field.name])
        inner, nullable = _without_none(declared)
        required = field.default is MISSING
        default = None if required else field.default
        yield ColumnDef(field.name, _kind(inner), column.doc, column.origin, inner, required, nullable, default)


def _without_none(declared: Any) -> tuple[Any, bool]:
    if get_origin(declared) not in (Union, UnionType):
        return declared, False
    (inner,) = (arm for arm in get_args(declared) if arm is not type(None))
    return inner, True


def _kind(inner: Any) -> Kind:
    return Kind.ENUM if isinstance(inner, type) and issubclass(inner, StrEnum) else _KINDS[inner]

"""Fields as clients name them: a column by its API name, or an attribute by level and key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, Protocol

from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.columns import ColumnDef, Kind
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.span import SPAN_COLUMN
from spanwell.observability.model.trace import TRACE_COLUMN

from .conditions import Attribute, Level
from .pointers import attribute_pointer


@dataclass(frozen=True)
class FieldRef:
    """A reference to a field: the target, as in `Compare.column`, and the kind of its values.

    Of a span it may also be a field of its trace or agent, of a score or feedback one of the span or trace that they
    refer to (`conditions.About`).
    """

    target: str | Attribute
    kind: Kind
    of: Literal["span", "trace", "agent"] | None = None

    @property
    def is_many(self) -> bool:
        """Whether a record may have several values: a list of texts, or an attribute, which may be a list."""
        return isinstance(self.target, Attribute) or self.kind is Kind.TEXTS

    def numeric(self, *, lenient: bool = False) -> "FieldRef":
        """Return the reference to the field's numbers. Raises `InvalidInput` if it can have none."""
        if isinstance(self.target, Attribute):
            return replace(self, target=replace(self.target, kind=Kind.NUMBER, lenient=lenient))
        if self.kind not in {Kind.INT, Kind.NUMBER}:
            raise InvalidInput("holds no numbers", "field")
        return self


class Known(Protocol):
    """Finds a field by its name and level. Raises `InvalidInput` about `field` or `level`."""

    def __call__(self, field: str, level: Level | None = None, /) -> FieldRef:
        """Return the field."""
        ...


_OF_SPANS: Mapping[str, ColumnDef] = {column.label: column for column in SPAN_COLUMN.values()}
FIELDS_OF_TRACES: Sequence[ColumnDef] = [
    column for column in {**SPAN_COLUMN, **TRACE_COLUMN}.values() if column.name != "has_root"
]
_OF_TRACES: Mapping[str, ColumnDef] = {column.label: column for column in FIELDS_OF_TRACES}


OF_TRACE = "trace."
"""What begins the name of a field of a span's trace."""
_OF_AGENT = "agent."


def span_field(field: str, level: Level | None = None) -> FieldRef:
    """Return the field of a span, or of its trace or agent: `trace.userId`, `agent.entityName`.

    Raises `InvalidInput` about `field`.
    """
    if level is None and field.startswith(OF_TRACE):
        return replace(trace_field(field.removeprefix(OF_TRACE)), of="trace")
    if level is None and field.startswith(_OF_AGENT):
        return replace(_resolved(_OF_SPANS, "span", field.removeprefix(_OF_AGENT)), of="agent")
    return _resolved(_OF_SPANS, "span", field, level)


def trace_field(field: str, level: Level | None = None) -> FieldRef:
    """Return the field of a trace, its own or else its head's. Raises `InvalidInput` about `field`."""
    return _resolved(_OF_TRACES, "trace", field, level)


@cache
def assessment_field(kind: AssessmentKind) -> Known:
    """Return the lookup of fields of assessments: their own, or as in `span.model` of the records they refer to."""
    known = {column.label: column for column in kind.columns}

    def find(field: str, level: Level | None = None) -> FieldRef:
        whose, _, name = field.partition(".")
        if whose == "span" and name:
            return replace(_resolved(_OF_SPANS, "span", name, level), of="span")
        if whose == "trace" and name:
            return replace(trace_field(name, level), of="trace")
        if level not in {None, Level.METADATA}:
            raise InvalidInput("must be METADATA or omitted unless the field is one of a span or a trace", "level")
        return _resolved(known, kind.record.__name__.lower(), field, level)

    return find


def _resolved(known: Mapping[str, ColumnDef], whose: str, field: str, level: Level | None = None) -> FieldRef:
    if level is not None:
        try:
            return FieldRef(Attribute(level, attribute_pointer(level, field), Kind.JSON), Kind.JSON)
        except InvalidInput as error:
            raise error.within("field") from None
    if field not in known:
        raise InvalidInput(f"is not a field of a {whose}; an attribute needs a `level` such as SPAN", "field")
    return FieldRef(known[field].name, known[field].kind)

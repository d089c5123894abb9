"""What there is to ask about: one function for each field, which reads the arguments and asks the store once."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated, TypeAlias

import strawberry

from spanwell.graphql.arguments.logic import to_condition
from spanwell.graphql.arguments.paging import LARGEST_PAGE
from spanwell.graphql.arguments.shared import SpanFilterArgument
from spanwell.graphql.basics.enums import Level
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.questions.conditions import is_always
from spanwell.observability.questions.cursors import decode_cursor, encode_cursor
from spanwell.observability.questions.discovery import (
    FieldsQuery,
    FieldValue,
    Reach,
    SpanField,
    ValuesQuery,
    span_fields,
)
from spanwell.observability.questions.fields import span_field
from spanwell.observability.questions.identities import sought_in_any_form
from spanwell.observability.questions.services import Service, ServiceGraph

from .selection import Info, below, resolve_info

_FIELDS = 200
_VALUES = 20
_SERVICES = 200
_EDGES = 500
_OF_TYPES = frozenset({"type", "types", "tests", "operators"})
"""The parts of a field that depend on the types of its values."""

_described = strawberry.argument


@strawberry.enum
class FieldValueOrder(Enum):
    """Order of a field's values."""

    COUNT = strawberry.enum_value(
        "COUNT",
        description="Most frequent first, then alphabetically; a value may move between two pages if its count "
        "changes.",
    )
    VALUE = strawberry.enum_value("VALUE", description="Alphabetically, by Unicode code point.")


@dataclass(frozen=True)
class PlacedValue(FieldValue):
    """A value in a list that cursors are bound to."""

    bound_to: bytes

    @property
    def cursor(self) -> str:
        """The value's place in the list."""
        return encode_cursor((self.value, self.count), self.bound_to)


FirstFields: TypeAlias = Annotated[
    int | None, _described(description=f"Maximum number of fields. Default {_FIELDS}, at most {LARGEST_PAGE:,}.")
]
FirstValues: TypeAlias = Annotated[
    int | None, _described(description=f"Maximum number of values. Default {_VALUES}, at most {LARGEST_PAGE:,}.")
]
FirstServices: TypeAlias = Annotated[
    int | None,
    _described(
        description=f"Maximum number of services; the busiest are kept. Default {_SERVICES}, at most {LARGEST_PAGE:,}."
    ),
]
FirstEdges: TypeAlias = Annotated[
    int | None,
    _described(
        description=f"Maximum number of edges, and of nodes; the busiest are kept. Default {_EDGES}, at most "
        f"{LARGEST_PAGE:,}."
    ),
]
Exact: TypeAlias = Annotated[
    bool, _described(description="Whether to look at all spans and count exactly, which may take seconds.")
]
SearchArgument: TypeAlias = Annotated[
    str | None, _described(description="Only fields whose name contains this text, ignoring case.")
]
PrefixArgument: TypeAlias = Annotated[
    str | None, _described(description="Only values that start with this text, ignoring case.")
]
ContainsArgument: TypeAlias = Annotated[
    str | None, _described(description="Only values that contain this text, ignoring case.")
]
ValueOrderArgument: TypeAlias = Annotated[FieldValueOrder, _described(description="Order of the values.")]
AfterValue: TypeAlias = Annotated[
    str | None, _described(description="Only values after this `cursor`, which must come from the same arguments.")
]
FieldArgument: TypeAlias = Annotated[
    str,
    _described(
        description="A field of spans such as `serviceName`, or of their trace or agent such as `trace.userId`; with a "
        "level, an attribute key as in `AttributeFilter`."
    ),
]
LevelArgument: TypeAlias = Annotated[
    Level | None, _described(description="Where the attribute is; omit it for a field of the span.")
]


def _size(first: int | None, otherwise: int) -> int:
    size = otherwise if first is None else first
    if not 0 <= size <= LARGEST_PAGE:
        raise InvalidInput(f"must be between 0 and {LARGEST_PAGE:,}", "first")
    return size


async def fields(
    info: Info,
    search: SearchArgument = None,
    filter: SpanFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    first: FirstFields = _FIELDS,
    exact: Exact = False,  # noqa: FBT002 - an argument of the field
) -> list[SpanField]:
    size, where = _size(first, _FIELDS), to_condition(filter)
    reach = Reach.KNOWN if is_always(where) else Reach.NEWEST
    raw = resolve_info(info)
    with_types = not _OF_TYPES.isdisjoint(below(raw.field_nodes, raw))
    query = FieldsQuery(where, Reach.EVERY if exact else reach, with_types=with_types)
    return span_fields(await info.context.storage.look_for_fields(query), search or "")[:size]


async def values(  # noqa: PLR0913, PLR0917 - the arguments of the field
    info: Info,
    field: FieldArgument,
    level: LevelArgument = None,
    filter: SpanFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    prefix: PrefixArgument = None,
    contains: ContainsArgument = None,
    order_by: ValueOrderArgument = FieldValueOrder.COUNT,
    first: FirstValues = _VALUES,
    after: AfterValue = None,
) -> list[PlacedValue]:
    query = sought_in_any_form(
        ValuesQuery(
            span_field(field, level),
            _size(first, _VALUES),
            to_condition(filter),
            prefix or "",
            contains or "",
            order_by is FieldValueOrder.VALUE,
        )
    )
    bound_to = query.fingerprint()
    place = None if after is None else FieldValue(*decode_cursor(after, bound_to))
    found = await info.context.storage.list_field_values(replace(query, after=place))
    return [PlacedValue(each.value, each.count, bound_to) for each in found]


async def services(
    info: Info,
    filter: SpanFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    first: FirstServices = _SERVICES,
) -> list[Service]:
    return await info.context.storage.list_services(to_condition(filter), _size(first, _SERVICES))


async def service_graph(
    info: Info,
    filter: SpanFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    first: FirstEdges = _EDGES,
) -> ServiceGraph:
    return await info.context.storage.get_service_graph(to_condition(filter), _size(first, _EDGES))

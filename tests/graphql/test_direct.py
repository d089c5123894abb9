"""The direct way into the batch mutations means what the ordinary way means."""

from typing import Any

import pytest
from graphql import coerce_input_value
from hypothesis import given
from hypothesis import strategies as st
from strawberry.types.arguments import convert_argument

from server.graphql import direct
from server.graphql.inputs import CreateSpanInput, UpdateSpanInput
from server.graphql.schema import schema
from server.observability.columns import ColumnDef, Kind
from server.observability.span import GIVEN_COLUMNS
from server.observability.times import format_moment
from tests import strategies

CORE: Any = schema._schema.type_map


def on_the_wire(column: ColumnDef) -> st.SearchStrategy[Any]:
    """Return values of a column as a client sends them."""
    values = strategies.values(column)
    if column.kind is Kind.TIME:
        return values.map(format_moment)
    return strategies.PLAIN if column.kind is Kind.JSON else values.map(str) if column.kind is Kind.ENUM else values


IDS = {"traceId": strategies.TEXTS, "spanId": strategies.TEXTS}
ANY = {column.label: on_the_wire(column) | st.none() for column in GIVEN_COLUMNS if not column.required}
NEEDED = {column.label: on_the_wire(column) for column in GIVEN_COLUMNS if column.required}
CREATES = st.fixed_dictionaries({**IDS, **NEEDED}, optional=ANY)
UPDATES = st.fixed_dictionaries(IDS, optional={**ANY, **{label: value | st.none() for label, value in NEEDED.items()}})


def both(sent: dict[str, Any], kind: Any, name: str) -> tuple[Any, Any]:
    """Return what graphql-core coerces, and the object that Strawberry makes of it."""
    coerced = coerce_input_value(sent, CORE[name])
    registry = schema.schema_converter.scalar_registry
    return coerced, convert_argument(coerced, kind, registry, schema.config)


@given(CREATES)
def test_a_span_is_the_same_either_way(sent: dict[str, Any]) -> None:
    coerced, ordinary = both(sent, CreateSpanInput, "CreateSpanInput")
    assert direct.span_of(coerced) == ordinary.to_span()


@given(UPDATES)
def test_a_change_is_the_same_either_way(sent: dict[str, Any]) -> None:
    coerced, ordinary = both(sent, UpdateSpanInput, "UpdateSpanInput")
    assert direct.update_of(coerced) == ordinary.to_update()


@pytest.mark.parametrize("name", ["batchCreateSpans", "batchUpdateSpans"])
def test_the_batch_mutations_take_the_direct_way(name: str) -> None:
    mutations: Any = schema._schema.mutation_type
    assert mutations.fields[name].resolve.__module__ == direct.__name__

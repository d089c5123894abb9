"""The direct way into the batch mutations means what the ordinary way means."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import coerce_input_value
from hypothesis import given
from hypothesis import strategies as st
from strawberry.types.arguments import convert_argument

from spanwell.graphql.arguments.inputs import CreateSpanInput, UpdateSpanInput
from spanwell.graphql.fast import batch_mutations
from spanwell.graphql.library import core_schema
from spanwell.graphql.resolvers.writing import mutations
from spanwell.graphql.schema import schema
from spanwell.observability.model.columns import ColumnDef, Kind
from spanwell.observability.model.span import GIVEN_COLUMNS
from spanwell.observability.model.times import format_moment
from spanwell.observability.questions.queries import SpanQuery, Window
from spanwell.observability.service import Observability
from spanwell.storage.reference.storage import MemoryStorage
from tests import strategies

CORE: Any = core_schema(schema).type_map


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
    assert batch_mutations.span_of(coerced) == ordinary.to_span()


@given(UPDATES)
def test_a_change_is_the_same_either_way(sent: dict[str, Any]) -> None:
    coerced, ordinary = both(sent, UpdateSpanInput, "UpdateSpanInput")
    assert batch_mutations.update_of(coerced) == ordinary.to_update()


def test_the_batch_mutations_do_the_same_either_way() -> None:
    sent = {"traceId": "t", "spanId": "s", "name": "n", "startedAt": "2026-01-01T00:00:00Z"}
    created, given = both(sent, CreateSpanInput, "CreateSpanInput")
    changes = [
        both({"traceId": "t", "spanId": span_id, "tags": ["x"], "userId": None}, UpdateSpanInput, "UpdateSpanInput")
        for span_id in ("s", "none")
    ]

    async def answers(create: Any, update: Any, spans: list[Any], updates: list[Any]) -> list[Any]:
        ticks = iter(range(1, 9))
        storage = MemoryStorage(lambda: next(ticks))
        info = SimpleNamespace(context=SimpleNamespace(service=Observability(storage)))
        told = [await create(info, spans), await update(info, updates)]
        return [*told, await storage.list_spans(SpanQuery(Window(9)))]

    async def fast_create(info: Any, spans: Any) -> Any:
        return await batch_mutations._create(None, info, spans)

    async def fast_update(info: Any, updates: Any) -> Any:
        return await batch_mutations._update(None, info, updates)

    fast = asyncio.run(answers(fast_create, fast_update, [created], [coerced for coerced, _ in changes]))
    ordinary = asyncio.run(
        answers(mutations.batch_create_spans, mutations.batch_update_spans, [given], [change for _, change in changes])
    )
    assert fast == ordinary
    assert fast[1].updated_count == 1


@pytest.mark.parametrize("name", ["batchCreateSpans", "batchUpdateSpans"])
def test_the_batch_mutations_take_the_direct_way(name: str) -> None:
    mutations: Any = core_schema(schema).mutation_type
    assert mutations.fields[name].resolve.__module__ == batch_mutations.__name__

"""The direct way into the batch mutations means what the ordinary way means."""

import asyncio
import re
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import coerce_input_value
from hypothesis import given
from hypothesis import strategies as st
from strawberry.types.arguments import convert_argument

from spanwell.graphql.arguments import assessment_inputs
from spanwell.graphql.arguments.inputs import CreateSpanInput, UpdateSpanInput
from spanwell.graphql.fast import batch_mutations
from spanwell.graphql.library import core_schema
from spanwell.graphql.resolvers.writing import assessments, mutations
from spanwell.graphql.schema import schema
from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.columns import ColumnDef, Kind, camel
from spanwell.observability.model.span import GIVEN_COLUMNS
from spanwell.observability.model.times import format_moment
from spanwell.observability.questions.queries import SpanQuery, Window
from spanwell.observability.service import Observability
from spanwell.storage.reference.storage import MemoryStorage
from tests import strategies

SNAKE = re.compile("([A-Z])")
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
        return await batch_mutations.DIRECT["batchCreateSpans"](None, info, spans=spans)

    async def fast_update(info: Any, updates: Any) -> Any:
        return await batch_mutations.DIRECT["batchUpdateSpans"](None, info, updates=updates)

    fast = asyncio.run(answers(fast_create, fast_update, [created], [coerced for coerced, _ in changes]))
    ordinary = asyncio.run(
        answers(mutations.batch_create_spans, mutations.batch_update_spans, [given], [change for _, change in changes])
    )
    assert fast == ordinary
    assert fast[1].updated_count == 1


@pytest.mark.parametrize("kind", AssessmentKind)
def test_the_batch_mutations_of_assessments_do_the_same_either_way(kind: AssessmentKind) -> None:
    one, label = kind.record.__name__, camel(kind.id_column)
    creates = [({label: "1", "name": "n", "traceId": "t"}, f"Create{one}Input")]
    updates = [({label: record_id, "comment": "c", "value": None}, f"Update{one}Input") for record_id in ("1", "9")]

    async def answers(create: Any, update: Any, at: int) -> list[Any]:
        ticks = iter(range(1, 9))
        storage = MemoryStorage(lambda: next(ticks))
        info = SimpleNamespace(context=SimpleNamespace(service=Observability(storage)))
        given = [
            [both(sent, getattr(assessment_inputs, name), name)[at] for sent, name in batch]
            for batch in (creates, updates)
        ]
        told = [await create(info, given[0]), await update(info, given[1])]
        return [*told, await storage.get_assessments(kind, ["1"])]

    names = [name for name in batch_mutations.DIRECT if name.removesuffix("s").endswith(one)]
    create, update = (directly(name, kind) for name in names)
    fast = asyncio.run(answers(create, update, 0))
    create, update = (getattr(assessments, SNAKE.sub(r"_\1", name).lower()) for name in names)
    ordinary = asyncio.run(answers(create, update, 1))
    assert fast == ordinary
    assert (fast[0].created_count, fast[1].updated_count) == (1, 1)


def directly(name: str, kind: AssessmentKind) -> Any:
    """Return the direct way into a mutation, called as its resolver is."""
    argument = kind.value if "Create" in name else "updates"
    return lambda info, elements: batch_mutations.DIRECT[name](None, info, **{argument: elements})


@pytest.mark.parametrize("name", batch_mutations.DIRECT)
def test_the_batch_mutations_take_the_direct_way(name: str) -> None:
    mutations: Any = core_schema(schema).mutation_type
    assert mutations.fields[name].resolve.__module__ == batch_mutations.__name__

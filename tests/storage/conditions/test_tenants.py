"""A tenant sees what it would see of a store of its own, whatever others write under the same ids."""

import asyncio
import inspect
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwell.observability.access import Access
from spanwell.observability.analysis.call_paths import CallTreeQuery
from spanwell.observability.analysis.differences import DifferenceQuery
from spanwell.observability.analysis.error_groups import ErrorsQuery
from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.feed.live import CHANGED_SPANS, CHANGED_TRACES
from spanwell.observability.model.assessments import OF_SPAN, OF_TRACE, AssessmentKind, Score
from spanwell.observability.model.blocks import Block
from spanwell.observability.model.errors import Forbidden
from spanwell.observability.model.span import Span
from spanwell.observability.questions.conditions import ALWAYS, About, AnyOf, Compare, Condition, HasSpan, Op
from spanwell.observability.questions.conversations import ConversationQuery, Together
from spanwell.observability.questions.discovery import FieldsQuery, FieldValue, Reach, ValuesQuery
from spanwell.observability.questions.fields import assessment_field, span_field, trace_field
from spanwell.observability.questions.ordering import NEWEST_TRACES, position
from spanwell.observability.questions.queries import (
    AssessmentQuery,
    Preview,
    Previewed,
    SpanQuery,
    TraceQuery,
    Window,
    changed_assessments,
    newest_assessments,
)
from spanwell.observability.questions.statistics import Basic, StatsQuery
from spanwell.observability.questions.tree_facts import BelowQuery
from spanwell.observability.storage import ObservabilityStorage
from spanwell.observability.tenants.storage import TenantStorage
from spanwell.storage.duckdb import DuckDBStorage
from spanwell.storage.reference.storage import MemoryStorage
from tests import strategies
from tests.making import at, ended, span

NAMES = ("acme", "acm")
ALL = Window(1_000)
COLUMNS = frozenset({"span_id", "name", "tree_parent", "status"})
SCORE = AssessmentKind.SCORE
KEYS = [(f"t{number}", name) for number in range(1, 5) for name in "abc"]
TRACES = [f"t{number}" for number in range(1, 5)]
WRITES = {"create": "batch_create_spans", "update": "batch_update_spans", "delete": "batch_delete_traces"}
ASSESSING = {"batch_create_assessments", "batch_update_assessments", "batch_delete_assessments"}
APART = {"init", "close", "backup", "reclaim", "check_ready", "get_size", "figures", *WRITES.values(), *ASSESSING}
"""What is not asked about rows, or is written; `dangerously_clear_all` has a test of its own."""


class Tenants:
    """Two tenants in one store, each beside a store of its own with the same history."""

    def __init__(self, shared: type[MemoryStorage] | type[DuckDBStorage]) -> None:
        self.now = 0
        self.shared = shared(clock=lambda: self.now)
        self.inside = [TenantStorage(self.shared, Access(organization=name)) for name in NAMES]
        self.alone = [MemoryStorage(clock=lambda: self.now) for _ in NAMES]

    async def assess(self) -> None:
        """Write scores of each tenant's own, by the same ids."""
        for inside, alone, name in zip(self.inside, self.alone, NAMES, strict=True):
            self.now += 1
            scores = [Score(score_id=n, trace_id=f"t{n}", span_id="a", name=name, timestamp=at(1)) for n in "12"]
            await inside.batch_create_assessments(SCORE, scores)
            owned_by = [replace(each, organization_id=name) for each in scores]
            await alone.batch_create_assessments(SCORE, owned_by)

    async def write(self, *histories: list[tuple[str, Any]]) -> None:
        """Write all histories, a step of each in turn."""
        for step in range(max(map(len, histories))):
            for which, history in enumerate(histories):
                if step < len(history):
                    await self._write(which, *history[step])

    async def _write(self, which: int, kind: str, batch: list[Any]) -> None:
        self.now += 1
        inside, alone = (getattr(store[which], WRITES[kind]) for store in (self.inside, self.alone))
        assert await inside(batch) == await alone(owned(batch, NAMES[which]))

    async def same(self, method: str, *arguments: Any) -> Any:
        """Return what the tenants see, which is what each would see alone."""
        seen = [await _answer(getattr(store, method)(*arguments)) for store in self.inside]
        for one, alone in zip(seen, self.alone, strict=True):
            assert one == await _answer(getattr(alone, method)(*arguments)), f"{method}{arguments}"
        return seen


async def _answer(answer: Any) -> Any:
    """Return what a method answers, or all of what it gives piece by piece."""
    if isinstance(answer, AsyncGenerator):
        return [record async for block in answer for record in block.records()]
    found = await answer
    is_in_blocks = isinstance(found, list) and found and isinstance(found[0], Block)
    return [[block.values(column) for column in COLUMNS] for block in found] if is_in_blocks else found


def owned(batch: list[Any], name: str) -> list[Any]:
    """Return a batch as a store of the tenant's own would get it: of its organization."""
    return [_owned(one, name) for one in batch]


def _owned(one: Any, name: str) -> Any:
    if isinstance(one, Span):
        copied = one.copy()
        copied.organization_id = name
        return copied
    if isinstance(one, SpanUpdate) and "organization_id" in one.changes:
        return SpanUpdate(one.trace_id, one.span_id, {**one.changes, "organization_id": name})
    return one


def questions(where: Any, trace_where: Any, group: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return arguments for every method that reads."""
    spans, traces = SpanQuery(ALL, where), TraceQuery(ALL, trace_where)
    about = AnyOf((Compare("trace_id", Op.EQ, "t1"), About("span", Compare("trace_id", Op.EQ, "t2"))))
    said = AssessmentQuery(SCORE, ALL, about, newest_assessments(SCORE))
    span_key, trace_key = span_field(group), trace_field("traceId")
    return {
        "get_spans": [(KEYS,)],
        "get_traces": [(TRACES,)],
        "list_traces": [(traces,)],
        "count_traces": [(trace_where,)],
        "list_spans": [(spans,)],
        "count_spans": [(where,)],
        "stream": [(spans,), (traces,), (said,)],
        "list_span_changes": [(SpanQuery(ALL, where, CHANGED_SPANS),)],
        "list_trace_changes": [(TraceQuery(ALL, trace_where, CHANGED_TRACES),)],
        "list_trace_spans": [(TRACES, spans)],
        "get_trace_blocks": [(TRACES, COLUMNS)],
        "count_trace_spans": [(TRACES, where)],
        "get_previews": [(KEYS, Preview(Previewed.INPUT, 10))],
        "get_surroundings": [(KEYS,)],
        "list_below": [(KEYS, BelowQuery(10, 3))],
        "count_below": [(KEYS, 3)],
        "look_for_fields": [
            *((FieldsQuery(where, reach),) for reach in (Reach.NEWEST, Reach.EVERY)),
            (FieldsQuery(ALWAYS, Reach.KNOWN),),
        ],
        "list_field_values": [
            (ValuesQuery(span_key, 50, where),),
            (ValuesQuery(span_key, 50, where, "t"),),
            (ValuesQuery(span_key, 50, where, contains="1"),),
            (ValuesQuery(span_key, 50, where, after=FieldValue("t1", 9), by_value=True),),
            (ValuesQuery(span_key, 50, where, after=FieldValue("t1", 2)),),
        ],
        "list_services": [(where, 50)],
        "get_service_graph": [(where, 50)],
        "list_errors": [(ErrorsQuery(where, 50, 3),)],
        "get_call_tree": [(CallTreeQuery(trace_where, 5, 50),)],
        "get_span_difference": [(DifferenceQuery(ALWAYS, where, 50),)],
        "span_stats": [(StatsQuery((Basic.COUNT, Basic.TRACE_COUNT), where, (span_key,)),)],
        "trace_stats": [
            (StatsQuery((Basic.COUNT,), trace_where, (trace_key,)),),
            (StatsQuery((Basic.COUNT,), trace_where, (trace_key,), only=(("t1",), ("t9",))),),
        ],
        "get_assessments": [(SCORE, ["1", "9"])],
        "list_assessments": [(said,)],
        "list_assessment_changes": [(AssessmentQuery(SCORE, ALL, about, changed_assessments(SCORE)),)],
        "count_assessments": [(SCORE, about)],
        "list_assessments_of": [(OF_SPAN, KEYS, said), (OF_TRACE, [("t1",)], said)],
        "count_assessments_of": [(OF_TRACE, [("t1",), ("t9",)], SCORE, about)],
        "assessment_stats": [(SCORE, StatsQuery((Basic.COUNT,), about, (assessment_field(SCORE)("scoreId"),)))],
        "assessment_stretch": [(SCORE, about)],
        "span_stretch": [(where,)],
        "trace_stretch": [(trace_where,)],
        "list_conversations": [(ConversationQuery(each, ALL, trace_where),) for each in Together],
        "count_conversations": [(ConversationQuery(each, ALL, trace_where),) for each in Together],
        "get_span": [KEYS[0]],
        "get_trace": [("t1",)],
        "get_trace_with_spans": [("t1", spans)],
        "get_root_span": [("t2",)],
    }


def test_no_method_of_a_store_is_forgotten() -> None:
    """A new one needs a question above, and this test names it."""
    methods = {name for name, _ in inspect.getmembers(ObservabilityStorage, inspect.isfunction) if name[0] != "_"}
    assert methods - APART - {"dangerously_clear_all"} == set(questions(ALWAYS, ALWAYS, "traceId"))


async def compare(tenants: Tenants, where: Condition, trace_where: Condition, group: str) -> None:
    for method, asked in questions(where, trace_where, group).items():
        for arguments in asked:
            await tenants.same(method, *arguments)


@settings(max_examples=40)
@given(
    one=strategies.HISTORIES,
    other=strategies.HISTORIES,
    where=strategies.SPAN_CONDITIONS,
    trace_where=strategies.TRACE_CONDITIONS,
    group=st.sampled_from(["traceId", "name", "sessionId"]),
)
def test_a_tenant_sees_what_it_would_see_alone(
    one: list[tuple[str, Any]], other: list[tuple[str, Any]], where: Condition, trace_where: Condition, group: str
) -> None:
    async def run() -> None:
        tenants = Tenants(MemoryStorage)
        await tenants.write(one, other)
        await compare(tenants, where, trace_where, group)

    asyncio.run(run())


ID_CONDITIONS = [
    (Op.EQ, "t1"),
    (Op.IN, ("t1", "t3", "acmet1")),
    (Op.CONTAINS, "c"),
    (Op.CONTAINS, "1"),
    (Op.I_CONTAINS, "T"),
    (Op.STARTS_WITH, "t"),
    (Op.ENDS_WITH, "2"),
    (Op.REGEX, "^t[12]$"),
    (Op.REGEX, "[23]"),
    (Op.REGEX, "^t3|2$"),
    (Op.REGEX, "(^t1|^t2)$"),
    (Op.REGEX, "(?i)^T"),
    (Op.REGEX, "acme"),
    (Op.IS_EMPTY, True),
    (Op.IS_EMPTY, False),
    (Op.GT, "t1"),
    (Op.LTE, "t2"),
    (Op.IS_NULL, False),
]
HISTORY: list[tuple[str, list[Any]]] = [
    ("create", [ended("t1", "a", session_id="s"), ended("t1", "b", "a"), ended("t2", "a")]),
    ("create", [span("t3", "c"), span("t4", "a", service_name="cart")]),
    ("update", [SpanUpdate("t2", "a", {"name": "other", "organization_id": "evil"})]),
    ("delete", ["t4", "t9"]),
]


@pytest.mark.parametrize("shared", [MemoryStorage, DuckDBStorage])
def test_conditions_on_trace_ids_are_about_the_tenants_own(shared: type[MemoryStorage] | type[DuckDBStorage]) -> None:
    async def run() -> None:
        tenants = Tenants(shared)
        await tenants.shared.init()
        await tenants.write(HISTORY, HISTORY[:1] + HISTORY[3:])
        await tenants.assess()
        await compare(tenants, ALWAYS, ALWAYS, "traceId")
        for op, value in ID_CONDITIONS:
            where = Compare("trace_id", op, value)
            await tenants.same("list_spans", SpanQuery(ALL, where))
            await tenants.same("count_traces", HasSpan(where))
        await tenants.shared.close()

    asyncio.run(run())


def test_a_place_in_a_list_is_the_tenants_own_and_so_is_clearing_all() -> None:
    async def run() -> None:
        tenants = Tenants(MemoryStorage)
        await tenants.write(HISTORY, HISTORY)
        (page, _) = await tenants.same("list_traces", TraceQuery(ALL))
        for trace in page.nodes:
            await tenants.same("list_traces", TraceQuery(Window(2, after=position(trace, NEWEST_TRACES))))
        first, second = tenants.inside
        assert (await first.dangerously_clear_all()).deleted_trace_count == 3
        assert await first.count_spans(ALWAYS) == 0
        assert await second.count_traces(ALWAYS) == 3
        assert await tenants.shared.count_traces(ALWAYS) == 3

    asyncio.run(run())


def test_what_others_removed_is_passed_over() -> None:
    async def run() -> None:
        tenants = Tenants(MemoryStorage)
        many = [ended(f"t{number}", "a") for number in range(30)]
        await tenants.write([("create", many)], [("create", many[:1])])
        await tenants.write(
            [("delete", [one.trace_id for one in many])], [("update", [SpanUpdate("t0", "a", {"name": "m"})])]
        )
        page = (await tenants.same("list_span_changes", SpanQuery(Window(2), order=CHANGED_SPANS)))[1]
        assert [one.trace_id for one in page.nodes] == ["t0"]

    asyncio.run(run())


def test_what_is_about_the_whole_store_is_not_told() -> None:
    tenant = Tenants(MemoryStorage).inside[0]
    with pytest.raises(Forbidden):
        asyncio.run(tenant.get_size())
    asyncio.run(tenant.reclaim())
    tenant.check_ready()
    assert tenant.figures() == {}
    assert tenant.tracing_strategy == MemoryStorage().tracing_strategy

"""Whatever the schema has, a tenant sees and changes of it what it would in a store of its own."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import aclosing
from typing import Any

from graphql import GraphQLObjectType

from spanwell.graphql.execution.executor import Execution
from spanwell.graphql.execution.failures import Refused
from spanwell.graphql.execution.limits import QueryLimits
from spanwell.graphql.execution.prepared import GraphQLRequest
from spanwell.graphql.resolvers.context import Context
from spanwell.observability.access import Access
from spanwell.observability.model.columns import Json
from spanwell.observability.model.identifiers import global_id
from spanwell.observability.model.span import Span
from spanwell.observability.service import Observability
from spanwell.storage.duckdb import DuckDBStorage
from tests.making import at, ended, span
from tests.rules.http_door import to_input

from .walking import CORE, documents

OURS, THEIRS = Access(organization="acme"), Access(organization="evil")
EXECUTION = Execution(
    CORE, limits=QueryLimits(fields=10**6, cost=10**9, length=10**7, tokens=10**6, aliases=10**6, overlaps=10**6)
)
CREATE = """mutation($spans: [CreateSpanInput!]!, $scores: [CreateScoreInput!]!, $feedback: [CreateFeedbackInput!]!) {
    batchCreateSpans(spans: $spans) { createdCount updatedCount }
    batchCreateScores(scores: $scores) { createdCount recordIds }
    batchCreateFeedback(feedback: $feedback) { createdCount recordIds }
}"""
OF_THE_WHOLE_STORE = {"storage", "backup"}
"""What is about no tenant's rows, and refused to all of them."""

LAST = "t9"
"""The trace that both write at the end."""

RECORDS = {"span", "trace", "score", "feedback"}
"""What a subscription tells of."""

ARGUMENTS: Mapping[str, str] = {
    "traceId": '"t1"',
    "spanId": '"b"',
    "id": f'"{global_id("Span", "t1", "a")}"',
    "ids": f'["{global_id("Trace", "t1")}", "{global_id("Span", "t1", "c")}", "{global_id("Trace", "t5")}"]',
    "sessionId": '"s1"',
    "threadId": '"h1"',
    "selection": '{name: {contains: "x"}}',
    "field": '"name"',
    "base": '"t1"',
    "other": '"t2"',
    "q": "0.5",
    "bounds": "[1, 10]",
    "StatsRow.numbers": 'field: "inputTokens"',
    "AssessmentStatsRow.numbers": 'field: "value"',
    "Query.spanStats": 'groupBy: [{field: "traceId"}, {field: "name"}]',
    "Query.traceStats": 'groupBy: [{field: "serviceName"}]',
    "Query.changes": "after: AFTER",
    "Subscription.spans": "after: AFTER",
    "Subscription.traces": "after: AFTER",
    "Subscription.scores": "after: AFTER",
    "Subscription.feedback": "after: AFTER",
    "Query.scoreStats": 'groupBy: [{field: "name"}]',
    "Query.feedbackStats": 'groupBy: [{field: "source"}]',
    "scoreId": '"t1"',
    "feedbackId": '"t1"',
    "scoreIds": '["t1", "t6"]',
    "feedbackIds": '["t1", "t6"]',
    "scores": '[{scoreId: "new", traceId: "t1", name: "new", value: 1, organizationId: "evil"}]',
    "feedback": '[{feedbackId: "new", traceId: "t1", name: "new", value: 1, organizationId: "evil"}]',
    "Mutation.batchUpdateScores": 'updates: [{scoreId: "t2", comment: "changed"}, {scoreId: "t6", comment: "theirs"}]',
    "Mutation.batchUpdateFeedback": 'updates: [{feedbackId: "t2", comment: "changed"}, {feedbackId: "t6", name: "a"}]',
    "span": '{traceId: "t1", spanId: "n", name: "new", startedAt: "2026-01-31T09:30:00Z", organizationId: "evil"}',
    "spans": '[{traceId: "t5", spanId: "a", name: "m", startedAt: "2026-01-31T09:30:00Z", organizationId: "evil"}]',
    "update": '{traceId: "t1", spanId: "b", name: "changed", organizationId: "evil"}',
    "updates": '[{traceId: "t2", spanId: "a", name: "changed"}, {traceId: "t6", spanId: "a", name: "theirs"}]',
    "traceIds": '["t2", "t6"]',
    "filter": '{name: {startsWith: "x"}}',
}


def rows(mark: str, traces: int) -> list[Span]:
    """Return spans of a tenant, whose texts hold a mark that no other's hold; ids are the same for all."""
    made: list[Span] = []
    for number in range(1, traces + 1):
        trace = f"t{number}"
        shared = {"session_id": f"s{number % 2}", "thread_id": "h1", "user_id": mark, "service_name": f"{mark}-web"}
        links = Json('[{"traceId":"t2","spanId":"a"}]')
        made += [
            ended(trace, "a", name=f"x {mark}", input=Json(f'"{mark}"'), links=links, started_at=at(number), **shared),
            ended(trace, "b", "a", name=f"{mark} model", model=f"{mark}-1", input_tokens=number, **shared),
            ended(trace, "c", "b", name="x", error_info=Json(f'{{"message":"{mark} failed"}}'), tags=[mark]),
            span(trace, "d", "a", name="runs", service_name=f"{mark}-db", attributes=Json(f'{{"k":"{mark}"}}')),
        ]
    return made


def written(mark: str, spans: Iterable[Span]) -> dict[str, Any]:
    """Return the variables of `CREATE`: spans, and of each of their traces a score and feedback with its id."""
    sent = [to_input(one) for one in spans]
    about = {"name": mark, "comment": mark, "value": 0.5, "timestamp": "2026-01-31T09:30:00Z", "source": mark}
    judged = [(trace, about | {"traceId": trace}) for trace in dict.fromkeys(one["traceId"] for one in sent)]
    return {
        "spans": sent,
        "scores": [given | {"scoreId": trace} for trace, given in judged],
        "feedback": [given | {"feedbackId": trace} for trace, given in judged],
    }


class Store:
    """A store, and what each caller is answered."""

    def __init__(self) -> None:
        self.now = 1_000_000_000
        self.storage = DuckDBStorage(clock=lambda: self.now)
        self.service = Observability(self.storage)

    def context(self, access: Access) -> Callable[[], Context]:
        return lambda: Context(self.service.allowed(access))

    async def ask(self, query: str, access: Access, variables: Mapping[str, Any] | None = None) -> Any:
        try:
            prepared = EXECUTION.prepare(GraphQLRequest(query, None, variables or {}))
            answer = await EXECUTION.execute(prepared, self.context(access)())
        except Refused as refusal:
            return refusal.failures
        return answer.failures or json.loads(answer.json)["data"]

    async def follow(self, query: str, access: Access) -> AsyncGenerator[Any]:
        prepared = EXECUTION.prepare(GraphQLRequest(query))
        async with aclosing(EXECUTION.subscribe(prepared, self.context(access))) as given:
            async for answer in given:
                (change,) = json.loads(answer.json)["data"].values()
                yield change

    async def cursor(self, name: str, access: Access) -> str:
        """Return a cursor of a subscription, from before what is written next."""
        async with aclosing(self.follow(f"subscription {{ {name} {{ cursor }} }}", access)) as changes:
            first = asyncio.ensure_future(anext(changes))
            while not first.done():
                self.now += 1_000_000_000
                await self.ask(CREATE, access, written(f"{self.now}", [ended("t0", "a", name=f"{self.now}")]))
            return str(first.result()["cursor"])

    async def changes(self, query: str, access: Access) -> dict[str, Any]:
        """Return what a subscription tells last of each trace or span, until it tells of the last one."""
        told: dict[str, Any] = {}
        async with aclosing(self.follow(query, access)) as changes:
            async for change in changes:
                (record,) = [value for key, value in change.items() if key in RECORDS and value]
                told[record["id"]] = record
                if record["traceId"] == LAST:
                    break
        return {key: record for key, record in told.items() if record["traceId"] != "t0"}


def differences(one: Any, other: Any, place: str = "") -> list[str]:
    """Return where two answers differ."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return [found for key in one for found in differences(one[key], other[key], f"{place}.{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            found
            for at, pair in enumerate(zip(one, other, strict=True))
            for found in differences(*pair, f"{place}[{at}]")
        ]
    return [] if one == other else [f"{place}: {one!r} / {other!r}"]


class Pair:
    """A store that two tenants share, and one in which the first is alone."""

    def __init__(self) -> None:
        self.shared, self.alone = Store(), Store()

    async def open(self) -> str:
        """Fill both; return a cursor from before that."""
        for store in (self.shared, self.alone):
            await store.storage.init()
        cursor = await self.same("{ changes { cursor } }")
        await self.fill()
        return str(cursor["changes"]["cursor"])

    async def fill(self) -> None:
        """Write what both tenants have, in turn."""
        for step in range(2):
            self.tick()
            await self.shared.ask(CREATE, THEIRS, written("evil", rows("evil", 4 + step)))
            self.tick()
            await self.same(CREATE, written("acme", rows("acme", 2 + step)))
        self.tick()
        await self.same(CREATE, written("last", [ended(LAST, "a", name="last")]))

    def tick(self) -> None:
        for store in (self.shared, self.alone):
            store.now += 1_000_000_000

    async def same(self, query: str, variables: Mapping[str, Any] | None = None) -> Any:
        """Return what the tenant is answered, which is what it would be alone: there it states what it is."""
        seen = await self.shared.ask(query, OURS, variables)
        stated = {
            name: [{**one, "organizationId": "acme"} for one in given] for name, given in (variables or {}).items()
        }
        alone = await self.alone.ask(query, Access(), stated)
        assert differences(seen, alone) == []
        assert "evil" not in str(seen)
        return seen

    async def close(self) -> None:
        for store in (self.shared, self.alone):
            await store.storage.close()


def selected(kind: str, root: GraphQLObjectType | None, cursor: str) -> list[tuple[str, str]]:
    assert root is not None
    return [(name, text.replace("AFTER", f'"{cursor}"')) for name, text in documents(kind, root, ARGUMENTS)]


def test_every_query_answers_a_tenant_as_if_there_were_no_other() -> None:
    async def run() -> None:
        pair = Pair()
        cursor = await pair.open()
        for name, query in selected("query", CORE.query_type, cursor):
            if name in OF_THE_WHOLE_STORE:
                (failure,) = await pair.shared.ask(query, OURS)
                assert failure["extensions"]["code"] == "FORBIDDEN"
            else:
                answer = await pair.same(query)
                assert isinstance(answer, dict), (name, answer)
                assert "acme" in str(answer) or name in {"server", "tracingStrategy", "spanFields"}, name
        await pair.close()

    asyncio.run(run())


def test_every_subscription_tells_a_tenant_of_its_own_alone() -> None:
    async def run() -> None:
        root = CORE.subscription_type
        assert root is not None
        for name in root.fields:
            pair = Pair()
            for store in (pair.shared, pair.alone):
                await store.storage.init()
            cursors = [await pair.shared.cursor(name, OURS), await pair.alone.cursor(name, Access())]
            pair.shared.now = pair.alone.now = 2_000_000_000_000
            await pair.fill()
            (query,) = [text for each, text in selected("subscription", root, "AFTER") if each == name]
            seen, alone = [
                await store.changes(query.replace("AFTER", cursor), access)
                for store, access, cursor in zip((pair.shared, pair.alone), (OURS, Access()), cursors, strict=True)
            ]
            assert differences(seen, alone) == []
            assert "evil" not in str(seen)
            assert "acme" in str(seen)
            await pair.close()

    asyncio.run(run())


def test_every_mutation_changes_a_tenants_own_alone() -> None:
    async def run() -> None:
        pair = Pair()
        cursor = await pair.open()
        everything = dict(selected("query", CORE.query_type, cursor))["traces"]
        before = await pair.shared.ask(everything, THEIRS)
        for name, mutation in selected("mutation", CORE.mutation_type, cursor):
            pair.tick()
            if name in OF_THE_WHOLE_STORE:
                (failure,) = await pair.shared.ask(mutation, OURS)
                assert failure["extensions"]["code"] == "FORBIDDEN"
                continue
            own = mutation.replace('organizationId: "evil"', 'organizationId: "acme"')
            seen, alone = await pair.shared.ask(mutation, OURS), await pair.alone.ask(own, Access())
            assert "evil" not in str(seen)
            assert differences(seen, alone) == []
            assert differences(await pair.shared.ask(everything, THEIRS), before) == []
        await pair.close()

    asyncio.run(run())

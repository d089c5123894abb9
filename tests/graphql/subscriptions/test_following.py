"""Subscriptions and `changes`, by the schema itself."""

import asyncio
import gc
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

import pytest

from spanwell.graphql.execution.executor import Execution
from spanwell.graphql.execution.failures import Refused
from spanwell.graphql.execution.prepared import Answer, GraphQLRequest
from spanwell.graphql.fast.column_executor import ColumnarExecutor
from spanwell.graphql.fast.column_plans import PlainField
from spanwell.graphql.library import core_schema
from spanwell.graphql.resolvers.context import Context
from spanwell.graphql.schema import schema
from spanwell.observability.model.columns import Json
from spanwell.observability.model.errors import StorageUnavailable
from spanwell.observability.model.span import Span
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.observability.questions.queries import Page, SpanQuery
from spanwell.observability.service import Observability
from spanwell.storage.reference.storage import MemoryStorage
from tests.making import span

SPANS = "subscription($f: SpanFilter, $a: String) { spans(filter: $f, after: $a) { cursor span { name } } }"
TRACES = "subscription { traces { cursor trace { name spanCount spans { nodes { spanId } } } } }"
CHANGES = """
query($f: SpanFilter, $a: String, $n: Int! = 2) {
  changes(filter: $f, after: $a, first: $n) { cursor hasMore spans { name } }
}
"""


class Asked:
    """A schema over a plain store, in one event loop."""

    def __init__(self) -> None:
        self.service = Observability(MemoryStorage())
        self.service.feed._pause = 0
        self.execution = Execution(core_schema(schema), executor_class=ColumnarExecutor)

    def context(self) -> Context:
        return Context(self.service)

    def follow(self, query: str, **variables: Any) -> AsyncGenerator[Answer]:
        return self.execution.subscribe(self.execution.prepare(GraphQLRequest(query, None, variables)), self.context)

    async def changes(self, **variables: Any) -> Mapping[str, Any]:
        prepared = self.execution.prepare(GraphQLRequest(CHANGES, None, variables))
        answer = await self.execution.execute(prepared, self.context())
        assert answer.data is not None, answer.failures
        found: Mapping[str, Any] = answer.data["changes"]
        return found

    async def started(self, following: AsyncGenerator[Answer]) -> "asyncio.Task[Answer]":
        """Begin to wait for the next answer."""
        waiting = asyncio.ensure_future(anext(following))
        await asyncio.sleep(0.01)
        assert not waiting.done()
        return waiting


def run(test: Callable[[Asked], Any]) -> None:
    asyncio.run(test(Asked()))


def data(answer: Answer) -> Mapping[str, Any]:
    assert answer.data is not None
    assert answer.failures == []
    return answer.data


def test_a_subscription_begins_with_what_comes_now_and_is_resumed_by_its_cursor() -> None:
    async def test(asked: Asked) -> None:
        await asked.service.create_spans([span("t", "0", name="before")])
        following = asked.follow(SPANS)
        waiting = await asked.started(following)
        await asked.service.create_spans([span("t", "1", name="one"), span("t", "2", name="two")])
        first = data(await waiting)["spans"]
        assert first["span"] == {"name": "one"}
        await following.aclose()
        resumed = asked.follow(SPANS, a=first["cursor"])
        assert data(await anext(resumed))["spans"]["span"] == {"name": "two"}
        await resumed.aclose()

    run(test)


def test_a_subscription_sends_only_what_meets_its_filter_structure_included() -> None:
    async def test(asked: Asked) -> None:
        following = asked.follow(SPANS, f={"parent": {"some": {"name": {"eq": "wanted"}}}})
        waiting = await asked.started(following)
        await asked.service.create_spans(
            [span("t", "a", name="wanted"), span("t", "b", "a", name="child"), span("u", "b", "a", name="orphan")]
        )
        assert data(await waiting)["spans"]["span"] == {"name": "child"}
        await following.aclose()

    run(test)


def test_the_first_answer_alone_warns_of_what_nothing_can_meet() -> None:
    async def test(asked: Asked) -> None:
        await asked.service.create_spans([span("t", "a", attributes=Json('{"code": 500}'))])
        vain = {"not": {"attributes": [{"key": "code", "string": {"eq": "500"}}]}}
        following = asked.follow(SPANS, f=vain)
        waiting = await asked.started(following)
        await asked.service.create_spans([span("t", "b"), span("t", "c")])
        first, second = await waiting, await anext(following)
        (warning,) = first.extensions["warnings"]
        assert (warning["element"], second.extensions) == ("filter.not.attributes[0].string", {})
        await following.aclose()

    run(test)


def test_a_trace_is_sent_when_it_appears_and_when_it_grows_each_time_as_it_is() -> None:
    async def test(asked: Asked) -> None:
        following = asked.follow(TRACES)
        seen = []
        for number in ("a", "b"):
            waiting = await asked.started(following)
            await asked.service.create_spans([span("t", number, name=number)])
            trace = data(await waiting)["traces"]["trace"]
            seen.append((trace["spanCount"], [node["spanId"] for node in trace["spans"]["nodes"]]))
        await following.aclose()
        assert seen == [(1, ["a"]), (2, ["a", "b"])]

    run(test)


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        (SPANS, {"a": "nonsense"}, "BAD_CURSOR"),
        (TRACES.replace("traces {", 'traces(after: "nonsense") {', 1), {}, "BAD_CURSOR"),
        (SPANS, {"f": {"name": {"regex": "("}}}, "BAD_USER_INPUT"),
        (SPANS, {"f": {"name": 5}}, "BAD_USER_INPUT"),
    ],
)
def test_a_subscription_that_asks_wrongly_is_refused_before_it_begins(
    query: str, variables: dict[str, Any], code: str
) -> None:
    async def test(asked: Asked) -> None:
        with pytest.raises(Refused) as refusal:
            await anext(asked.follow(query, **variables))
        assert [each["extensions"]["code"] for each in refusal.value.failures] == [code]

    run(test)


def test_a_store_that_fails_ends_the_subscription_with_a_sentence() -> None:
    async def test(asked: Asked) -> None:
        works = asked.service.storage.list_spans

        async def list_spans(query: SpanQuery) -> Page[Span]:
            if await asked.service.storage.count_spans(ALWAYS):
                raise StorageUnavailable("The store failed and needs a restart.")
            return await works(query)

        asked.service.storage.list_spans = list_spans  # type: ignore[method-assign]  # breaks it on purpose
        following = asked.follow(SPANS)
        waiting = await asked.started(following)
        await asked.service.create_spans([span("t", "a")])
        answer = await waiting
        assert (answer.data, answer.failures[0]["message"]) == (None, "The store failed and needs a restart.")
        with pytest.raises(StopAsyncIteration):
            await anext(following)

    run(test)


def test_an_event_that_takes_too_long_ends_the_subscription(monkeypatch: pytest.MonkeyPatch) -> None:
    async def stuck(*_: Any) -> list[Any]:
        await asyncio.sleep(60)
        return []

    async def test(asked: Asked) -> None:
        asked.execution._timeout = 0.05
        following = asked.follow(TRACES)
        waiting = await asked.started(following)
        monkeypatch.setattr(asked.service.storage, "list_trace_spans", stuck)
        await asked.service.create_spans([span("t", "a")])
        assert (await waiting).failures[0]["extensions"]["code"] == "TIMEOUT"
        await following.aclose()

    run(test)


def test_a_long_subscription_remembers_nothing_of_the_events_behind_it() -> None:
    """Each event collects its fields anew: what is remembered of them for one event must go with it."""

    def kept() -> int:
        gc.collect()
        return sum(isinstance(one, PlainField) for one in gc.get_objects())

    async def test(asked: Asked) -> None:
        following = asked.follow(SPANS)
        counts = []
        for number in range(12):
            waiting = await asked.started(following)
            await asked.service.create_spans([span("t", str(number))])
            data(await waiting)
            counts.append(kept())
        await following.aclose()
        assert counts[-1] == counts[1]

    run(test)


def test_a_write_that_wakes_many_subscriptions_leaves_others_room_between_them() -> None:
    async def test(asked: Asked) -> None:
        got = 0

        async def follow() -> None:
            nonlocal got
            async for _ in asked.follow(SPANS):
                got += 1

        followers = [asyncio.create_task(follow()) for _ in range(100)]
        await asyncio.sleep(0.1)
        await asked.service.create_spans([span("t", "1")])
        steps = []
        while got < 100:
            before = got
            await asyncio.sleep(0)
            steps.append(got - before)
        for follower in followers:
            follower.cancel()
        await asyncio.gather(*followers, return_exceptions=True)
        assert max(steps) <= 20

    run(test)


def test_an_event_is_executed_once_for_all_that_ask_alike_wherever_they_resume(monkeypatch: pytest.MonkeyPatch) -> None:
    executed = 0
    ordinary = Execution._event

    async def counted(*given: Any) -> Answer:
        nonlocal executed
        executed += 1
        return await ordinary(*given)

    async def test(asked: Asked) -> None:
        begun = (await asked.changes())["cursor"]
        monkeypatch.setattr(Execution, "_event", counted)
        await asked.service.create_spans([span("t", "0", name="x")])
        resumed = [asked.follow(SPANS, a=begun, f={"name": {"isNull": False}}) for _ in range(2)]
        with pytest.raises(Refused):  # a cursor of another filter
            await anext(resumed[0])
        following = [asked.follow(SPANS) for _ in range(20)] + [asked.follow(SPANS, a=begun) for _ in range(20)]
        others = [asked.follow(SPANS, f={}), asked.follow(SPANS.replace("{ name }", "{ name spanId }"))]
        assert [data(await anext(one))["spans"]["span"] for one in following[20:]] == [{"name": "x"}] * 20
        assert executed == 1
        waiting = [await asked.started(one) for one in (*following, *others)]
        await asked.service.create_spans([span("t", "1", name="y")])
        answers = [data(await one)["spans"] for one in waiting]
        assert executed == 4
        assert [each["span"] for each in answers] == [{"name": "y"}] * 41 + [{"name": "y", "spanId": "1"}]
        assert len({each["cursor"] for each in answers[:40]}) == 1
        for one in (*following, *others):
            await one.aclose()

    run(test)


def test_what_breaks_before_the_first_change_is_not_told_in_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked()

    async def broken() -> None:
        raise ValueError("a secret")

    async def first() -> Answer:
        return await anext(asked.follow(SPANS))

    monkeypatch.setattr(asked.service.feed, "latest_span", broken)
    with pytest.raises(Refused) as refusal:
        asyncio.run(first())
    (failure,) = refusal.value.failures
    assert failure["extensions"] == {"code": "INTERNAL"}
    assert "secret" not in failure["message"]

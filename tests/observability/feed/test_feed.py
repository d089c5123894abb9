"""Followers see every change once, in order, after it is committed, wherever they left off."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwell.observability.commit_signal import Commits
from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.feed import recent_changes
from spanwell.observability.feed.live import CHANGED_SPANS, CHANGED_TRACES, Feed
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span
from spanwell.observability.questions.conditions import Compare, Op
from spanwell.observability.questions.ordering import position
from spanwell.observability.questions.queries import Page, SpanQuery, TraceQuery, Window
from spanwell.observability.service import Observability
from spanwell.observability.write_clock import Ticks
from spanwell.storage.reference.storage import MemoryStorage
from tests import strategies
from tests.making import span
from tests.storage.follower import Follower
from tests.storage.pair import Pair

ALL_SPANS = SpanQuery(Window(3, after=(0, "", "")), order=CHANGED_SPANS)
ALL_TRACES = TraceQuery(Window(2, after=(0, "")), order=CHANGED_TRACES)


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    opened = Pair()
    yield opened
    opened.close()


def test_moments_only_go_forward() -> None:
    times = iter([5, 3, 9, 9])
    ticks = Ticks(lambda: next(times), latest=6)
    assert [ticks.next() for _ in range(4)] == [7, 8, 9, 10]


def own(one: Span) -> Span:
    """Return a span without what only the spans around it say."""
    return replace(one, has_child_error=False, tree_start=0, tree_end=0, tree_parent=None)


@settings(max_examples=50)
@given(history=strategies.HISTORIES, stops=st.lists(st.booleans(), min_size=20, max_size=20))
def test_a_follower_that_stops_and_resumes_anywhere_ends_with_what_is_stored(
    pair: Pair, history: list[tuple[str, list[Any]]], stops: list[bool]
) -> None:
    for store in (pair.plain, pair.real):
        pair.ask(store, "dangerously_clear_all")
    spans, traces = Follower(pair, "list_spans", ALL_SPANS), Follower(pair, "list_traces", ALL_TRACES)
    seen_spans, seen_traces = dict[Any, Any](), dict[Any, Any]()
    for (method, batch), stop in zip(history, stops, strict=False):
        pair.now += 1
        pair.write(method, batch)
        if not stop:
            seen_spans |= spans.changes()
            seen_traces |= traces.changes()
    seen_spans |= spans.changes()
    seen_traces |= traces.changes()
    stored = pair.both("list_spans", SpanQuery(Window(1000))).nodes
    assert {one.key: own(seen_spans[one.key]) for one in stored} == {one.key: own(one) for one in stored}
    rolled = pair.both("list_traces", TraceQuery(Window(1000))).nodes
    assert [seen_traces[one.trace_id,] for one in rolled] == rolled


class Live:
    """A follower that runs beside the writes of a plain store."""

    def __init__(self) -> None:
        self.storage = MemoryStorage()
        self.service = Observability(self.storage)
        self.feed = Feed(self.storage, pause=0)
        self.reads = 0
        self.list_spans, self.storage.list_spans = self.storage.list_spans, self.counted  # type: ignore[method-assign] # counts reads

    async def counted(self, query: SpanQuery) -> Page[Span]:
        self.reads += 1
        return await self.list_spans(query)

    async def take(self, count: int, query: SpanQuery = ALL_SPANS) -> list[str]:
        following = self.feed.spans(query)
        found = [(await anext(following)).span_id for _ in range(count)]
        await following.aclose()
        return found


def test_a_change_wakes_a_follower_that_waits() -> None:
    async def run() -> None:
        live = Live()
        waiting = asyncio.create_task(live.take(2))
        for number in range(2):
            await asyncio.sleep(0.01)
            assert not waiting.done()
            await live.service.create_spans([span("t", str(number))])
        assert await waiting == ["0", "1"]

    asyncio.run(run())


def test_followers_of_one_list_share_its_reads() -> None:
    async def run() -> None:
        live = Live()
        waiting = [asyncio.create_task(live.take(1)) for _ in range(50)]
        await asyncio.sleep(0.01)
        await live.service.create_spans([span("t", "a")])
        await asyncio.gather(*waiting)
        assert live.reads == 2

    asyncio.run(run())


def test_followers_that_are_out_of_step_share_reads_as_well() -> None:
    async def run() -> None:
        live = Live()
        live.feed = Feed(live.storage, pause=0.01)
        late = random.Random(3)

        async def follow() -> None:
            following = live.feed.spans(ALL_SPANS)
            for number in range(100):
                assert (await anext(following)).span_id == f"{number:03}"
                await asyncio.sleep(late.choice([0, 0, 0.001, 0.005]))
            await following.aclose()

        waiting = [asyncio.create_task(follow()) for _ in range(20)]
        for number in range(100):
            await live.service.create_spans([span("t", f"{number:03}")])
            await asyncio.sleep(0.002)
        await asyncio.gather(*waiting)
        assert live.reads <= 102
        assert not live.feed._recent

    asyncio.run(run())


@given(seed=st.integers(0, 2**32), wanted=st.sampled_from(["", "0", "1"]))
@settings(max_examples=30)
def test_whoever_follows_sees_each_change_once_and_in_order_however_fast_or_slow(seed: int, wanted: str) -> None:
    chance = random.Random(seed)

    async def follow(live: Live, query: SpanQuery, seen: dict[Any, Any]) -> None:
        place = query.window.after or ()
        async for one in live.feed.spans(query):
            assert position(one, CHANGED_SPANS) > place
            place = position(one, CHANGED_SPANS)
            seen[one.key] = own(one)
            if chance.random() < 0.5:
                await asyncio.sleep(chance.choice([0, 0, 0.001, 0.01]))

    async def run() -> None:
        live = Live()
        query = replace(ALL_SPANS, where=Compare("name", Op.CONTAINS, wanted))
        following = list[tuple[dict[Any, Any], asyncio.Task[None]]]()
        for number in range(100):
            if number % 20 == 0:  # some come later, and some of them begin long ago
                seen = dict[Any, Any]()
                following.append((seen, asyncio.create_task(follow(live, query, seen))))
            spans = [span("t", str(chance.randrange(30)), name=str(number)) for _ in range(chance.randrange(1, 4))]
            await live.service.create_spans(spans)
            await asyncio.sleep(chance.choice([0, 0, 0, 0.001]))
        stored = {one.key: own(one) for one in (await live.list_spans(replace(query, window=Window(1000)))).nodes}
        async with asyncio.timeout(5):
            while any({key: seen.get(key) for key in stored} != stored for seen, _ in following):  # noqa: ASYNC110 - each in its own time
                await asyncio.sleep(0.01)
        for _, task in following:
            assert not task.done(), task.exception()
            task.cancel()
        await asyncio.gather(*(task for _, task in following), return_exceptions=True)
        assert not live.feed._recent

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recent_changes, "_KEPT", 5)
        asyncio.run(run())


def test_only_what_meets_the_filter_is_sent() -> None:
    async def run() -> None:
        live = Live()
        await live.service.create_spans([span("t", "a", name="plain"), span("t", "b", name="wanted")])
        wanted = replace(ALL_SPANS, where=Compare("name", Op.EQ, "wanted"))
        assert await live.take(1, wanted) == ["b"]

    asyncio.run(run())


def test_a_follower_may_begin_at_the_latest_change() -> None:
    async def run() -> None:
        live = Live()
        assert (await live.feed.latest_span(), await live.feed.latest_trace()) == ((0, "", ""), (0, ""))
        await live.service.create_spans([span("t", "a"), span("u", "a")])
        await live.service.update_spans([SpanUpdate("t", "a", {"name": "later"})])
        assert ((await live.feed.latest_span())[1:], (await live.feed.latest_trace())[1:]) == (("t", "a"), ("t",))

    asyncio.run(run())


def test_many_pages_read_without_a_commit_are_not_kept() -> None:
    async def run() -> None:
        live = Live()
        await live.service.create_spans([span("t", f"{number:03}") for number in range(200)])
        assert len(await live.take(200)) == 200
        assert len(live.feed._reads) <= 34

    asyncio.run(run())


def test_a_read_that_failed_is_tried_again_by_whoever_comes_next() -> None:
    async def run() -> None:
        live = Live()
        await live.service.create_spans([span("t", "a")])
        works, live.list_spans = live.list_spans, failing
        with pytest.raises(OSError, match="no luck"):
            await live.take(1)
        live.list_spans = works
        assert await live.take(1) == ["a"]

    asyncio.run(run())


async def failing(query: SpanQuery) -> Page[Span]:
    del query
    raise OSError("no luck")


def test_who_waits_for_a_commit_hears_of_each() -> None:
    async def run() -> None:
        commits = Commits()
        commits.announce()
        await commits.after(0)
        waiting = asyncio.create_task(commits.after(1))
        await asyncio.sleep(0)
        assert not waiting.done()
        commits.announce()
        await waiting

    asyncio.run(run())


def test_a_trace_whose_spans_say_nothing_new_has_not_changed() -> None:
    async def run() -> None:
        now = iter(range(1, 99))
        service = Observability(MemoryStorage(lambda: next(now)))
        await service.create_spans([span("t", "a", metadata=None)])
        await service.create_spans([span("t", "a", metadata=None)])
        trace = await service.storage.get_trace("t")
        assert trace is not None
        assert trace.changed_at == Nanos(1)

    asyncio.run(run())

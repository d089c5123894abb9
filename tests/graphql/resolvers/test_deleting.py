"""`deleteTraces`: what a filter finds is deleted, and nothing else."""

import asyncio
from typing import Any

import pytest

from spanwell.observability import deleting
from spanwell.observability.model.assessments import AssessmentKind, Score
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.conditions import Compare, Op
from spanwell.observability.questions.queries import Page, TraceQuery
from spanwell.observability.service import Observability, WriteLimits
from spanwell.storage import open_storage
from spanwell.storage.reference.storage import MemoryStorage
from tests.graphql.asking import Asker
from tests.making import at, span

DELETE = """mutation($f: TraceFilter!, $dry: Boolean! = false) { deleteTraces(filter: $f, dryRun: $dry) {
  matchedTraceCount matchedSpanCount deletedTraceCount deletedSpanCount hasMore } }"""
OLD = {"startedAt": {"lt": "2026-01-01T00:00:05Z"}}
SCORE = AssessmentKind.SCORE
OF_U = Compare("user_id", Op.EQ, "u")


def asker() -> Asker:
    return Asker(*(span(f"t{n}", one, started_at=at(n)) for n in range(10) for one in "ab"))


def counts(answer: dict[str, Any]) -> list[Any]:
    return list(answer["deleteTraces"].values())


def test_what_a_filter_finds_is_deleted() -> None:
    asked = asker()
    assert counts(asked.ask(DELETE, {"f": OLD})) == [5, 10, 5, 10, False]
    assert asked.ask("{ traces { nodes { traceId } } }")["traces"]["nodes"] == [
        {"traceId": f"t{n}"} for n in range(9, 4, -1)
    ]


def test_a_dry_run_counts_and_deletes_nothing() -> None:
    asked = asker()
    assert counts(asked.ask(DELETE, {"f": OLD, "dry": True})) == [5, 10, 0, 0, False]
    assert asked.ask("{ traces { totalCount } }")["traces"]["totalCount"] == 10


@pytest.mark.parametrize("everything", [{}, {"and": [{}]}, {"not": {"or": []}}, {"spans": {"some": {}}}])
def test_a_filter_that_is_true_of_every_trace_is_refused(everything: dict[str, Any]) -> None:
    assert asker().bad_input(DELETE, {"f": everything}) == "filter"


def test_steps_are_small_and_go_on_until_all_is_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deleting, "_STEP", 2)
    assert counts(asker().ask(DELETE, {"f": OLD})) == [5, 10, 5, 10, False]


def test_when_the_time_is_over_the_answer_says_that_there_is_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deleting, "_STEP", 2)
    asked = asker()
    asked.service.limits = WriteLimits(deleting_seconds=-1)
    assert counts(asked.ask(DELETE, {"f": OLD})) == [2, 4, 2, 4, True]


class Busy(MemoryStorage):
    """Changes a trace just after it was listed, and stores another one that meets the filter."""

    def __init__(self, *changed: Any) -> None:
        super().__init__()
        self.waiting = list(changed)

    async def list_traces(self, query: TraceQuery) -> Page[Trace]:
        page = await super().list_traces(query)
        if self.waiting:
            await self.batch_create_spans([self.waiting.pop(0)])
        return page


def test_what_was_changed_and_no_longer_meets_the_filter_stays_and_so_does_what_arrives() -> None:
    async def run() -> None:
        storage = Busy(span("t1", "a", user_id="v"), span("t3", "a", user_id="u"))
        service = Observability(storage)
        await service.create_spans([span("t1", "a", user_id="u"), span("t2", "a", user_id="u")])
        done = await service.delete_matching(OF_U)
        assert (done.matched_trace_count, done.deleted_trace_count) == (1, 1)
        assert storage._traces.keys() == {"t1", "t3"}

    asyncio.run(run())


def test_what_was_changed_and_still_meets_the_filter_is_deleted() -> None:
    async def run() -> None:
        storage = Busy(span("t1", "b", "a"))
        service = Observability(storage)
        await service.create_spans([span("t1", "a", user_id="u"), span("t2", "a", user_id="u")])
        done = await service.delete_matching(OF_U)
        assert (done.deleted_trace_count, done.deleted_span_count) == (2, 3)

    asyncio.run(run())


def test_deletions_are_remembered_when_the_store_is_opened_again_and_forgotten_after_a_week(tmp_path: Any) -> None:
    async def run() -> None:
        now = 10**18
        for step in ("write", "read"):
            storage = open_storage(str(tmp_path / "spans.duckdb"))
            await storage.init()
            service = Observability(storage)
            if step == "write":
                await service.create_spans([span("t", "a")])
                await service.assessing.create(SCORE, [Score(score_id="s", name="quality", trace_id="t")])
                await service.delete_traces(["t"])
            trace, assessment = await service.feed.latest_trace(), await service.feed.latest_assessment(SCORE)
            assert trace[1:] == ("t",)
            assert assessment == (trace[0], "s")
            assert trace[0] > now
            await storage.close()

    asyncio.run(run())

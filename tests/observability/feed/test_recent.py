"""The newest changes of a list are read once and kept for a while."""

import asyncio

from spanwell.observability.feed.live import CHANGED_SPANS
from spanwell.observability.feed.recent_changes import Recent
from spanwell.observability.model.span import Span
from spanwell.observability.questions.ordering import Position
from spanwell.observability.questions.queries import Page
from tests.making import span


def changed(number: int) -> Span:
    made = span("t", str(number))
    made.updated_at = type(made.updated_at)(number)
    return made


def test_who_comes_for_changes_that_were_let_go_gets_none_and_reads_by_itself() -> None:
    async def read(place: Position, _: int | None) -> tuple[Page[Span], int | None]:
        return Page([changed(place[0] + 1 + i) for i in range(150)], has_next=True), None

    async def run() -> None:
        recent = Recent(read, CHANGED_SPANS, (0, "", ""), 0)
        first = await recent.after((0, "", ""))
        assert [one.span_id for one in first] == [str(number) for number in range(1, 151)]
        await recent.after((150, "t", "150"))
        assert recent.start == (100, "t", "100")
        assert await recent.after((99, "t", "99")) == []
        assert [one.span_id for one in await recent.after((299, "t", "299"))] == ["300"]

    asyncio.run(run())


def test_closing_ends_a_read_that_waits_and_does_nothing_where_there_is_none() -> None:
    async def read(_: Position, __: int | None) -> tuple[Page[Span], int | None]:
        await asyncio.sleep(60)
        raise AssertionError

    async def run() -> None:
        Recent(read, CHANGED_SPANS, (0, "", ""), 0).close()
        recent = Recent(read, CHANGED_SPANS, (0, "", ""), 0)
        waiting = asyncio.create_task(recent.after((0, "", "")))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        recent.close()
        (ended,) = await asyncio.gather(waiting, return_exceptions=True)
        assert isinstance(ended, asyncio.CancelledError)

    asyncio.run(run())

import asyncio
from threading import Event

import pytest

from spanwell.observability.model.errors import Overloaded
from spanwell.observability.threads import Threads


def test_what_is_beyond_those_that_work_and_wait_is_refused_until_there_is_room() -> None:
    async def run() -> None:
        go, threads = Event(), Threads(1, "test", 2)
        under_way = [asyncio.create_task(threads.run(go.wait)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await threads.run(go.wait)
        go.set()
        assert await asyncio.gather(*under_way) == [True] * 3
        assert await threads.run(lambda: 1) == 1
        threads.close()

    asyncio.run(run())

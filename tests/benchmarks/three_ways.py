"""Asks one thing in three ways, in turn, in the same minute.

The three are the SQL that a person would write, on a cursor of its own; the store, which is asked for what the field
asks of it; and the whole server, GraphQL over HTTP without a network. Python collects garbage as the server lets it.
"""

import time
from collections.abc import Callable, Iterable
from statistics import median
from typing import Any, Protocol

from spanwell.collector import quiet_collector
from spanwell.observability.questions.queries import Page
from spanwell.observability.questions.statistics import Stats, StatsQuery
from spanwell.storage.duckdb import DuckDBStorage
from tests.rules.http_door import HttpDoor

TIMES = 15


class Case(Protocol):
    """A question in GraphQL, and in SQL."""

    @property
    def name(self) -> str:
        """What it is called in the table."""
        ...

    @property
    def query(self) -> str:
        """The question to the server."""
        ...

    @property
    def sql(self) -> str:
        """The SQL that a person would write."""
        ...


class Kept(DuckDBStorage):
    """A store that keeps the last question it was asked, to be asked again without GraphQL."""

    again: Callable[[], Any]

    async def list_spans(self, query: Any) -> Page[Any]:
        """Remember a list of spans."""
        self.again = lambda: DuckDBStorage.list_spans(self, query)
        return await super().list_spans(query)

    async def list_traces(self, query: Any) -> Page[Any]:
        """Remember a list of traces."""
        self.again = lambda: DuckDBStorage.list_traces(self, query)
        return await super().list_traces(query)

    async def span_stats(self, query: StatsQuery) -> Stats:
        """Remember a question about spans."""
        self.again = lambda: DuckDBStorage.span_stats(self, query)
        return await super().span_stats(query)

    async def trace_stats(self, query: StatsQuery) -> Stats:
        """Remember a question about traces."""
        self.again = lambda: DuckDBStorage.trace_stats(self, query)
        return await super().trace_stats(query)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return how long some work takes, and how much of the processors it has, in milliseconds."""
    began, used = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - began) * 1_000, (time.process_time() - used) * 1_000


def compare(title: str, storage: Kept, door: HttpDoor, cases: Iterable[Case]) -> None:
    """Print a row for each question: the medians, and their ratios to the SQL."""
    cursor = storage._database.cursor()
    print(f"{title + ', medians of ' + str(TIMES):<32}{'SQL ms':>9}{'store':>9}{'ratio':>7}{'server':>9}{'ratio':>7}")  # noqa: T201 - the result
    with quiet_collector():
        for case in cases:
            door.ask(case.query)
            rows: list[tuple[float, ...]] = []
            for _ in range(TIMES):
                work = (
                    lambda: cursor.execute(case.sql).fetchall(),  # noqa: B023 - called at once
                    lambda: door.runner.run(storage.again()),
                    lambda: door.send(case.query),  # noqa: B023 - called at once
                )
                rows.append(tuple(timed(each)[0] for each in work))
            sql, store, server = (median(column) for column in zip(*rows, strict=True))
            print(f"{case.name:<32}{sql:>9.2f}{store:>9.2f}{store / sql:>7.2f}{server:>9.2f}{server / sql:>7.2f}")  # noqa: T201 - the result

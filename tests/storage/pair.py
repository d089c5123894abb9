"""Two stores side by side: the plain one, and DuckDB, which has to give the same answers."""

from asyncio import Runner
from collections.abc import Sequence
from typing import Any

from spanwell.observability.questions.conditions import Condition
from spanwell.observability.questions.queries import SpanQuery, Window
from spanwell.observability.storage import ObservabilityStorage
from spanwell.storage.duckdb import DuckDBStorage
from spanwell.storage.reference.storage import MemoryStorage

METHODS = {
    "create": "batch_create_spans",
    "update": "batch_update_spans",
    "delete": "batch_delete_traces",
    "assess": "batch_create_assessments",
    "reassess": "batch_update_assessments",
    "unassess": "batch_delete_assessments",
}


class Pair:
    """The plain store and DuckDB, under one clock."""

    def __init__(self) -> None:
        self.now = 0
        self.runner = Runner()
        self.plain = MemoryStorage(clock=lambda: self.now)
        self.real = DuckDBStorage(clock=lambda: self.now)
        self.both("init")

    def ask(self, store: ObservabilityStorage, method: str, *arguments: Any) -> Any:
        """Return what one of the stores answers."""
        return self.runner.run(getattr(store, method)(*arguments))

    def both(self, method: str, *arguments: Any) -> Any:
        """Return what both stores answer."""
        plain, real = (self.ask(store, method, *arguments) for store in (self.plain, self.real))
        assert real == plain, f"{method}{arguments}"
        return plain

    def replay(self, history: Sequence[tuple[Any, ...]]) -> None:
        """Write a history into both, from nothing."""
        for store in (self.plain, self.real):
            self.ask(store, "dangerously_clear_all")
        for self.now, (method, *arguments) in enumerate(history, 1):
            self.write(method, *arguments)

    def write(self, method: str, *arguments: Any) -> None:
        """Do one write of a history in both."""
        self.both(METHODS[method], *arguments)

    def close(self) -> None:
        """Close both."""
        for store in (self.plain, self.real):
            self.ask(store, "close")
        self.runner.close()


def ids(pair: Pair, condition: Condition) -> list[str]:
    """Return the ids of the spans that meet a condition in both stores."""
    page = pair.both("list_spans", SpanQuery(Window(1000), condition))
    return sorted(found.span_id for found in page.nodes)

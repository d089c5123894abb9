"""A write that waits for the writer."""

from collections.abc import Callable, Collection
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from spanwell.observability.questions.queries import ALL_SPAN_COLUMNS, Columns

from .transaction import Transaction


@dataclass(frozen=True)
class Work:
    """The traces and spans that a write touches, what it does, and the future for its result.

    `count` is the number of records, `columns` are the columns of stored spans that it needs, and `staged` is what was
    prepared outside the writer's thread. `between` runs instead of a transaction, while none is open.
    """

    run: Callable[[Transaction], Any]
    trace_ids: Collection[str] = ()
    count: int = 1
    columns: Columns = ALL_SPAN_COLUMNS
    alone: bool = False
    is_silent: bool = False
    """Whether clients see no change, so that it gets no timestamp of its own."""
    between: Callable[[], Any] | None = None
    assessed: Collection[str] = ()
    """The ids of the scores or feedback that it touches."""
    staged: Future[Any] | None = None
    answer: Future[Any] = field(default_factory=Future[Any])


def work_between(task: Callable[[], Any]) -> Work:
    """Return a write that only runs a task in the writer's thread, between two transactions."""
    return Work(_nothing, alone=True, between=task)


def _nothing(_: Transaction) -> None:
    """Do nothing: the transaction of work that runs between transactions."""

"""How many SQL statements a query costs does not depend on how many records it answers with."""

from asyncio import Runner

import duckdb
import pytest

from spanwell.observability.model.errors import ResourceExhausted, StorageUnavailable
from spanwell.observability.questions.queries import TraceQuery, Window
from spanwell.storage.duckdb import DuckDBStorage
from spanwell.storage.duckdb.conditions.sql import Sql
from spanwell.storage.duckdb.reading.readers import Cursor
from spanwell.storage.duckdb.statement_log import StatementLog
from tests.making import at, ended
from tests.rules.http_door import HttpDoor

QUERY = """query($first: Int) { traces(first: $first) { totalCount nodes {
    name spanCount errorCount totalTokens services rootSpan { name input }
    first: spans(first: 3) { totalCount nodes { name startedAt } }
    failed: spans(filter: {status: {eq: ERROR}}) { totalCount } } } }"""


def test_a_list_of_traces_with_roots_first_spans_and_rollups_costs_a_fixed_number_of_statements() -> None:
    seen: list[Sql] = []
    door = HttpDoor(DuckDBStorage(statements=StatementLog(each=seen.append)))
    door.create(
        *(ended(f"t{t}", str(s), "0" if s else None, started_at=at(t + s)) for t in range(60) for s in range(5))
    )
    counts = []
    for first in (1, 50):
        seen.clear()
        assert len(door.ask(QUERY, first=first)["nodes"]) == first
        counts.append(len(seen))
    door.close()
    # The page and its total; for each of the two lists of spans its stretch of time and its page, and the same for
    # each of the two totals.
    assert counts == [2 + 2 * 2 + 2 * 2] * 2


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (duckdb.OutOfMemoryException("could not allocate"), ResourceExhausted),
        (duckdb.FatalException("invalidated"), StorageUnavailable),
    ],
)
def test_what_fails_in_a_read_is_told_without_sql(
    monkeypatch: pytest.MonkeyPatch, raised: Exception, told: type[Exception]
) -> None:
    def fail(_: Cursor, __: Sql) -> None:
        raise raised

    storage = DuckDBStorage()
    with Runner() as runner:
        runner.run(storage.init())
        monkeypatch.setattr("spanwell.storage.duckdb.reading.changes.fetch", fail)
        with pytest.raises(told) as error:
            runner.run(storage.list_traces(TraceQuery(Window(1))))
        monkeypatch.undo()
        assert "SELECT" not in str(error.value)
        assert runner.run(storage.list_traces(TraceQuery(Window(1)))).nodes == []
        runner.run(storage.close())

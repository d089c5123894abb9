"""A store that DuckDB gives up is opened again, and what one failure leaves behind fails nothing after it."""

import resource
import signal
import time
from asyncio import Runner
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import duckdb
import pytest

from spanwell.observability.model.errors import Overloaded, ResourceExhausted, StorageUnavailable
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.storage.duckdb import DuckDBStorage
from spanwell.storage.duckdb.files.space import Space
from spanwell.storage.duckdb.reading.readers import Cursor, one_state
from spanwell.storage.duckdb.tables.columns import SPANS
from spanwell.storage.duckdb.writing.committing import Committer
from spanwell.storage.duckdb.writing.rows.arrow import arrays_of
from spanwell.storage.duckdb.writing.staged_views import forget_views
from spanwell.storage.duckdb.writing.staging import insert_arrays
from spanwell.storage.duckdb.writing.transaction import Transaction
from tests.making import ended

FULL = "The disk is full: writes are refused until there is free space. Nothing in this request was stored."


@pytest.fixture
def store(tmp_path: Path) -> Generator[tuple[Runner, DuckDBStorage]]:
    storage = DuckDBStorage(str(tmp_path / "spans.duckdb"))
    with Runner() as runner:
        runner.run(storage.init())
        yield runner, storage
        runner.run(storage.close())


@contextmanager
def files_no_longer_than(size: int) -> Generator[None]:
    """Let writes beyond some size of a file fail, as they do on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def fail_a_checkpoint(storage: DuckDBStorage) -> None:
    """Let DuckDB give the database up."""
    with files_no_longer_than(Path(storage._db).stat().st_size), pytest.raises(duckdb.Error):
        storage._database.cursor().execute("CHECKPOINT")


def test_reads_and_writes_go_on_after_duckdb_gave_the_database_up(store: tuple[Runner, DuckDBStorage]) -> None:
    runner, storage = store
    runner.run(storage.batch_create_spans([ended("t", str(number)) for number in range(500)]))
    fail_a_checkpoint(storage)
    assert runner.run(storage.count_spans(ALWAYS)) == 500
    storage._database._healed = 0
    fail_a_checkpoint(storage)
    with pytest.raises(StorageUnavailable, match="nothing of the request was stored"):
        runner.run(storage.batch_create_spans([ended("u", "a")]))
    assert runner.run(storage.batch_create_spans([ended("u", "a")])).created_count == 1
    assert runner.run(storage.count_spans(ALWAYS)) == 501
    storage.check_ready()


def test_a_store_that_cannot_be_opened_again_says_so_until_it_can(store: tuple[Runner, DuckDBStorage]) -> None:
    runner, storage = store
    runner.run(storage.batch_create_spans([ended("t", "a")]))
    fail_a_checkpoint(storage)
    path = Path(storage._db)
    path.rename(path.with_suffix(".away"))
    with pytest.raises(StorageUnavailable, match="is missing, though its write-ahead log is there"):
        runner.run(storage.count_spans(ALWAYS))
    with pytest.raises(StorageUnavailable, match="is being reopened"):
        storage.check_ready()
    with pytest.raises(StorageUnavailable, match="is being reopened"):
        runner.run(storage.count_spans(ALWAYS))
    path.with_suffix(".away").rename(path)
    storage._database._healed = 0
    assert runner.run(storage.count_spans(ALWAYS)) == 1


def test_a_transaction_that_cannot_even_be_undone_is_gone_with_the_instance_of_duckdb(
    store: tuple[Runner, DuckDBStorage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would keep the file open, so that nothing could be read or written until the server starts again."""
    runner, storage = store
    runner.run(storage.batch_create_spans([ended("t", "a")]))

    def without_memory(transaction: Transaction) -> None:
        write(transaction)
        raise duckdb.OutOfMemoryException

    def fatal(*_: object) -> None:
        raise duckdb.FatalException("Failed to rollback transaction. Cannot continue operation.")

    with monkeypatch.context() as failing:
        write = Transaction.write
        failing.setattr(Transaction, "write", without_memory)
        failing.setattr(Committer, "_roll_back", fatal)
        with pytest.raises(StorageUnavailable, match="nothing of the request was stored"):
            runner.run(storage.batch_create_spans([ended("t", "b")]))
    assert runner.run(storage.count_spans(ALWAYS)) == 1
    assert runner.run(storage.batch_create_spans([ended("t", "b")])).created_count == 1
    (trace,) = runner.run(storage.get_traces(["t"]))
    assert trace is not None
    assert trace.span_count == 2
    storage.check_ready()


def test_a_cursor_that_could_not_end_its_transaction_is_used_no_more(store: tuple[Runner, DuckDBStorage]) -> None:
    """As where there is no memory for a rollback: everything that such a cursor is asked fails from then on."""
    runner, storage = store
    runner.run(storage.batch_create_spans([ended("t", "a")]))

    def abort(cursor: Cursor) -> None:
        cursor.begin()
        cursor.execute("SELECT error('no memory')").fetchall()

    for _ in range(20):  # more than there are threads
        with pytest.raises(duckdb.Error, match="no memory"):
            runner.run(storage._readers.read(abort))
    answers = [runner.run(storage.count_spans(ALWAYS)) for _ in range(20)]
    assert answers == [1] * 20


def test_a_reading_of_one_state_is_told_as_it_failed_and_leaves_nothing_behind(
    store: tuple[Runner, DuckDBStorage],
) -> None:
    runner, storage = store
    runner.run(storage.batch_create_spans([ended("t", "a")]))

    def read(cursor: Cursor) -> None:
        with one_state(cursor):
            cursor.execute("SELECT error('no memory')").fetchall()

    def refuse(cursor: Cursor) -> None:
        with one_state(cursor):
            raise ResourceExhausted("The answer is too large.")

    for _ in range(20):  # more than there are threads
        with pytest.raises(duckdb.InvalidInputException, match="no memory"):
            runner.run(storage._readers.read(read))
        with pytest.raises(ResourceExhausted):
            runner.run(storage._readers.read(refuse))
    assert [runner.run(storage.count_spans(ALWAYS)) for _ in range(20)] == [1] * 20


def test_the_writer_goes_on_with_another_cursor_where_one_cannot_be_rolled_back(
    store: tuple[Runner, DuckDBStorage], monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, storage = store

    class Stuck:
        """A cursor whose transactions stay."""

        def __getattr__(self, name: str) -> Any:
            return getattr(cursor, name)

        def rollback(self) -> None:
            raise duckdb.OutOfMemoryException

    cursor = storage._database.cursor()
    storage._writer._committer._cursor = stuck = cast("Any", Stuck())
    storage._database._cursors.add(stuck)
    with monkeypatch.context() as failing:
        failing.setattr(Transaction, "write", lambda _: cursor.execute("SELECT error('no memory')").fetchall())
        with pytest.raises(StorageUnavailable):
            runner.run(storage.batch_create_spans([ended("t", "a")]))
    assert runner.run(storage.batch_create_spans([ended("t", "a")])).created_count == 1


def test_a_failed_store_in_memory_says_that_it_is_gone() -> None:
    storage = DuckDBStorage()
    with Runner() as runner:
        runner.run(storage.init())
        with pytest.raises(StorageUnavailable, match="The in-memory store"):
            storage._database.heal(storage._database.generation)
        runner.run(storage.close())


def test_writes_are_refused_while_the_disk_is_nearly_full_and_reads_go_on(
    store: tuple[Runner, DuckDBStorage], monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, storage = store
    runner.run(storage.batch_create_spans([ended("t", "a")]))
    with monkeypatch.context() as full:
        full.setattr(Space, "free", lambda _: 1_000_000)
        with pytest.raises(Overloaded) as refused:
            runner.run(storage.batch_create_spans([ended("t", "b")]))
        assert str(refused.value) == FULL
        with pytest.raises(Overloaded):
            storage.check_ready()
        assert runner.run(storage.count_spans(ALWAYS)) == 1
        assert not storage._database.checkpoint(storage._database.cursor())
    assert runner.run(storage.batch_create_spans([ended("t", "b")])).created_count == 1


def test_a_disk_that_is_full_in_the_middle_of_a_write_is_told_as_that(
    store: tuple[Runner, DuckDBStorage], monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, storage = store

    def full(*_: object) -> None:
        raise duckdb.IOException("Could not write file: No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(storage._database, "committed", full)
        with pytest.raises(Overloaded, match="The disk is full"):
            runner.run(storage.batch_create_spans([ended("t", "a")]))


def test_a_statement_of_a_write_that_fails_is_told_as_it_failed() -> None:
    """What DuckDB says of the statements after it, that the transaction is aborted, names no cause."""
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE spans (name VARCHAR CHECK (name <> 'bad'))")
        for name, count in (("bad", 0), ("good", 1)):
            connection.begin()
            try:
                insert_arrays(connection, "spans", arrays_of({SPANS["name"]: [name]}))
                connection.commit()
            except duckdb.ConstraintException:
                forget_views(connection)
                connection.rollback()
            assert connection.execute("SELECT count(*) FROM spans").fetchone() == (count,)


def test_a_write_for_which_there_is_no_memory_is_to_be_tried_again(
    store: tuple[Runner, DuckDBStorage], monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, storage = store

    def without_memory(_: Transaction) -> None:
        raise duckdb.OutOfMemoryException

    with monkeypatch.context() as failing:
        failing.setattr(Transaction, "write", without_memory)
        failing.setattr(time, "sleep", lambda _: None)
        with pytest.raises(Overloaded, match="Out of memory"):
            runner.run(storage.batch_create_spans([ended("t", "a")]))

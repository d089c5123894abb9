"""What the writer remembers of traces: enough that writing costs what is written, and not more than it may."""

from collections.abc import Sequence
from random import Random

import pytest

from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.questions.queries import TraceQuery, Window
from spanwell.storage.duckdb.writing import retention, writer
from spanwell.storage.duckdb.writing.known_traces import KnownTrace, KnownTraces, Unplaced
from tests.making import at, ended
from tests.storage.pair import Pair
from tests.timing import awaited

from .test_together import LISTS, TRACES, span_of, untimed, write_of


@pytest.fixture(autouse=True)
def small_limits(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    pair.both("dangerously_clear_all")
    monkeypatch.setattr(retention, "_MOST_SPANS", 20)
    monkeypatch.setattr(retention, "_LARGE", 15)


@pytest.fixture
def read_again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list of traces that are read from the store, which goes on growing."""
    found, read = list[str](), KnownTraces._read

    def reading(self: KnownTraces, trace_ids: Sequence[str]) -> dict[str, KnownTrace]:
        known = read(self, trace_ids)
        found.extend(known)
        return known

    monkeypatch.setattr(KnownTraces, "_read", reading)
    return found


def write(pair: Pair, trace: str, first: int, count: int) -> None:
    """Write new spans of a trace, of which 0 is the root."""
    spans = [ended(trace, str(n), "0" if n else None, started_at=at(n)) for n in range(first, first + count)]
    pair.write("create", spans)


def counts(pair: Pair) -> dict[str, int]:
    return {
        trace.trace_id: trace.span_count for trace in pair.ask(pair.real, "list_traces", TraceQuery(Window(100))).nodes
    }


def test_a_large_trace_that_grows_beside_many_others_is_not_read_again(pair: Pair, read_again: list[str]) -> None:
    write(pair, "large", 0, 50)
    for number in range(20):
        write(pair, "large", 50 + number, 1)
        write(pair, f"other {number}", 0, 5)
    assert read_again == []
    assert counts(pair)["large"] == 70


def test_nor_are_the_others(pair: Pair, read_again: list[str]) -> None:
    write(pair, "large", 0, 50)
    for number in range(6):
        for trace in ("one", "two", "three"):
            write(pair, trace, number, 1)
        write(pair, "large", 50 + number, 1)
    assert read_again == []


def test_it_is_forgotten_once_as_much_was_written_as_it_has(pair: Pair, read_again: list[str]) -> None:
    write(pair, "large", 0, 30)
    write(pair, "other", 0, 10)
    write(pair, "large", 30, 1)
    assert read_again == []
    for number in range(4):
        write(pair, f"other {number}", 0, 10)
    write(pair, "large", 31, 1)
    assert read_again == ["large"]
    assert counts(pair)["large"] == 32


def test_large_traces_take_no_more_than_their_share_of_the_memory(
    pair: Pair, read_again: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_SHARE", 0)
    monkeypatch.setattr(pair.real._writer._committer, "traces", KnownTraces(pair.real._writer._committer.cursor()))
    write(pair, "large", 0, 30)
    write(pair, "large", 30, 1)
    assert read_again == []
    write(pair, "another", 0, 30)
    write(pair, "large", 31, 1)
    assert read_again == ["large"]


def test_of_the_others_the_oldest_are_forgotten(pair: Pair, read_again: list[str]) -> None:
    for number in range(10):
        write(pair, f"trace {number}", 0, 5)
    write(pair, "trace 9", 5, 1)
    assert read_again == []
    write(pair, "trace 0", 5, 1)
    assert read_again == ["trace 0"]


def test_traces_that_are_not_there_are_not_remembered(pair: Pair) -> None:
    write(pair, "there", 0, 1)
    for number in range(5):
        pair.write("update", [SpanUpdate(f"{number}", "0", {"name": "new"}), SpanUpdate("there", "0", {"name": "new"})])
        pair.write("delete", [f"other {number}"])
    assert list(pair.real._writer._committer.traces._known) == ["there"]
    pair.write("delete", ["there"])
    assert not pair.real._writer._committer.traces._known


def test_traces_that_grew_and_were_forgotten_get_places_while_it_is_quiet(
    pair: Pair, read_again: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_QUIET", 10)
    for part in range(2):
        for number in range(20):
            write(pair, f"trace {number}", 5 * part, 5)
    assert len(pair.real._writer.unplaced) == 20
    monkeypatch.setattr(writer, "_QUIET", 0.01)
    write(pair, "another", 0, 1)
    awaited(lambda: not pair.real._writer.unplaced)
    assert len(read_again) > 20


def test_a_lull_is_enough_once_there_are_many(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "_QUIET", 10)
    monkeypatch.setattr(writer, "_MANY_UNPLACED", 3)
    for trace in ("one", "two", "three"):
        write(pair, trace, 0, 1)
        write(pair, trace, 1, 1)
    awaited(lambda: len(pair.real._writer.unplaced) < 3)


def test_those_that_grew_last_get_places_last_and_large_ones_only_for_a_query() -> None:
    unplaced = Unplaced([("one", 900), ("large", 2_001), ("two", 900)])
    assert unplaced.next() == ["one", "two"]
    unplaced.add("one", 901)
    unplaced.add("three", 900)
    assert unplaced.next() == ["two", "one"]
    unplaced.discard("two")
    assert unplaced.next() == ["one", "three"]
    assert list(unplaced.ids) == ["large", "one", "three"]


@pytest.mark.parametrize("seed", range(60))
def test_what_is_forgotten_and_read_again_is_what_it_was(
    pair: Pair, read_again: list[str], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(retention, "_MOST_SPANS", 0)
    chance = Random(seed)
    for trace in TRACES:
        pair.write("create", [span_of(chance, trace, number) for number in range(5)])
    for _ in range(12):
        method, *arguments = write_of(chance)
        pair.write(method, *arguments)
    for method, query in LISTS.items():
        plain, real = (untimed(pair.ask(store, method, query).nodes) for store in (pair.plain, pair.real))
        assert real == plain, f"seed {seed}"
    assert read_again

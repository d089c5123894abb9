"""The server is held against its peers fairly: the same batches and questions in turn, and as many spans."""

import json
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.running import serving

from . import table
from .__main__ import parser, peers
from .peers import PAGE, Bounds, Ours, PeerRow, Store, answered, compare, installed, measured, port_of
from .peers_mastra import Mastra
from .peers_phoenix import Phoenix, body_of
from .spans import BATCH, TRACE, Batch, Source
from .wire import Refused

ROW = PeerRow("newest 50 traces", "Some Peer 1.0", "ms", 90.0, 4.5, 20_000)


class Kept:
    """A store that remembers what it was asked, and takes a set time for everything."""

    def __init__(self, milliseconds: float, asked: list[tuple[str, Any]]) -> None:
        self._milliseconds = milliseconds
        self._asked = asked

    def _took(self, *asked: Any) -> float:
        self._asked.append((str(self._milliseconds), asked))
        return self._milliseconds

    def create(self, batch: Batch) -> float:
        return self._took("create", batch.id)

    def trace(self, trace_id: str) -> float:
        return self._took("trace", trace_id)

    def newest(self) -> float:
        return self._took("newest")


class Failing:
    """A peer that is there, but does not start."""

    name = "Failing"
    missing = ""

    @contextmanager
    def open(self, folder: Path) -> Generator[Store]:
        assert folder.is_dir()
        raise Refused("it did not start")
        yield Kept(1, [])


def test_both_get_the_same_in_turn() -> None:
    asked: list[tuple[str, Any]] = []
    rows = list(compare(Kept(2, asked), Kept(10, asked), "peer", Bounds(batches=3, times=4)))
    assert [(row.unit, row.figure, row.server, row.ratio) for row in rows] == [
        ("spans/s", BATCH * 100, BATCH * 500, 5),
        ("ms", 10, 2, 5),
        ("ms", 10, 2, 5),
    ]
    assert {row.spans for row in rows} == {3 * BATCH}
    assert [who for who, _ in asked] == ["10", "2"] * (3 + 5 + 5)
    assert [said for _, said in asked[::2]] == [said for _, said in asked[1::2]]


def test_a_slow_peer_is_filled_no_longer_than_its_time() -> None:
    rows = list(compare(Kept(1, []), Kept(1, []), "peer", Bounds(batches=50, seconds=0, times=1)))
    assert rows[0].spans == 2 * BATCH


def test_ratios_are_how_many_times_as_fast_the_server_is() -> None:
    assert ROW.ratio == 20
    assert PeerRow("ingest", "peer", "spans/s", 100.0, 2_500.0, 1_000).ratio == 25
    assert json.loads(json.dumps(ROW.document()))["ratio"] == 20


@pytest.mark.parametrize("found", [0, PAGE - 1, PAGE + 1])
def test_an_answer_without_what_was_asked_for_is_no_figure(found: int) -> None:
    answered(PAGE, PAGE, "traces")
    with pytest.raises(Refused, match=f"{found} instead of 50 traces"):
        answered(PAGE, found, "traces")


def test_peers_that_are_not_there_are_left_out_and_it_is_said_how_to_get_them(tmp_path: Path) -> None:
    given = parser().parse_args(["--peers", "--phoenix", str(tmp_path / "phoenix"), "--mastra", str(tmp_path)])
    said: list[str] = []
    assert measured(peers(given), Bounds(), tmp_path, said.append) == []
    phoenix, duckdb, libsql = said
    assert phoenix.startswith("Phoenix is left out: ")
    assert "pip install arize-phoenix" in phoenix
    for sentence, kind in ((duckdb, "duckdb"), (libsql, "libsql")):
        assert "is left out" in sentence
        assert f"@mastra/{kind}" in sentence or "node" in sentence


def test_peers_that_are_there_are_chosen_and_named_with_their_versions(tmp_path: Path) -> None:
    manifest = tmp_path / "node_modules" / "@mastra" / "libsql" / "package.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text('{"version": "1.2.3"}', encoding="utf-8")
    (tmp_path / "python").symlink_to(sys.executable)
    command = tmp_path / "phoenix"
    command.write_text("#!/bin/sh\n", encoding="utf-8")
    command.chmod(0o755)
    there = Mastra("libsql", tmp_path, node="node")
    others = Mastra("duckdb", tmp_path, node="node"), Mastra("libsql", tmp_path, node=None)
    said: list[str] = []
    phoenix = Phoenix(str(command))
    assert installed([there, *others, phoenix], said.append) == [there, phoenix]
    assert there.name == "Mastra libSQL 1.2.3"
    assert len(said) == 2


def test_a_peer_that_fails_is_told_of_and_the_others_are_measured(tmp_path: Path) -> None:
    said: list[str] = []
    assert measured([Failing(), Failing()], Bounds(), tmp_path, said.append) == []
    assert said == ["Failing failed: it did not start"] * 2


def test_the_server_answers_what_its_peers_are_asked() -> None:
    with serving("--db", ":memory:") as server:
        rows = list(compare(Ours(port_of(server)), Kept(10, []), "peer", Bounds(batches=2, times=1)))
        server.stop()
    assert [row.operation for row in rows] == [
        "ingest until it can be read, 1 client",
        "trace of 10 spans",
        "newest 50 traces",
    ]
    assert all(row.server > 0 for row in rows)


def test_the_spans_for_phoenix_have_ids_of_their_own_and_the_same_trees() -> None:
    source = Source(1)
    ids = set[bytes]()
    for batch in (source.next(), source.next()):
        request = ExportTraceServiceRequest.FromString(body_of(batch))
        spans = [span for resource in request.resource_spans for span in resource.scope_spans[0].spans]
        known = {(span.trace_id, span.span_id) for span in spans}
        children = [span for span in spans if span.parent_span_id]
        assert len(children) == BATCH - BATCH // TRACE
        assert all((span.trace_id, span.parent_span_id) in known for span in children)
        ids |= {span.span_id for span in spans}
    assert len(ids) == 2 * BATCH


def test_a_table_of_peers_comes_after_the_servers_own() -> None:
    results = json.loads(table.newest().read_text(encoding="utf-8")) | {"peers": []}
    alone = table.printed(results), table.markdown(results)
    results["peers"] = [ROW.document()]
    printed, markdown = table.printed(results), table.markdown(results)
    assert printed.startswith(alone[0])
    assert markdown.startswith(alone[1])
    heading, line = printed.splitlines()[-2:]
    assert line.split("  ")[-1].strip() == "20.00"
    assert heading.index("peer") == line.index("Some Peer")
    assert markdown.endswith("| newest 50 traces | Some Peer 1.0 | 20,000 | 90.0 ms | 4.50 | 20.00 |")

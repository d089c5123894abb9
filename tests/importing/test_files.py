"""Files of spans come in as they are, and again without a change."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from spanwell.importing import ImportFailed, import_files
from spanwell.importing.batches import AT_ONCE
from spanwell.importing.files import count_spans
from spanwell.observability.derivation.batches import Created
from spanwell.observability.model.columns import Kind
from spanwell.observability.model.span import GIVEN_COLUMNS, Span, SpanKind, StatusCode
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.observability.service import Observability
from spanwell.storage.reference.storage import MemoryStorage
from tests.making import START, at

from .stores import Store

GOOD = {"traceId": "t", "spanId": "a", "name": "n", "startedAt": "2026-01-01T00:00:00Z"}


def lines(path: Path, *spans: object) -> Path:
    path.write_text("\n".join(json.dumps(span) for span in spans) + "\n\n", encoding="utf-8")
    return path


def parquet(path: Path, select: str) -> Path:
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return path


ROW = (
    "SELECT 't' AS trace_id, 'a' AS span_id, 'n' AS name, TIMESTAMP '2026-01-01' AS started_at, NULL AS ended_at,"
    " NULL AS kind, NULL AS tags, NULL AS is_event, NULL AS input, NULL AS attributes, NULL AS pod"
)


def one_row(path: Path, columns: str) -> Path:
    """Write the Parquet file of one good span, with some columns in place of its own."""
    return parquet(path, f"SELECT * REPLACE ({columns}) FROM ({ROW})")


def test_an_hour_of_a_shop_has_its_traces_and_spans(store: Store, shared_data: Path) -> None:
    done = store.add(shared_data / "nezha" / "online_boutique_2022-08-22_0543.parquet")
    assert (store.counts(), done.created) == ((517, 23_397), 23_397)


def test_duplicate_rows_of_a_file_are_counted_once(store: Store, shared_data: Path) -> None:
    done = store.add(shared_data / "nezha" / "train_ticket_2023-01-29.parquet")
    assert (store.counts()[0], done.spans, done.unchanged) == (366, 31_932, 3_129)
    assert len(done.trace_ids) == 366
    assert store.counts()[1] == done.created == 31_932 - 3_129


def test_a_file_may_be_imported_again(store: Store, tmp_path: Path) -> None:
    file = lines(
        tmp_path / "a.jsonl", {"traceId": "t", "spanId": "a", "name": "n", "startedAt": "2026-01-01T00:00:00Z"}
    )
    assert store.add(file).created == 1
    again = store.add(file, file)
    assert (again.spans, again.created, again.updated, again.unchanged) == (2, 0, 0, 2)


def test_spans_that_write_an_id_in_other_forms_are_counted_as_one_trace(store: Store, tmp_path: Path) -> None:
    forms = ["A3CE929D0E0E4736", "0" * 16 + "a3ce929d0e0e4736", "00000000-0000-0000-a3ce-929d0e0e4736"]
    moment = "2026-01-01T00:00:00Z"
    spans = [{"traceId": each, "spanId": str(i), "name": "n", "startedAt": moment} for i, each in enumerate(forms)]
    assert len(store.add(lines(tmp_path / "a.jsonl", *spans)).trace_ids) == store.counts()[0] == 1


VALUES = {
    Kind.TEXT: "text",
    Kind.TIME: "2026-01-01T00:00:03Z",
    Kind.FLAG: True,
    Kind.TEXTS: ["x"],
    Kind.JSON: {"k": [1]},
}


@pytest.mark.parametrize("snake", [True, False])
def test_every_field_of_json_lines_comes_in_by_either_spelling(store: Store, tmp_path: Path, *, snake: bool) -> None:
    named = {"kind": "CLIENT", "status_code": "OK"}
    given = {(c.name if snake else c.label): named.get(c.name, VALUES.get(c.kind)) for c in GIVEN_COLUMNS}
    ids = {"trace_id": "t", "span_id": "a"} if snake else {"traceId": "t", "spanId": "a"}
    store.add(lines(tmp_path / "a.jsonl", {**ids, **given, "status": "ERROR", "durationMs": 5}))
    found = store.span("t", "a")
    for column in GIVEN_COLUMNS:
        expected = {Kind.TIME: at(3), Kind.JSON: '{"k": [1]}'}.get(column.kind, VALUES.get(column.kind))
        value = getattr(found, column.name)
        assert value == (named.get(column.name) or expected), column.name
    assert (found.kind, found.status_code) == (SpanKind.CLIENT, StatusCode.OK)


def test_times_of_opentelemetry_and_unknown_keys_come_in(store: Store, tmp_path: Path) -> None:
    span: dict[str, object] = {
        "traceId": "t",
        "spanId": "a",
        "parentSpanId": "",
        "name": "n",
        "startTimeUnixNano": str(START + 1),
    }
    span |= {"end_time_unix_nano": START + 5, "pod": "p-1", "n": 10**30, "none": None, "attributes": {"own": 1}}
    store.add(lines(tmp_path / "a.jsonl", span))
    found = store.span("t", "a")
    assert (found.started_at, found.ended_at, found.parent_span_id) == (START + 1, START + 5, None)
    assert found.attributes == '{"own":1,"pod":"p-1","n":' + str(10**30) + "}"


def test_a_key_that_is_null_is_as_good_as_absent(store: Store, tmp_path: Path) -> None:
    nothing = {column.label: None for column in GIVEN_COLUMNS if not column.required}
    store.add(lines(tmp_path / "a.jsonl", {**nothing, **GOOD, "other": None}))
    assert store.span("t", "a").attributes is None
    assert store.span("t", "a").type == "generic"


def test_columns_of_parquet_come_in_whatever_their_type(store: Store, tmp_path: Path) -> None:
    file = parquet(
        tmp_path / "a.parquet",
        "SELECT 't' AS traceId, 'a' AS span_id, '' AS parent_span_id, 'n' AS name, NULL AS type, 'SERVER' AS kind,"
        " TIMESTAMP '2026-01-01 00:00:00.25' AS started_at, NULL::BIGINT AS end_time_unix_nano, ['x', 'y'] AS tags,"
        ' {\'q\': 1} AS input, \'{"b":1,"a":2}\' AS metadata, TRUE AS isEvent, \'p\' AS "pod""name", 7 AS replicas,'
        " NULL AS nothing, 12 AS duration_us, 'u' AS userId",
    )
    assert count_spans([file]) == 1
    store.add(file)
    found = store.span("t", "a")
    assert (found.started_at, found.ended_at, found.parent_span_id) == (at(0.25), None, None)
    assert (found.type, found.kind, found.tags, found.user_id) == ("generic", SpanKind.SERVER, ["x", "y"], "u")
    assert (found.input, found.metadata, found.is_event) == ('{"q":1}', '{"b":1,"a":2}', True)
    assert found.attributes == '{"pod\\"name":"p","replicas":7}'


def test_large_files_come_in_batch_by_batch(store: Store, tmp_path: Path) -> None:
    file = parquet(
        tmp_path / "a.parquet",
        f"SELECT 't' || i // 100 AS trace_id, i::VARCHAR AS span_id, 'n' AS name, {START} + i AS start_time_unix_nano"
        f" FROM range({AT_ONCE * 2 + 5}) r(i)",
    )
    seen: list[int] = []
    done = store.runner.run(import_files([file], Observability(store.storage), seen.append))
    assert (done.created, seen) == (AT_ONCE * 2 + 5, [AT_ONCE, AT_ONCE * 2, AT_ONCE * 2 + 5])


@pytest.mark.parametrize("name", ["a[1].parquet", "a*.parquet", "day=1/a?.parquet"])
def test_a_path_is_one_file_and_says_nothing_about_its_spans(store: Store, tmp_path: Path, name: str) -> None:
    """DuckDB by itself would look for files that match, and make columns of folders."""
    one_row(tmp_path / "a1.parquet", "'decoy' AS span_id")
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    one_row(tmp_path / "made.parquet", "'a' AS span_id").rename(file)
    assert count_spans([file]) == store.add(file).spans == 1
    assert store.span("t", "a").attributes is None


@pytest.mark.parametrize("bad_line", [{"traceId": "t", "name": "n"}, {"traceId": "", "spanId": "b", "name": "n"}])
def test_what_was_stored_before_a_bad_element_stays_and_is_counted(
    store: Store, tmp_path: Path, bad_line: dict[str, object]
) -> None:
    """Whether the file's reader refuses the element, or the service does."""
    good = [{**GOOD, "spanId": str(n)} for n in range(AT_ONCE + 2)]
    bad = {"startedAt": GOOD["startedAt"], **bad_line}
    file = tmp_path / "a.jsonl"
    file.write_text("\n\n".join(json.dumps(line) for line in [*good, bad]), encoding="utf-8")
    with pytest.raises(ImportFailed) as failed:
        store.add(file)
    assert str(failed.value).startswith(f"{file} line {(AT_ONCE + 2) * 2 + 1}: ")
    assert str(failed.value).endswith(f" {AT_ONCE:,} spans were stored before it.")
    assert store.counts() == (1, AT_ONCE)


class SlowStorage(MemoryStorage):
    """Takes its time to store a batch, and tells when it has begun."""

    def __init__(self) -> None:
        super().__init__()
        self.writing = asyncio.Event()

    async def batch_create_spans(self, spans: Sequence[Span]) -> Created:
        self.writing.set()
        await asyncio.sleep(0.05)
        return await super().batch_create_spans(spans)


def test_an_interrupted_import_finishes_the_batch_under_way(tmp_path: Path) -> None:
    file = lines(tmp_path / "a.jsonl", GOOD)
    seen: list[int] = []

    async def interrupt() -> int:
        storage = SlowStorage()
        importing = asyncio.create_task(import_files([file], Observability(storage), seen.append))
        await storage.writing.wait()
        importing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await importing
        return await storage.count_spans(ALWAYS)

    assert (asyncio.run(interrupt()), seen) == (1, [1])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({**GOOD, "spanId": ""}, "line 2: `spanId` must not be empty. 0 spans were stored before it."),
        ({**GOOD, "startedAt": "2026-01"}, "line 2: `startedAt` is not an RFC 3339 date and time"),
        ({**GOOD, "startedAt": True}, "line 2: `startedAt` has a value of the wrong type."),
        ({**GOOD, "name": 5}, "line 2: `name` has a value of the wrong type."),
        ({**GOOD, "kind": "NONE"}, "line 2: `kind` has a value of the wrong type."),
        ({**GOOD, "endedAt": 10**30}, "line 2: `endedAt` is outside the years 1677 to 2262."),
        ({**GOOD, "attributes": [1], "pod": "p"}, "line 2: `attributes` is not an object"),
        ({**GOOD, "tags": [1]}, "line 2: `tags` has a value of the wrong type."),
        ({"traceId": "t"}, "line 2: `spanId` is missing."),
        ([1], "line 2: not a JSON object."),
    ],
)
def test_a_bad_line_is_named_and_nothing_of_its_batch_is_stored(
    store: Store, tmp_path: Path, line: object, said: str
) -> None:
    file = lines(tmp_path / "a.jsonl", {**GOOD, "spanId": "ok"}, line)
    with pytest.raises(ImportFailed) as failed:
        store.add(file)
    assert str(failed.value).startswith(f"{file} {said}")
    assert store.counts() == (0, 0)


@pytest.mark.parametrize(
    ("member", "said"),
    [
        (b'"input": "\xff"', "`input` is not JSON."),
        (b'"input": 1e999', "`input` is not JSON."),
        (b'"pod": "\xff"', "`pod` is not JSON."),
        (b'"userId": "\xff"', "`userId` has a value of the wrong type."),
        (b'"input": NaN', "not a JSON object."),
        (b'"input": ' + b"[" * 5000 + b"]" * 5000, "not a JSON object."),
    ],
)
def test_what_only_looks_like_json_is_refused(store: Store, tmp_path: Path, member: bytes, said: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(json.dumps(GOOD).encode()[:-1] + b", " + member + b"}")
    with pytest.raises(ImportFailed) as failed:
        store.add(file)
    assert str(failed.value).startswith(f"{file} line 1: {said}")


def test_a_file_that_holds_no_spans_is_refused(store: Store, tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("notes")
    with pytest.raises(ImportFailed, match="is not in a supported format: Parquet, JSON Lines, OTLP"):
        store.add(other)
    with pytest.raises(ImportFailed, match="has no column spanId or startedAt"):
        store.add(parquet(tmp_path / "b.parquet", "SELECT 't' AS trace_id, 'n' AS name, NULL AS started_at"))
    damaged = tmp_path / "c.parquet"
    damaged.write_bytes(b"PAR1 and then nothing of the kind")
    assert count_spans([damaged]) is None
    with pytest.raises(ImportFailed, match="damaged"):
        store.add(damaged)
    with pytest.raises(ImportFailed, match="No such file"):
        store.add(tmp_path / "missing")

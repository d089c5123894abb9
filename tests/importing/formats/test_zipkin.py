"""Zipkin's JSON comes in, every report a span of its own."""

import json
from pathlib import Path
from typing import Any

import pytest

from spanwell.importing import ImportFailed
from spanwell.importing.formats.zipkin_sides import Report, Sides
from spanwell.observability.model.span import SpanKind, SpanStatus
from tests.importing.stores import Store

MICROS = 1_700_000_000_000_000
TRACE = "00000000000000aa"
SHOP, BANK = {"serviceName": "shop", "ipv4": "10.0.0.1"}, {"serviceName": "bank", "ipv4": "10.0.0.2", "port": 80}


def report(span_id: str = "a1", **fields: Any) -> dict[str, Any]:
    given = {
        "traceId": TRACE,
        "id": span_id,
        "name": "get",
        "timestamp": MICROS,
        "duration": 1500,
        "localEndpoint": SHOP,
        **fields,
    }
    return {name: value for name, value in given.items() if value is not None}


def written(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document))
    return path


def shape(store: Store, *span_ids: str) -> dict[str, str | None]:
    return {span_id: store.span(TRACE, span_id).parent_span_id for span_id in span_ids}


def test_a_report_keeps_its_names_times_and_tags(store: Store, tmp_path: Path) -> None:
    tags = {"http.path": "/cart", "net.peer.ip": "stated", "user.id": "ann"}
    annotations = [{"timestamp": MICROS + 3, "value": "cache miss"}]
    store.add(
        written(
            tmp_path / "a.json",
            [report(kind="CLIENT", remoteEndpoint=BANK, tags=tags, annotations=annotations, debug=True)],
        )
    )
    span = store.span(TRACE, "a1")
    assert (span.name, span.kind, span.service_name, span.user_id) == ("get", SpanKind.CLIENT, "shop", "ann")
    assert (span.started_at, span.ended_at) == (MICROS * 1000, (MICROS + 1500) * 1000)
    assert (span.status, span.status_code, span.parent_span_id) == (SpanStatus.SUCCESS, None, None)
    assert json.loads(span.resource or "") == {"service.name": "shop"}
    assert json.loads(span.attributes or "") == {
        "net.host.ip": "10.0.0.1",
        "peer.service": "bank",
        "net.peer.port": 80,
        "zipkin.debug": True,
        **tags,
    }
    assert json.loads(span.events or "") == [
        {"name": "cache miss", "timeUnixNano": str((MICROS + 3) * 1000), "attributes": {}}
    ]


def test_both_sides_of_a_call_are_spans_and_what_follows_is_below_its_own_side(store: Store, tmp_path: Path) -> None:
    """The server's clock runs behind, and that stays."""
    reports = [
        report("c1", parentId="b1", localEndpoint=BANK, name="query"),
        report("b1", parentId="a1", localEndpoint=BANK, kind="SERVER", shared=True, timestamp=MICROS - 9),
        report("b1", parentId="a1", kind="CLIENT"),
        report("d1", parentId="b1", name="on the caller's side"),
        report("e1", parentId="b1", localEndpoint={"serviceName": "bank"}, name="of the same service"),
        report("f1", parentId="b1", localEndpoint=None, name="from nowhere"),
        report("a1"),
    ]
    file = written(tmp_path / "a.json", reports)
    assert store.add(file).created == 7
    assert shape(store, "a1", "b1", "b1-2", "c1", "d1", "e1", "f1") == {
        "a1": None,
        "b1": "a1",
        "b1-2": "b1",
        "c1": "b1-2",
        "d1": "b1",
        "e1": "b1-2",
        "f1": "b1",
    }
    server = store.span(TRACE, "b1-2")
    assert (server.kind, server.started_at) == (SpanKind.SERVER, (MICROS - 9) * 1000)
    assert json.loads(server.attributes or "")["zipkin.id"] == "b1"
    assert store.add(written(tmp_path / "b.json", reports[::-1])).unchanged == 7


def test_a_report_without_a_time_begins_with_its_side_and_is_below_it(store: Store, tmp_path: Path) -> None:
    late = {"traceId": TRACE, "id": "b1", "parentId": "a1", "localEndpoint": BANK}
    reports = [
        late,
        report("b1", parentId="a1", localEndpoint=BANK, kind="SERVER", shared=True, timestamp=MICROS + 5),
        report("b1", parentId="a1", kind="CLIENT"),
        report("a1", duration=None),
        {"traceId": TRACE, "id": "a1", "localEndpoint": {"ipv6": "::1"}},
    ]
    store.add(written(tmp_path / "a.json", reports))
    assert shape(store, "b1", "b1-2", "b1-3", "a1-2") == {"b1": "a1", "b1-2": "b1", "b1-3": "b1-2", "a1-2": "a1"}
    added = store.span(TRACE, "b1-3")
    assert (added.name, added.started_at, added.status) == ("", (MICROS + 5) * 1000, SpanStatus.RUNNING)
    assert (store.span(TRACE, "a1").ended_at, store.span(TRACE, "a1-2").started_at) == (None, MICROS * 1000)


def test_servers_without_their_caller_stand_where_the_caller_would(store: Store, tmp_path: Path) -> None:
    servers = [report("b1", parentId="a1", shared=True, timestamp=MICROS + n, kind="SERVER") for n in range(2)]
    store.add(written(tmp_path / "a.json", servers))
    assert shape(store, "b1", "b1-2") == {"b1": "a1", "b1-2": "a1"}


def test_a_report_given_twice_is_one_span(store: Store, tmp_path: Path) -> None:
    done = store.add(written(tmp_path / "a.json", [[report()], [report(), report("b1", parentId="a1")]]))
    assert (done.created, done.unchanged) == (2, 1)


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        ("", SpanStatus.ERROR, None),
        ("true", SpanStatus.ERROR, None),
        ("timeout", SpanStatus.ERROR, "timeout"),
        ("false", SpanStatus.SUCCESS, None),
    ],
)
def test_the_tag_error_says_that_it_failed(
    store: Store, tmp_path: Path, error: str, status: SpanStatus, message: str | None
) -> None:
    store.add(written(tmp_path / "a.json", [report(tags={"error": error})]))
    assert (store.span(TRACE, "a1").status, store.span(TRACE, "a1").status_message) == (status, message)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([report(), {"traceId": TRACE}], "`[1].id` is missing."),
        ([[report()], [report(timestamp="soon")]], "`[1][0].timestamp` has a value of the wrong type."),
        ([report(timestamp=None)], "`[0].timestamp` is missing, and no other report of the span has it."),
        ([report(kind="ODD")], "`[0].kind` has a value of the wrong type."),
        ([report(""), 5], "`[1]` has a value of the wrong type."),
        ([report("")], "element [0]: `spanId` must not be empty."),
    ],
)
def test_what_is_wrong_is_told_with_its_place(store: Store, tmp_path: Path, document: object, said: str) -> None:
    file = written(tmp_path / "a.json", document)
    with pytest.raises(ImportFailed) as failed:
        store.add(file)
    assert str(failed.value).startswith((f"{file}: {said}", f"{file} {said}"))


def test_reports_that_do_not_say_where_they_ran_are_told_apart_by_their_times() -> None:
    caller, called = Report("t", "a", timestamp=2), Report("t", "a", timestamp=1, shared=True)
    sides = Sides([called, caller, caller])
    assert (sides.span_id(caller), sides.span_id(called)) == ("a", "a-2")
    assert (sides.parent(caller), sides.parent(called)) == (None, "a")
    assert sides.start(Report("t", "a")) == 2

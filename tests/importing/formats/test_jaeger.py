"""Jaeger's JSON comes in as its spans."""

import json
from pathlib import Path
from typing import Any

import pytest

from spanwell.importing import ImportFailed
from spanwell.observability.model.span import SpanKind, SpanStatus, StatusCode
from tests.importing.stores import Store

MICROS = 1_700_000_000_000_000


def tag(key: str, value: object, kind: str = "string") -> dict[str, object]:
    return {"key": key, "type": kind, "value": value}


def jaeger_span(span_id: str = "a1", **fields: Any) -> dict[str, Any]:
    return {
        "traceID": "t1",
        "spanID": span_id,
        "operationName": "GET /cart",
        "startTime": MICROS,
        "duration": 1500,
        "processID": "p1",
        **fields,
    }


def trace(*spans: dict[str, Any]) -> dict[str, Any]:
    processes = {"p1": {"serviceName": "cart", "tags": [tag("hostname", "h1")]}}
    return {"traceID": "t1", "spans": list(spans), "processes": processes}


def child_of(span_id: str, trace_id: str = "t1", kind: str = "CHILD_OF") -> dict[str, str]:
    return {"refType": kind, "traceID": trace_id, "spanID": span_id}


def written(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document, indent=2))
    return path


def test_ids_that_lost_their_zeros_are_those_of_other_formats(store: Store, tmp_path: Path) -> None:
    given = {"traceID": "ce929d0e0e473", "references": [child_of("CE929D0E0E47311", "000CE929D0E0E473")]}
    store.add(written(tmp_path / "a.json", trace(jaeger_span("b2", **given, parentSpanID="e929d0e0e47312"))))
    assert store.span("0" * 19 + "ce929d0e0e473", "b2").parent_span_id == "0ce929d0e0e47311"
    alone = jaeger_span("c3", traceID="t2", parentSpanID="e929d0e0e47312")
    store.add(written(tmp_path / "b.json", trace(alone)))
    assert store.span("t2", "c3").parent_span_id == "00e929d0e0e47312"


@pytest.mark.parametrize(("factor", "unit"), [(1_000, "milliseconds"), (1_000_000, "seconds")])
def test_times_that_are_plainly_no_microseconds_are_read_as_what_they_are(
    store: Store, tmp_path: Path, factor: int, unit: str
) -> None:
    done = store.add(written(tmp_path / "a.json", trace(jaeger_span(startTime=MICROS // factor))))
    assert done.units == {unit: 1}
    assert store.span("t1", "a1").started_at == MICROS * 1000


def test_a_span_keeps_its_names_times_and_tags(store: Store, tmp_path: Path) -> None:
    tags = [
        *(tag("span.kind", "client"), tag("http.status_code", "200", "int64"), tag("rate", "0.5", "float64")),
        *(
            tag("n", 7, "int64"),
            tag("ok", value=True, kind="bool"),
            tag("raw", "AP8=", "binary"),
            tag("odd", "x", "int64"),
        ),
        *(tag("otel.scope.name", "net/http"), tag("otel.library.version", "1.2"), tag("w3c.tracestate", "a=b")),
        *(tag("otel.status_code", "OK"), tag("user.id", "ann")),
    ]
    store.add(written(tmp_path / "a.json", {"data": [trace(jaeger_span(tags=tags, flags=1, warnings=["late"]))]}))
    span = store.span("t1", "a1")
    assert (span.name, span.kind, span.service_name, span.user_id) == ("GET /cart", SpanKind.CLIENT, "cart", "ann")
    assert (span.started_at, span.ended_at) == (MICROS * 1000, (MICROS + 1500) * 1000)
    assert (span.scope_name, span.scope_version, span.trace_state) == ("net/http", "1.2", "a=b")
    assert (span.status, span.status_code) == (SpanStatus.SUCCESS, StatusCode.OK)
    assert json.loads(span.resource or "") == {"service.name": "cart", "hostname": "h1"}
    assert json.loads(span.metadata or "") == {"jaeger": {"flags": 1, "warnings": ["late"]}}
    kept = json.loads(span.attributes or "")
    assert (kept["http.status_code"], kept["rate"], kept["n"], kept["ok"]) == (200, 0.5, 7, True)
    assert (kept["raw"], kept["odd"], kept["span.kind"]) == ({"bytesValue": "AP8="}, "x", "client")


@pytest.mark.parametrize("wrap", [lambda t: t, lambda t: [t], lambda t: {"data": t}, lambda t: {"data": [t]}])
def test_traces_come_alone_or_listed_or_as_data(store: Store, tmp_path: Path, wrap: Any) -> None:
    assert store.add(written(tmp_path / "a.json", wrap(trace(jaeger_span(), jaeger_span("a2"))))).created == 2


def test_the_first_reference_within_the_trace_is_the_parent_and_others_are_links(store: Store, tmp_path: Path) -> None:
    references = [child_of("x", "t2"), child_of("f", kind="FOLLOWS_FROM"), child_of("a1")]
    spans = [
        jaeger_span(),
        jaeger_span("a2", references=references),
        jaeger_span("a3", references=[child_of("a1", kind="FOLLOWS_FROM")]),
        jaeger_span("a4", parentSpanID="a3"),
    ]
    store.add(written(tmp_path / "a.json", trace(*spans)))
    parents = [store.span("t1", span_id).parent_span_id for span_id in ("a1", "a2", "a3", "a4")]
    assert parents == [None, "a1", "a1", "a3"]
    links = json.loads(store.span("t1", "a2").links or "")
    assert [(link["traceId"], link["spanId"]) for link in links] == [("t2", "x"), ("t1", "f")]
    assert links[1]["attributes"] == {"opentracing.ref_type": "follows_from"}


def test_logs_are_events_and_the_exception_of_a_failed_span_its_error(store: Store, tmp_path: Path) -> None:
    fields = [tag("event", "exception"), tag("exception.type", "KeyError"), tag("exception.message", "no a")]
    logs = [{"timestamp": MICROS + 1, "fields": fields}, {"timestamp": MICROS + 2, "fields": [tag("message", "hm")]}]
    failed, fine = (
        [tag("error", value=True, kind="bool"), tag("otel.status_description", "failed")],
        [tag("error", value=False, kind="bool")],
    )
    spans = (jaeger_span(logs=logs, tags=failed), jaeger_span("a2", logs=logs, tags=fine))
    store.add(written(tmp_path / "a.json", trace(*spans)))
    span = store.span("t1", "a1")
    assert (span.status, span.status_message) == (SpanStatus.ERROR, "failed")
    assert json.loads(span.error_info or "") == {"name": "KeyError", "message": "no a"}
    assert json.loads(span.events or "")[1] == {
        "name": "log",
        "timeUnixNano": str((MICROS + 2) * 1000),
        "attributes": {"message": "hm"},
    }
    assert (store.span("t1", "a2").status, store.span("t1", "a2").error_info) == (SpanStatus.SUCCESS, None)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (trace(jaeger_span(), jaeger_span(startTime="soon")), "`spans[1].startTime` has a value of the wrong type."),
        ({"data": [trace({"traceID": "t"})]}, "`data[0].spans[0].spanID` is missing."),
        ({"data": [trace(), {"traceID": "t"}]}, "`data[1].spans` is missing."),
        ([trace(jaeger_span(tags=[{"value": 1}]))], "`[0].spans[0].tags[0].key` is missing."),
        (trace(jaeger_span(tags=[tag("span.kind", "odd")])), "`spans[0].tags` is not a span kind."),
        (trace(jaeger_span("")), "element spans[0]: `spanId` must not be empty."),
        ({"data": "traceID", "traceID": 1}, "`data` has a value of the wrong type."),
    ],
)
def test_what_is_wrong_is_told_with_its_place(store: Store, tmp_path: Path, document: object, said: str) -> None:
    file = written(tmp_path / "a.json", document)
    with pytest.raises(ImportFailed) as failed:
        store.add(file)
    assert str(failed.value).startswith((f"{file}: {said}", f"{file} {said}"))
    assert store.counts() == (0, 0)


def test_a_broken_document_is_no_json(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('{"data": [{"traceID": "t", "spans": [{}')
    with pytest.raises(ImportFailed, match="is not JSON"):
        store.add(file)

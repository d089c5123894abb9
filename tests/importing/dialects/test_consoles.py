"""What the console exporters of the SDKs of Python and JavaScript print comes in."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor

from spanwell.importing.dialects.javascript import as_json_text
from spanwell.observability.model.span import SpanKind
from tests.importing.exports import CHILD, ROOT, TRACE
from tests.importing.stores import Store
from tests.making import START

from .test_dialects import stored, written


def console(**options: Any) -> str:
    """Return what the console exporter of the Python SDK prints of a trace with a failure."""
    out = io.StringIO()
    provider = TracerProvider(resource=Resource({"service.name": "quay"}))
    provider.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter(out=out, **options)))
    tracer = provider.get_tracer("demo", "1.2")
    with tracer.start_as_current_span("root", attributes={"gen_ai.usage.input_tokens": 3, "l": ["a"]}):
        linked = [trace.Link(trace.get_current_span().get_span_context())]
        span = tracer.start_span("child", kind=trace.SpanKind.CLIENT, links=linked)
        span.record_exception(ValueError("bad"))
        span.set_status(trace.Status(trace.StatusCode.ERROR, "bad"))
        span.end()
    return out.getvalue()


@pytest.mark.parametrize("options", [{}, {"formatter": lambda span: span.to_json(indent=None) + "\n"}])
def test_what_pythons_console_exporter_prints_comes_in(store: Store, tmp_path: Path, options: dict[str, Any]) -> None:
    store.add(written(tmp_path / "console.txt", console(**options)))
    assert store.counts() == (1, 2)
    from spanwell.observability.questions.queries import SpanQuery, Window  # noqa: PLC0415 - two tests need it

    child, root = sorted(store.runner.run(store.storage.list_spans(SpanQuery(Window(9)))).nodes, key=lambda s: s.name)
    assert (child.parent_span_id, child.kind, child.status_message) == (root.span_id, SpanKind.CLIENT, "bad")
    assert json.loads(child.error_info or "")["name"] == "ValueError"
    assert json.loads(child.links or "")[0]["spanId"] == root.span_id
    assert (root.service_name, json.loads(root.attributes or "")["l"]) == ("quay", ["a"])


SHOWN = (
    """{
  resource: { attributes: { 'service.name': 'quay' } },
  instrumentationScope: { name: 'demo', version: '1.2', schemaUrl: undefined },
  traceId: 'TRACE',
  parentSpanContext: {
    traceId: 'TRACE',
    spanId: 'ROOT',
    traceFlags: 1,
    traceState: undefined
  },
  traceState: undefined,
  name: 'child',
  id: 'CHILD',
  kind: 2,
  timestamp: 1767225600000000,
  duration: 479.36,
  attributes: { "it's": 'a "quote"\\n' + 'and more', list: [ 'a', 'b', ... 3 more items ], deep: [Object] },
  status: { code: 2, message: 'bad' },
  events: [
    { name: 'e', attributes: { a: 1, b: -2n }, time: [ 1767225600, 5 ], droppedAttributesCount: 0 }
  ],
  links: []
}
""".replace("TRACE", TRACE)
    .replace("ROOT", ROOT)
    .replace("CHILD", CHILD)
)


def test_what_javascripts_console_exporter_prints_comes_in(store: Store, tmp_path: Path) -> None:
    root = SHOWN.replace(f"'{CHILD}'", f"'{ROOT}'").replace("parentSpanContext: {", "other: {")
    store.add(written(tmp_path / "console.txt", SHOWN + root))
    child = stored(store, TRACE, CHILD)
    assert (child.parent_span_id, child.kind, child.status_message) == (ROOT, SpanKind.CLIENT, "bad")
    assert (child.started_at, child.ended_at, child.service_name) == (START, START + 479_360, "quay")
    attributes = json.loads(child.attributes or "")
    assert (attributes["it's"], attributes["list"][:2]) == ('a "quote"\nand more', ["a", "b"])
    assert json.loads(child.events or "")[0] == {
        "name": "e",
        "timeUnixNano": str(START + 5),
        "attributes": {"a": 1, "b": -2},
    }


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("{ a: 'x\\'y', b: \"q'\", c: `t` }", {"a": "x'y", "b": "q'", "c": "t"}),
        ("{ a: '\\u00e9\\x41\\u{1F600}\\\\n' }", {"a": "\u00e9A\U0001f600\\n"}),
        (
            "{ a: 'true: false, {', b: true, c: null, d: undefined }",
            {"a": "true: false, {", "b": True, "c": None, "d": None},
        ),
        (
            "{ a: Map(1) { }, b: [Function: f], c: 2026-01-01T00:00:00.000Z }",
            {"a": {}, "b": None, "c": "2026-01-01T00:00:00.000Z"},
        ),
    ],
)
def test_javascripts_objects_are_read_as_they_are_shown(shown: str, expected: object) -> None:
    assert json.loads(as_json_text(shown)) == expected


@pytest.mark.parametrize("value", [5, True, ["x"], {"a": 1}, ""])
def test_what_should_be_text_and_is_not_is_left_out(store: Store, tmp_path: Path, value: object) -> None:
    span = {
        "name": "call",
        "context": {"trace_id": "0af7651916cd43dd8448eb211c80319c", "span_id": "b7ad6b7169203331"},
        "parent_id": None,
        "start_time": "2026-01-01T00:00:00+00:00",
        "end_time": "2026-01-01T00:00:01+00:00",
        "status_message": value,
        "scope": {"name": value, "version": value},
        "attributes": {},
    }
    path = tmp_path / "spans.json"
    path.write_text(json.dumps([span]))
    store.add(path)
    stored = store.span("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
    assert (stored.status_message, stored.scope_name, stored.scope_version) == (None, None, None)

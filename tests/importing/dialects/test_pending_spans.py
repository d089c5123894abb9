"""Logfire sends a span when it begins, and again when it has ended: it is one."""

from pathlib import Path
from typing import Any

import pytest

from spanwell.observability.model.span import SpanStatus
from tests.importing.exports import CHILD, ROOT, TRACE
from tests.importing.stores import Store
from tests.making import START

from .test_dialects import stored, written


def pending(*, is_root: bool) -> dict[str, Any]:
    """Return what Logfire sends when a span begins, and again when it has ended."""
    attributes = [
        {"key": "logfire.span_type", "value": {"stringValue": "pending_span"}},
        {"key": "logfire.pending_parent_id", "value": {"stringValue": "0" * 16 if is_root else ROOT}},
    ]
    begun = {"spanId": "aa" * 8, "parentSpanId": CHILD, "endTimeUnixNano": str(START), "attributes": attributes}
    ended = {"spanId": CHILD, **({} if is_root else {"parentSpanId": ROOT}), "endTimeUnixNano": str(START + 10**9)}
    both = [{"traceId": TRACE, "name": "chat", "startTimeUnixNano": str(START), **each} for each in (begun, ended)]
    return {"resourceSpans": [{"scopeSpans": [{"spans": both}]}]}


@pytest.mark.parametrize("is_root", [True, False])
@pytest.mark.parametrize("seen", [slice(0, 1), slice(0, 2), slice(None, None, -1)])
def test_logfires_pending_spans_are_the_beginning_of_their_span(
    store: Store, tmp_path: Path, seen: slice, *, is_root: bool
) -> None:
    document = pending(is_root=is_root)
    document["resourceSpans"][0]["scopeSpans"][0]["spans"] = document["resourceSpans"][0]["scopeSpans"][0]["spans"][
        seen
    ]
    store.add(written(tmp_path / "logfire.json", document))
    assert store.counts() == (1, 1)
    span = stored(store, TRACE, CHILD)
    assert span.parent_span_id == (None if is_root else ROOT)
    assert span.status is (SpanStatus.RUNNING if seen == slice(0, 1) else SpanStatus.SUCCESS)

"""What failed, and why: exceptions in events and attributes, the status, and the end."""

import json
from typing import Any

import pytest

from spanwell.observability.model.span import SpanStatus, StatusCode

from .making import exception, the_span

EXCEPTION = {"exception.type": "KeyError", "exception.message": "'a'", "exception.stacktrace": "at ..."}


def test_the_exception_of_a_failed_span_is_its_error() -> None:
    events = [exception(**{"exception.type": "First"}), exception(**EXCEPTION)]
    span = the_span(events=events, status={"code": 2, "message": "failed"})
    assert json.loads(span.error_info or "") == {"name": "KeyError", "message": "'a'", "stack": "at ..."}
    assert (span.status, span.status_code, span.status_message) == (SpanStatus.ERROR, StatusCode.ERROR, "failed")


def test_an_exception_may_be_told_by_attributes() -> None:
    span = the_span(attributes={**EXCEPTION, "error.type": "KeyError"})
    assert json.loads(span.error_info or "") == {"name": "KeyError", "message": "'a'", "stack": "at ..."}
    assert the_span(attributes=EXCEPTION).error_info is None


@pytest.mark.parametrize("status", [{}, {"code": 1}])
def test_an_exception_that_was_handled_is_no_error(status: dict[str, Any]) -> None:
    span = the_span(events=[exception(**EXCEPTION)], status=status)
    assert (span.status, span.error_info) == (SpanStatus.SUCCESS, None)
    assert json.loads(span.events or "")[0]["name"] == "exception"


def test_a_failed_span_without_an_exception_has_a_message_only() -> None:
    span = the_span(status={"code": 2, "message": "failed"})
    assert (span.status, span.error_info, span.status_message) == (SpanStatus.ERROR, None, "failed")


def test_a_span_without_an_end_runs() -> None:
    assert the_span(end_time_unix_nano=0).status is SpanStatus.RUNNING

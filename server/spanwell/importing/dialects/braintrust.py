"""Braintrust's rows of logs and experiments, as its UI and its API give them."""

from typing import Any

from spanwell.importing.elements import described_span
from spanwell.observability.model.span import Span, StatusCode
from spanwell.observability.model.text import json_of
from spanwell.observability.model.times import SECOND

from .values import identifier, moment, object_in, required_id, required_moment

_METRICS = "braintrust.metrics"


def fits(given: dict[str, Any]) -> bool:
    """Return whether an object is a row of a span."""
    return {"span_id", "root_span_id"} <= given.keys() and ("span_attributes" in given or "metrics" in given)


def span_of(given: dict[str, Any], place: str) -> Span:
    """Return the span that a row means. Raises `InvalidInput`."""
    metrics, metadata = object_in(given.get("metrics")), object_in(given.get("metadata"))
    about = object_in(given.get("span_attributes"))
    parents, error = given.get("span_parents") or [], given.get("error")
    started = metrics.get("start")
    attributes = {
        "braintrust.span_attributes": about,
        _METRICS: metrics,
        "braintrust.metadata": metadata,
        "braintrust.scores": given.get("scores"),
        "braintrust.expected": given.get("expected"),
        "braintrust.tags": given.get("tags"),
    }
    return described_span(
        {key: value for key, value in attributes.items() if value},
        {},
        trace_id=required_id(given.get("root_span_id"), f"{place}.root_span_id"),
        span_id=required_id(given.get("span_id"), f"{place}.span_id"),
        parent_span_id=identifier(parents[0]) if parents else None,
        name=str(about.get("name") or ""),
        started_at=required_moment(started, f"{place}.metrics.start", unit=SECOND)
        if started is not None
        else required_moment(given.get("created"), f"{place}.created"),
        ended_at=moment(metrics.get("end"), f"{place}.metrics.end", unit=SECOND),
        input=None if given.get("input") is None else json_of(given["input"]),
        output=None if given.get("output") is None else json_of(given["output"]),
        status_code=StatusCode.ERROR if error else None,
        error_info=json_of(error if isinstance(error, dict) else {"message": error}) if error else None,
    )

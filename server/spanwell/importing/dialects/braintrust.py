"""Rows of Braintrust's logs and experiments, from its UI or API."""

from typing import Any

from spanwell.importing.elements import described_span
from spanwell.observability.model.span import Span, StatusCode
from spanwell.observability.model.text import json_of
from spanwell.observability.model.times import SECOND

from .values import identifier, moment, object_in, required_id, required_moment

_METRICS = "braintrust.metrics"


def fits(row: dict[str, Any]) -> bool:
    """Return whether an object is a row of a span."""
    return {"span_id", "root_span_id"} <= row.keys() and ("span_attributes" in row or "metrics" in row)


def span_of(row: dict[str, Any], place: str) -> Span:
    """Return the span of a row. Raises `InvalidInput`."""
    metrics, metadata = object_in(row.get("metrics")), object_in(row.get("metadata"))
    about = object_in(row.get("span_attributes"))
    parents, error = row.get("span_parents"), row.get("error")
    started = metrics.get("start")
    attributes = {
        "braintrust.span_attributes": about,
        _METRICS: metrics,
        "braintrust.metadata": metadata,
        "braintrust.scores": row.get("scores"),
        "braintrust.expected": row.get("expected"),
        "braintrust.tags": row.get("tags"),
    }
    return described_span(
        {key: value for key, value in attributes.items() if value},
        {},
        trace_id=required_id(row.get("root_span_id"), f"{place}.root_span_id"),
        span_id=required_id(row.get("span_id"), f"{place}.span_id"),
        parent_span_id=identifier(parents[0]) if isinstance(parents, list) and parents else None,
        name=str(about.get("name") or ""),
        started_at=required_moment(started, f"{place}.metrics.start", unit=SECOND)
        if started is not None
        else required_moment(row.get("created"), f"{place}.created"),
        ended_at=moment(metrics.get("end"), f"{place}.metrics.end", unit=SECOND),
        input=None if row.get("input") is None else json_of(row["input"]),
        output=None if row.get("output") is None else json_of(row["output"]),
        status_code=StatusCode.ERROR if error else None,
        error_info=json_of(error if isinstance(error, dict) else {"message": error}) if error else None,
    )

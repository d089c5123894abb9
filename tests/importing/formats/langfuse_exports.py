"""Exports as Langfuse writes them, for tests."""

import json
from pathlib import Path
from typing import Any

EMPTY = {"usageDetails": {}, "inputUsage": 0, "outputUsage": 0, "totalUsage": 0, "totalCost": 0}


def observation(span_id: str = "a1", **fields: Any) -> dict[str, Any]:
    """Return an observation of the trace `t1`."""
    return {
        "id": span_id,
        "traceId": "t1",
        "type": "SPAN",
        "name": "agent",
        "startTime": "2026-01-01T00:00:00.000Z",
        "endTime": "2026-01-01T00:00:01.000Z",
        "level": "DEFAULT",
        "parentObservationId": None,
        **EMPTY,
        **fields,
    }


def export(*observations: dict[str, Any], **trace: Any) -> dict[str, Any]:
    """Return an export of the trace `t1`."""
    return {"trace": {"id": "t1", "bookmarked": False, **trace}, "observations": list(observations)}


def written(path: Path, document: object) -> Path:
    """Write a document into a file and return its path."""
    path.write_text(json.dumps(document))
    return path

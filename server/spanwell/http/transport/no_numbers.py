"""Finds NaN and infinities in JSON: the format does not allow them, but some writers emit them."""

import json
import math
from typing import Any

_LARGEST = 1024 * 1024


def place_of_no_number(text: bytes) -> str | None:
    """Return the path of the first one in otherwise valid JSON: `variables.spans[0].attributes.x`."""
    if len(text) > _LARGEST or (b"NaN" not in text and b"Infinity" not in text):
        return None
    try:
        waiting: list[tuple[str, Any]] = [("", json.loads(text))]
    except (ValueError, RecursionError):
        return None
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, float) and not math.isfinite(value):
            return place.lstrip(".")
        if isinstance(value, dict):
            waiting += reversed([(f"{place}.{key}", inner) for key, inner in value.items()])
        elif isinstance(value, list):
            waiting += reversed([(f"{place}[{index}]", inner) for index, inner in enumerate(value)])
    return None

"""What agents' frameworks send of one span, by the names in their own current packages, and what it means."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Sent:
    """Attributes and events of a span, its name, and the fields that they fill, by their names in GraphQL."""

    attributes: Mapping[str, Any]
    expected: Mapping[str, Any]
    events: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list[tuple[str, Mapping[str, Any]]])
    name: str = "x"


TEXT = json.dumps
CALLS = [{"name": "get_tide", "arguments": {"pier": 4}}]
ASKED, ANSWERED = [{"role": "user", "content": "When is high tide?"}], [{"role": "assistant", "content": "At nine."}]
USAGE = {"inputTokens": 30, "outputTokens": 12, "totalTokens": 42}

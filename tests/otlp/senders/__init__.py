"""What agents' frameworks send of one span, by the names in their own current packages, and what it means."""

from collections.abc import Mapping

from .agents import AGENTS, VOICE
from .counts import COUNTS
from .gateways import GATEWAYS, MASTRA
from .sent import Sent
from .texts import TEXTS

SENT: Mapping[str, Sent] = {**VOICE, **AGENTS, **GATEWAYS, **MASTRA, **COUNTS, **TEXTS}

__all__ = ["SENT", "Sent"]

"""The agents of the demo, and what people talk about with them."""

from .analyst import ANALYST
from .handbook import HANDBOOK
from .research import RESEARCH
from .review import REVIEW
from .support import SUPPORT
from .travel import TRAVEL

TOPICS = (SUPPORT, SUPPORT, SUPPORT, TRAVEL, TRAVEL, ANALYST, ANALYST, REVIEW, REVIEW, RESEARCH, HANDBOOK, HANDBOOK)
"""Each as often as people use it."""

__all__ = ["TOPICS"]

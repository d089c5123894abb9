"""Sessions and threads: groups of traces whose root spans have the same session or thread id."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from spanwell.observability.model.columns import Column, ColumnDef, Nanos, Origin, columns

from .conditions import ALWAYS, AllOf, Condition
from .cursors import fingerprint
from .ordering import Order, OrderKey
from .queries import Columns, Window

_IDENTITY = Origin.IDENTITY
_DERIVED = Origin.DERIVED

PREVIEW = 500
"""Maximum length of the preview of the last input."""


class Together(StrEnum):
    """What groups traces; the value is the column of their root spans."""

    SESSION = "session_id"
    THREAD = "thread_id"


@dataclass(kw_only=True, eq=True)
class Conversation:
    """The totals of the traces of a session or thread."""

    conversation_id: Annotated[str, Column("Its id, as the root spans of its traces name it.", _IDENTITY)]
    trace_count: Annotated[int, Column("Number of traces.", _DERIVED)]
    error_count: Annotated[int, Column("Number of spans with status ERROR in its traces.", _DERIVED)]
    first_activity_at: Annotated[Nanos, Column("Start of its first trace.", _DERIVED)]
    last_activity_at: Annotated[
        Nanos, Column("End of the last of its traces to end; the start, for a trace that is still running.", _DERIVED)
    ]
    input_tokens: Annotated[int | None, Column("Input tokens of all its traces, each counted once.", _DERIVED)] = None
    output_tokens: Annotated[int | None, Column("Output tokens, each counted once.", _DERIVED)] = None
    total_tokens: Annotated[int | None, Column("Total tokens, each counted once.", _DERIVED)] = None
    cost_usd: Annotated[float | None, Column("Cost in US dollars; null if no trace has a known cost.", _DERIVED)] = None
    last_input: Annotated[
        str | None,
        Column(
            "Input of the newest trace's root span, truncated to 500 characters: text as it is, anything else as JSON.",
            _DERIVED,
        ),
    ] = None
    user_id: Annotated[str | None, Column("The end user of its newest trace.", _DERIVED)] = None
    together: Together | None = None
    """Whether it is a session or a thread; set when it is returned to a client."""
    last_trace_id: Annotated[str, Column("Id of the trace that started last.", _DERIVED)]


CONVERSATION_COLUMNS: tuple[ColumnDef, ...] = columns(Conversation)

CONVERSATION_IDENTITY: Order = (OrderKey("conversation_id"),)
NEWEST_ACTIVITY: Order = (OrderKey("last_activity_at", descending=True), *CONVERSATION_IDENTITY)

SUMS: tuple[ColumnDef, ...] = tuple(
    column
    for column in CONVERSATION_COLUMNS
    if column.name not in {"conversation_id", "last_input", "user_id", "last_trace_id"}
)
"""The totals of a conversation."""


@dataclass(frozen=True)
class ConversationQuery:
    """A list of sessions or threads: conditions on the traces and on the totals, an order, and a window."""

    together: Together
    window: Window
    where: Condition = ALWAYS
    having: Condition = ALWAYS
    order: Order = NEWEST_ACTIVITY
    columns: Columns = frozenset(column.name for column in CONVERSATION_COLUMNS)

    def fingerprint(self) -> bytes:
        """Return what the list's cursors are bound to."""
        return fingerprint(self.together.value, AllOf((self.where, self.having)), self.order)

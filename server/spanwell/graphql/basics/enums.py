"""The enums of the schema."""

from enum import Enum

import strawberry

from spanwell.graphql.library import describe_enum
from spanwell.observability.access import Scope
from spanwell.observability.analysis.trace_diff import PathChange
from spanwell.observability.model.span import SpanKind, SpanStatus, StatusCode
from spanwell.observability.questions.conditions import Level
from spanwell.observability.questions.removals import RemovalReason
from spanwell.observability.storage import TracingStrategy

__all__ = [
    "Level",
    "NullsPlacement",
    "OnInvalid",
    "Scope",
    "SortDirection",
    "SpanKind",
    "SpanOrderField",
    "SpanStatus",
    "StatusCode",
    "TraceOrderField",
    "TracingStrategy",
]

describe_enum(
    SpanStatus,
    "SpanStatus",
    "Status of a span or a trace.",
    {
        "RUNNING": "It has not ended yet.",
        "SUCCESS": "It ended without an error.",
        "ERROR": "It failed; it may still be running.",
    },
)
describe_enum(
    SpanKind,
    "SpanKind",
    "The role of a span in a call between services (OpenTelemetry's SpanKind).",
    {
        "INTERNAL": "Work inside one service.",
        "SERVER": "A request handled by a service.",
        "CLIENT": "A request sent by a service.",
        "PRODUCER": "A message sent by a service.",
        "CONSUMER": "A message received by a service.",
    },
)
describe_enum(
    StatusCode,
    "StatusCode",
    "Status code set by the instrumentation (OpenTelemetry's StatusCode).",
    {
        "UNSET": "The instrumentation did not set a status.",
        "OK": "The operation was explicitly marked as successful.",
        "ERROR": "The operation failed.",
    },
)
describe_enum(
    TracingStrategy,
    "TracingStrategyKind",
    "How a tracing client sends its spans.",
    {
        "REALTIME": "Each span when it starts, and again when it ends.",
        "BATCH_WITH_UPDATES": "In batches; spans that are still running are updated in a later batch.",
    },
)
describe_enum(
    Level,
    "AttributeLevel",
    "Where an attribute is looked up.",
    {
        "SPAN": "In the span's own attributes.",
        "RESOURCE": "In the resource attributes.",
        "SCOPE": "In the attributes of the instrumentation scope.",
        "EVENT": "In the span's events; one matching event is enough.",
        "LINK": "In the span's links; one matching link is enough.",
        "METADATA": "In `metadata`.",
        "INPUT": "In `input`.",
        "OUTPUT": "In `output`.",
    },
)

describe_enum(
    RemovalReason,
    "RemovalReason",
    "Why a record is no longer in a list.",
    {
        "DELETED": "It was deleted; spans are deleted with their whole trace.",
        "CLEARED": "Everything was deleted.",
        "UNMATCHED": "It changed and no longer matches the filter.",
    },
)

describe_enum(
    Scope,
    "AccessScope",
    "One kind of operation that a caller may be allowed.",
    {
        "READ": "Queries and subscriptions.",
        "INGEST": "Creating spans, scores and feedback.",
        "WRITE": "Updating spans, scores and feedback.",
        "DELETE": "Deleting traces, scores and feedback.",
        "ADMIN": "Deleting everything, backups, and all of the above.",
    },
)

describe_enum(
    PathChange,
    "PathChange",
    "How a path differs between two traces.",
    {
        "ADDED": "Only the other trace has it.",
        "REMOVED": "Only the base trace has it.",
        "CHANGED": "Both traces have it, with different numbers of spans or of errors.",
        "SAME": "Both traces have it with equal counts; durations may differ.",
    },
)


@strawberry.enum
class SortDirection(Enum):
    """Sort direction of a list."""

    ASC = strawberry.enum_value("ASC", description="Smallest first.")
    DESC = strawberry.enum_value("DESC", description="Largest first.")


@strawberry.enum
class OnInvalid(Enum):
    """What to do about invalid elements."""

    REJECT_BATCH = strawberry.enum_value("REJECT_BATCH", description="Reject the whole batch; nothing is stored.")
    SKIP = strawberry.enum_value(
        "SKIP",
        description="Skip invalid elements and list them in `skipped`. An element with an unreadable field is skipped "
        "if the batch is passed as a variable; if it is written in the document, the whole batch is rejected.",
    )


@strawberry.enum
class NullsPlacement(Enum):
    """Where a sorted list puts items without a value."""

    FIRST = strawberry.enum_value("FIRST", description="Before all others.")
    LAST = strawberry.enum_value("LAST", description="After all others.")


@strawberry.enum
class TraceOrderField(Enum):
    """Fields that traces can be sorted by."""

    STARTED_AT = strawberry.enum_value("started_at", description="Start of the trace.")
    ENDED_AT = strawberry.enum_value("ended_at", description="End of the trace; running traces have no value.")
    DURATION = strawberry.enum_value("duration_ms", description="Duration of the trace.")
    SPAN_COUNT = strawberry.enum_value("span_count", description="Number of spans in the trace.")
    ERROR_COUNT = strawberry.enum_value("error_count", description="Number of failed spans in the trace.")
    TOTAL_TOKENS = strawberry.enum_value("total_tokens", description="Total tokens of the trace.")
    COST = strawberry.enum_value("cost_usd", description="Cost of the trace.")
    NAME = strawberry.enum_value("name", description="Name of the root span, by Unicode code point.")
    SERVICE_NAME = strawberry.enum_value("service_name", description="Service of the root span, by Unicode code point.")
    ATTRIBUTE = strawberry.enum_value("attribute", description="An attribute of the root span; see `key`.")
    CHANGED_AT = strawberry.enum_value("changed_at", description="When the server last changed the trace.")


@strawberry.enum
class SpanOrderField(Enum):
    """Fields that spans can be sorted by."""

    STARTED_AT = strawberry.enum_value("started_at", description="Start of the span.")
    ENDED_AT = strawberry.enum_value("ended_at", description="End of the span; running spans have no value.")
    DURATION = strawberry.enum_value("duration_ms", description="Duration of the span.")
    TOTAL_TOKENS = strawberry.enum_value("total_tokens", description="Total tokens of the span.")
    COST = strawberry.enum_value("cost_usd", description="Cost of the span.")
    NAME = strawberry.enum_value("name", description="Name of the span, by Unicode code point.")
    CREATED_AT = strawberry.enum_value("created_at", description="When the server first stored the span.")
    ATTRIBUTE = strawberry.enum_value("attribute", description="An attribute; see `key`.")
    SERVICE_NAME = strawberry.enum_value("service_name", description="Service of the span, by Unicode code point.")
    UPDATED_AT = strawberry.enum_value("updated_at", description="When the server last changed the span.")

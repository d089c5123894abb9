"""The enums of the schema."""

from enum import Enum

import strawberry

from spanwell.graphql.library import describe_enum
from spanwell.observability.analysis.trace_diff import PathChange
from spanwell.observability.model.span import SpanKind, SpanStatus, StatusCode
from spanwell.observability.questions.conditions import Level
from spanwell.observability.questions.removals import RemovalReason
from spanwell.observability.storage import TracingStrategy

__all__ = [
    "Level",
    "NullsPlacement",
    "OnInvalid",
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
    "How a span, or a trace, stands.",
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
        "SERVER": "A request that a service answers.",
        "CLIENT": "A request that a service makes.",
        "PRODUCER": "A message that is sent.",
        "CONSUMER": "A message that is taken.",
    },
)
describe_enum(
    StatusCode,
    "StatusCode",
    "What the instrumentation itself said of the outcome (OpenTelemetry's StatusCode).",
    {"UNSET": "It said nothing.", "OK": "It was told that all is well.", "ERROR": "It saw an error."},
)
describe_enum(
    TracingStrategy,
    "TracingStrategyKind",
    "How a tracing client sends its spans.",
    {
        "REALTIME": "Each span as it starts, and again as it ends.",
        "BATCH_WITH_UPDATES": "Spans in batches; those that still run are updated in a later batch.",
    },
)
describe_enum(
    Level,
    "AttributeLevel",
    "Where an attribute is looked for.",
    {
        "SPAN": "In the span's own attributes.",
        "RESOURCE": "In the attributes of what produced the span.",
        "SCOPE": "In the attributes of the instrumentation scope.",
        "EVENT": "In the span's events: one that meets the test is enough.",
        "LINK": "In the span's links: one that meets the test is enough.",
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
        "DELETED": "Its trace was deleted, with all its spans.",
        "CLEARED": "Everything was deleted.",
        "UNMATCHED": "It was changed, and does not meet the filter as it is now.",
    },
)

describe_enum(
    PathChange,
    "PathChange",
    "How a path differs between two traces.",
    {
        "ADDED": "Only the other trace has it.",
        "REMOVED": "Only the base has it.",
        "CHANGED": "They have it with different numbers of spans, or of failed ones.",
        "SAME": "They have it alike; durations may differ.",
    },
)


@strawberry.enum
class SortDirection(Enum):
    """Which way a list is sorted."""

    ASC = strawberry.enum_value("ASC", description="The smallest first.")
    DESC = strawberry.enum_value("DESC", description="The largest first.")


@strawberry.enum
class OnInvalid(Enum):
    """What becomes of a batch with something wrong in it."""

    REJECT_BATCH = strawberry.enum_value("REJECT_BATCH", description="Nothing of it is stored.")
    SKIP = strawberry.enum_value(
        "SKIP",
        description="What is wrong is left out and named in `skipped`. Elements whose fields cannot be read are "
        "skipped if the batch comes in a variable; within the document they refuse it.",
    )


@strawberry.enum
class NullsPlacement(Enum):
    """Where records without a value go in a sorted list."""

    FIRST = strawberry.enum_value("FIRST", description="Before all others.")
    LAST = strawberry.enum_value("LAST", description="After all others.")


@strawberry.enum
class TraceOrderField(Enum):
    """What traces can be sorted by."""

    STARTED_AT = strawberry.enum_value("started_at", description="When the trace began.")
    ENDED_AT = strawberry.enum_value("ended_at", description="When the trace ended; running traces have no value.")
    DURATION = strawberry.enum_value("duration_ms", description="How long the trace took.")
    SPAN_COUNT = strawberry.enum_value("span_count", description="How many spans the trace has.")
    ERROR_COUNT = strawberry.enum_value("error_count", description="How many spans of the trace failed.")
    TOTAL_TOKENS = strawberry.enum_value("total_tokens", description="How many tokens the trace used.")
    COST = strawberry.enum_value("cost_usd", description="What the trace cost.")
    NAME = strawberry.enum_value("name", description="The name of the root span, by Unicode code points.")
    SERVICE_NAME = strawberry.enum_value("service_name", description="The service of the root span.")
    ATTRIBUTE = strawberry.enum_value("attribute", description="An attribute of the root span: see `key`.")
    CHANGED_AT = strawberry.enum_value("changed_at", description="When the trace was last changed on the server.")


@strawberry.enum
class SpanOrderField(Enum):
    """What spans can be sorted by."""

    STARTED_AT = strawberry.enum_value("started_at", description="When the span began.")
    ENDED_AT = strawberry.enum_value("ended_at", description="When the span ended; running spans have no value.")
    DURATION = strawberry.enum_value("duration_ms", description="How long the span took.")
    TOTAL_TOKENS = strawberry.enum_value("total_tokens", description="How many tokens the span used.")
    COST = strawberry.enum_value("cost_usd", description="What the span cost.")
    NAME = strawberry.enum_value("name", description="The span's name, by Unicode code points.")
    CREATED_AT = strawberry.enum_value("created_at", description="When the server first stored the span.")
    ATTRIBUTE = strawberry.enum_value("attribute", description="An attribute: see `key`.")
    SERVICE_NAME = strawberry.enum_value("service_name", description="The service, by Unicode code points.")
    UPDATED_AT = strawberry.enum_value("updated_at", description="When the server last changed the span.")

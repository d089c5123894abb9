"""The span record: the list of span fields, from which all other layers derive theirs."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, TypeAlias

from .columns import Column, ColumnDef, Json, Nanos, Origin, columns

SpanKey: TypeAlias = tuple[str, str]
"""(trace id, span id): span ids are unique only within a trace (OpenTelemetry)."""


class SpanStatus(StrEnum):
    """Status of a span or a trace."""

    RUNNING = "RUNNING"
    SUCCESS = "SUCCESS"
    ERROR = "ERROR"


class SpanKind(StrEnum):
    """Role of a span in a call (OpenTelemetry's SpanKind)."""

    INTERNAL = "INTERNAL"
    SERVER = "SERVER"
    CLIENT = "CLIENT"
    PRODUCER = "PRODUCER"
    CONSUMER = "CONSUMER"


class StatusCode(StrEnum):
    """Status code set by the instrumentation (OpenTelemetry's StatusCode)."""

    UNSET = "UNSET"
    OK = "OK"
    ERROR = "ERROR"


_IDENTITY = Origin.IDENTITY
_DERIVED = Origin.DERIVED
_INTERNAL = Origin.INTERNAL


@dataclass(kw_only=True, eq=True)
class Span:
    """A timed operation of a trace, as stored.

    Times are nanoseconds since 1970 UTC; JSON values are their text; None means absent.
    """

    trace_id: Annotated[str, Column("Id of the trace that the span belongs to.", _IDENTITY)]
    span_id: Annotated[str, Column("Id of the span, unique within its trace.", _IDENTITY)]
    parent_span_id: Annotated[str | None, Column("Id of the parent span; null for a root span.")] = None
    name: Annotated[str, Column("Name of the operation, such as `GET /cart` or `agent run: 'support'`.")]
    type: Annotated[
        str,
        Column(
            "Type of the operation: an open vocabulary, `generic` by default. Mastra uses `agent_run`, "
            "`model_generation`, `tool_call`, `workflow_step`, ...; OpenInference `LLM`, `CHAIN`, `TOOL`, ..."
        ),
    ] = "generic"
    kind: Annotated[SpanKind | None, Column("The span's role in a call between services.")] = None
    is_event: Annotated[bool, Column("Whether the span marks a moment rather than a duration.")] = False

    started_at: Annotated[Nanos, Column("When the operation started, in nanosecond precision.")]
    ended_at: Annotated[Nanos | None, Column("When the operation ended; null while it is running.")] = None
    duration_ms: Annotated[float | None, Column("Duration in milliseconds; null while it is running.", _DERIVED)] = None
    created_at: Annotated[Nanos, Column("When the server first stored the span.", _DERIVED)] = Nanos(0)
    updated_at: Annotated[Nanos, Column("When the server last changed the span.", _DERIVED)] = Nanos(0)

    status: Annotated[
        SpanStatus,
        Column(
            "`ERROR` if `errorInfo` is present or `statusCode` is `ERROR`; else `RUNNING` without an `endedAt`; else "
            "`SUCCESS`.",
            _DERIVED,
        ),
    ] = SpanStatus.RUNNING
    status_code: Annotated[
        StatusCode | None,
        Column("The status code set by the instrumentation (OpenTelemetry)."),
    ] = None
    status_message: Annotated[str | None, Column("Description of the outcome.")] = None
    error_info: Annotated[Json | None, Column("Why the operation failed; if present, the span's status is ERROR.")] = (
        None
    )
    has_child_error: Annotated[
        bool, Column("Whether any descendant (not the span itself) has status ERROR.", _DERIVED)
    ] = False

    input: Annotated[Json | None, Column("Input of the operation.")] = None
    output: Annotated[Json | None, Column("Output of the operation.")] = None
    metadata: Annotated[Json | None, Column("Free-form data of the application.")] = None
    attributes: Annotated[
        Json | None, Column("The span's attributes: an object with flat keys such as `gen_ai.request.model`.")
    ] = None
    scope: Annotated[Json | None, Column("Attributes of the instrumentation scope.")] = None
    request_context: Annotated[Json | None, Column("Context of the request that caused the span.")] = None
    tags: Annotated[list[str] | None, Column("Labels.")] = None
    links: Annotated[Json | None, Column("Links to spans of this or other traces: a list of objects.")] = None
    events: Annotated[Json | None, Column("Events during the span: a list of objects.")] = None

    entity_type: Annotated[str | None, Column("Kind of the entity that ran: `agent`, `workflow`, `tool`, ...")] = None
    entity_name: Annotated[str | None, Column("Name of the entity that ran.")] = None
    entity_id: Annotated[str | None, Column("Id of the entity that ran.")] = None
    entity_version_id: Annotated[str | None, Column("Version id of the entity that ran.")] = None

    user_id: Annotated[str | None, Column("The end user it was run for.")] = None
    organization_id: Annotated[str | None, Column("The organization, or tenant, it was run for.")] = None
    resource_id: Annotated[str | None, Column("The application's resource it was run for.")] = None
    run_id: Annotated[str | None, Column("The run it belongs to.")] = None
    session_id: Annotated[str | None, Column("The session it belongs to.")] = None
    thread_id: Annotated[str | None, Column("The conversation it belongs to.")] = None
    request_id: Annotated[str | None, Column("The request that caused it.")] = None
    environment: Annotated[str | None, Column("Deployment environment, such as `production` or `staging`.")] = None
    service_name: Annotated[str | None, Column("The service that produced the span.")] = None
    source: Annotated[
        str | None, Column("Where the span was sent from, such as `local`, `cloud` or an exporter's name.")
    ] = None
    experiment_id: Annotated[str | None, Column("The experiment it belongs to.")] = None

    resource: Annotated[
        Json | None, Column("Attributes of the entity that produced the span (OpenTelemetry's resource).")
    ] = None
    trace_state: Annotated[str | None, Column("The W3C trace state.")] = None
    scope_name: Annotated[str | None, Column("Name of the instrumentation scope.")] = None
    scope_version: Annotated[str | None, Column("Version of the instrumentation scope.")] = None
    otlp: Annotated[
        Json | None,
        Column("OTLP data without a field of its own: `flags`, dropped counts, schema URLs."),
    ] = None

    model: Annotated[str | None, Column("The model that responded, from the attributes.", _DERIVED)] = None
    provider: Annotated[str | None, Column("The model provider, from the attributes.", _DERIVED)] = None
    input_tokens: Annotated[
        int | None, Column("Input tokens stated in the attributes, cached ones included.", _DERIVED)
    ] = None
    output_tokens: Annotated[int | None, Column("Output tokens stated in the attributes.", _DERIVED)] = None
    total_tokens: Annotated[
        int | None, Column("Total tokens: as stated in the attributes, else input plus output.", _DERIVED)
    ] = None
    cached_input_tokens: Annotated[int | None, Column("Input tokens that were read from a cache.", _DERIVED)] = None
    cache_write_input_tokens: Annotated[int | None, Column("Input tokens that were written to a cache.", _DERIVED)] = (
        None
    )
    audio_input_tokens: Annotated[int | None, Column("Input tokens that are audio.", _DERIVED)] = None
    audio_output_tokens: Annotated[int | None, Column("Output tokens that are audio.", _DERIVED)] = None
    reasoning_tokens: Annotated[int | None, Column("Output tokens spent on reasoning.", _DERIVED)] = None
    time_to_first_token_ms: Annotated[
        float | None,
        Column("Time to the first token in milliseconds, from an attribute or an event.", _DERIVED),
    ] = None
    tokens_per_second: Annotated[float | None, Column("Output tokens per second, from the attributes.", _DERIVED)] = (
        None
    )
    cost_usd: Annotated[
        float | None,
        Column(
            "Cost in US dollars: as stated in the attributes, else computed from the model's price; null if unknown.",
            _DERIVED,
        ),
    ] = None
    is_root: Annotated[bool, Column("Whether the span has no parent.", _DERIVED)] = True

    tree_start: Annotated[int, Column("Its place among the spans of its trace in pre-order.", _INTERNAL)] = 0
    tree_end: Annotated[int, Column("The place of its last descendant; its own if it has none.", _INTERNAL)] = 0
    tree_parent: Annotated[int | None, Column("The place of its parent; null for a top.", _INTERNAL)] = None
    usage_start: Annotated[
        int | None, Column("Its place among the spans that state usage; null if it states none.", _INTERNAL)
    ] = None
    usage_end: Annotated[
        int | None, Column("The place of the last span whose usage it counts in; `~` of it if it gives way.", _INTERNAL)
    ] = None

    @property
    def key(self) -> SpanKey:
        """The span's key."""
        return self.trace_id, self.span_id

    def copy(self) -> "Span":
        """Return a copy, at a tenth of the cost of `dataclasses.replace`."""
        made = object.__new__(Span)
        made.__dict__.update(self.__dict__)
        return made


STORED_COLUMNS: tuple[ColumnDef, ...] = columns(Span)
"""All columns of a span, in the order of declaration."""

SPAN_COLUMNS: tuple[ColumnDef, ...] = tuple(c for c in STORED_COLUMNS if c.origin is not Origin.INTERNAL)
"""The columns that clients see."""

IDENTITY = frozenset({"trace_id", "span_id"})
"""The columns that identify a span: span ids are unique only within a trace."""

SPAN_COLUMN: dict[str, ColumnDef] = {column.name: column for column in SPAN_COLUMNS}

GIVEN_COLUMNS: tuple[ColumnDef, ...] = tuple(c for c in SPAN_COLUMNS if c.origin is Origin.GIVEN)
"""The columns that a client may set, except the key."""

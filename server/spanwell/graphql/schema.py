"""The index of the API: each name, what it gives, and the function that answers it."""

import strawberry
from graphql import build_schema, lexicographic_sort_schema
from graphql import print_schema as print_sdl
from strawberry.schema.config import StrawberryConfig

from spanwell.graphql.basics.naming import Names
from spanwell.graphql.basics.nodes import Node, answered_by, followed_by
from spanwell.graphql.basics.scalars import SCALARS
from spanwell.graphql.fast.batch_mutations import take_lists_directly
from spanwell.graphql.library import describe_by_docstrings
from spanwell.graphql.types.analysis import CallPathType, ErrorGroupType, SpanDifferenceType, TraceDiffType
from spanwell.graphql.types.assessments.payloads import (
    BatchCreateFeedbackPayload,
    BatchCreateScoresPayload,
    BatchDeleteFeedbackPayload,
    BatchDeleteScoresPayload,
    BatchUpdateFeedbackPayload,
    BatchUpdateScoresPayload,
)
from spanwell.graphql.types.assessments.records import FeedbackConnection, FeedbackType, ScoreConnection, ScoreType
from spanwell.graphql.types.assessments.statistics import AssessmentStatsRowType
from spanwell.graphql.types.changes import Changes, FeedbackChange, ScoreChange, SpanChange, TraceChange
from spanwell.graphql.types.conversations import Session, SessionConnection, Thread, ThreadConnection
from spanwell.graphql.types.payloads import (
    BatchCreateSpansPayload,
    BatchDeleteTracesPayload,
    BatchUpdateSpansPayload,
    CreateSpanPayload,
    DangerouslyClearAllPayload,
    DeleteTracesPayload,
    TracingStrategyType,
    UpdateSpanPayload,
)
from spanwell.graphql.types.server import ServerType
from spanwell.graphql.types.services import ServiceGraphType, ServiceSummary
from spanwell.graphql.types.span_fields import FieldValueType, SpanFieldType
from spanwell.graphql.types.spans import SpanConnection, SpanType
from spanwell.graphql.types.statistics import StatsRowType
from spanwell.graphql.types.storage import BackupPayload, StorageType
from spanwell.graphql.types.traces import TraceConnection, TraceType
from spanwell.observability.analysis.differences import LONGEST_VALUE, SAMPLE

from .resolvers import conversations, discovery, nodes, queries, server, statistics, storage, subscriptions
from .resolvers.assessments import lists
from .resolvers.assessments import subscriptions as following
from .resolvers.explaining import analysis
from .resolvers.writing import assessments, mutations


@strawberry.type
class Query:
    """Operations that read."""

    span: SpanType | None = answered_by(queries.span, "One span; null if it does not exist.")
    root_span: SpanType | None = answered_by(queries.root_span, "The root span of a trace; null if it does not exist.")
    trace: TraceType | None = answered_by(queries.trace, "One trace; null if it does not exist.")
    traces: TraceConnection = answered_by(queries.traces, "Traces that match a filter, newest first.")
    spans: SpanConnection = answered_by(queries.spans, "Spans of all traces that match a filter, newest first.")
    span_stats: list[StatsRowType] = answered_by(
        statistics.span_stats,
        "Statistics of all spans that match a filter, by group and time bucket; only selected fields are computed.",
    )
    trace_stats: list[StatsRowType] = answered_by(
        statistics.trace_stats, "Statistics of all traces that match a filter; works like `spanStats`."
    )
    node: Node | None = answered_by(nodes.node, "The record with a global id; null if it does not exist (Relay).")
    nodes: list[Node | None] = answered_by(
        nodes.nodes,
        "The records with the given global ids, in the same order; null for those that do not exist (Relay).",
    )
    sessions: SessionConnection = answered_by(
        conversations.sessions,
        "Sessions of the traces that match a filter, most recently active first; each aggregates the matching traces "
        "only.",
    )
    session: Session | None = answered_by(
        conversations.session, "One session, over all its traces; null if no trace names it."
    )
    thread: Thread | None = answered_by(
        conversations.thread, "One thread, over all its traces; null if no trace names it."
    )
    threads: ThreadConnection = answered_by(
        conversations.threads,
        "Threads of the traces that match a filter, most recently active first; each aggregates the matching traces "
        "only.",
    )
    span_fields: list[SpanFieldType] = answered_by(
        discovery.fields,
        "Everything spans can be filtered and grouped by: span fields, and attribute keys at every level, most "
        "frequent first. Without a filter, it lists all keys in the store, possibly including some of deleted spans; "
        "with a filter, those of the newest 5,000 matching spans, or of all matching spans if `exact`. JSON values "
        "over 64 KiB are not searched for keys.",
    )
    span_field_values: list[FieldValueType] = answered_by(
        discovery.values,
        "Values of a field among all spans that match a filter, most frequent first. A span with several values "
        "counts for each. Values longer than 1,000 bytes are omitted.",
    )
    services: list[ServiceSummary] = answered_by(
        discovery.services, "Services of the spans that match a filter, busiest first."
    )
    service_graph: ServiceGraphType = answered_by(
        discovery.service_graph,
        "Calls between services. A call is a span that matches the filter and whose parent (matching or not) belongs "
        "to another service.",
    )
    errors: list[ErrorGroupType] = answered_by(
        analysis.errors,
        "Failed spans that match a filter, grouped by message pattern, most frequent first.",
    )
    span_difference: SpanDifferenceType = answered_by(
        analysis.span_difference,
        "What distinguishes some spans from others: fields and attributes, ranked by how much their values differ. "
        f"Fields are compared over all spans, attributes over a sample of {SAMPLE:,} on each side, values up to "
        f"{LONGEST_VALUE} characters.",
    )
    call_tree: list[CallPathType] = answered_by(
        analysis.call_tree,
        "Call paths aggregated over all traces that match a filter, each below its parent and the longest first: an "
        "aggregate flame graph.",
    )
    trace_diff: TraceDiffType | None = answered_by(
        analysis.trace_diff, "Differences between two traces, path by path and in total; null if either does not exist."
    )
    score: ScoreType | None = answered_by(lists.score, "One score; null if it does not exist.")
    scores: ScoreConnection = answered_by(lists.scores, "Scores that match a filter, newest first.")
    feedback: FeedbackConnection = answered_by(lists.feedback, "Feedback that matches a filter, newest first.")
    feedback_by_id: FeedbackType | None = answered_by(
        lists.feedback_by_id, "One feedback item; null if it does not exist."
    )
    score_stats: list[AssessmentStatsRowType] = answered_by(
        statistics.score_stats,
        "Statistics of all scores that match a filter, by group and time bucket; only selected fields are computed.",
    )
    feedback_stats: list[AssessmentStatsRowType] = answered_by(
        statistics.feedback_stats, "Statistics of all feedback that matches a filter; works like `scoreStats`."
    )
    changes: Changes = answered_by(
        subscriptions.changes,
        "Spans that were stored or changed since a cursor, for polling. The first call, without a cursor, only "
        "returns one.",
    )
    storage: StorageType = answered_by(storage.storage, "Size of the store, and the time range it covers.")
    server: ServerType = answered_by(server.server, "The server's version, features and limits.")
    tracing_strategy: TracingStrategyType = answered_by(
        queries.tracing_strategy, "How tracing clients should send their spans."
    )


@strawberry.type
class Mutation:
    """Operations that write. A response means that the change is durable."""

    batch_create_spans: BatchCreateSpansPayload = answered_by(
        mutations.batch_create_spans,
        "Stores all spans of a batch, or none. Existing spans are merged, so a batch can safely be sent again, and a "
        "span can be sent once when it starts and again when it ends.",
    )
    create_span: CreateSpanPayload = answered_by(
        mutations.create_span, "Stores one span; works like `batchCreateSpans`."
    )
    batch_update_spans: BatchUpdateSpansPayload = answered_by(
        mutations.batch_update_spans, "Updates the given fields of existing spans."
    )
    update_span: UpdateSpanPayload = answered_by(mutations.update_span, "Updates the given fields of one span.")
    batch_create_scores: BatchCreateScoresPayload = answered_by(
        assessments.batch_create_scores,
        "Stores all scores of a batch, or none. Existing scores are merged, so a batch can safely be sent again. The "
        "span or trace a score is about need not exist yet; the score is deleted together with its trace.",
    )
    batch_update_scores: BatchUpdateScoresPayload = answered_by(
        assessments.batch_update_scores, "Updates the given fields of existing scores."
    )
    batch_delete_scores: BatchDeleteScoresPayload = answered_by(assessments.batch_delete_scores, "Deletes scores.")
    batch_create_feedback: BatchCreateFeedbackPayload = answered_by(
        assessments.batch_create_feedback, "Stores a batch of feedback; works like `batchCreateScores`."
    )
    batch_update_feedback: BatchUpdateFeedbackPayload = answered_by(
        assessments.batch_update_feedback, "Updates the given fields of existing feedback."
    )
    batch_delete_feedback: BatchDeleteFeedbackPayload = answered_by(
        assessments.batch_delete_feedback, "Deletes feedback."
    )
    batch_delete_traces: BatchDeleteTracesPayload = answered_by(
        mutations.batch_delete_traces, "Deletes traces with all their spans, scores and feedback."
    )
    delete_traces: DeleteTracesPayload = answered_by(
        mutations.delete_traces,
        "Deletes all traces that match a filter, oldest first and in small steps, so that other requests are not held "
        "up. Traces that arrive meanwhile are kept, and so is a trace that changed and no longer matches.",
    )
    backup: BackupPayload = answered_by(
        mutations.backup,
        "Copies the store into the server's backup folder without stopping writes, and keeps only the newest backups. "
        "FORBIDDEN if the server has no backup folder.",
    )
    dangerously_clear_all: DangerouslyClearAllPayload = answered_by(
        mutations.dangerously_clear_all, "Deletes everything. Servers can disable it."
    )


@strawberry.type
class Subscription:
    """Live updates, over WebSocket or server-sent events. Only durable changes are sent."""

    spans: SpanChange = followed_by(
        subscriptions.spans,
        "Spans that match a filter, whenever they are stored or changed. Several changes while a client is busy are "
        "sent as one, with the span's latest state.",
    )
    traces: TraceChange = followed_by(
        subscriptions.traces,
        "Traces that match a filter, when they appear and whenever their root span or their totals change.",
    )
    scores: ScoreChange = followed_by(
        following.scores, "Scores that match a filter, whenever they are stored or changed."
    )
    feedback: FeedbackChange = followed_by(
        following.feedback,
        "Feedback that matches a filter, whenever it is stored or changed.",
    )


schema = strawberry.Schema(
    Query,
    Mutation,
    Subscription,
    types=[SpanType, TraceType, Session, Thread, ScoreType, FeedbackType],
    config=StrawberryConfig(scalar_map=SCALARS, name_converter=Names()),
)

describe_by_docstrings(schema)
take_lists_directly(schema)


def print_schema() -> str:
    """Return the schema in GraphQL's schema language, everything in alphabetical order.

    The text is sorted, and not the schema: Strawberry's `sort_schema` makes its enums forget their members.
    """
    return print_sdl(lexicographic_sort_schema(build_schema(schema.as_str()))) + "\n"

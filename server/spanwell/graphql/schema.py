"""The index of the API: each name, what it gives, and the function that answers it."""

import strawberry
from graphql import build_schema, lexicographic_sort_schema
from graphql import print_schema as print_sdl
from strawberry.schema.config import StrawberryConfig

from spanwell.graphql.basics.naming import Names
from spanwell.graphql.basics.nodes import Node, answered_by, followed_by
from spanwell.graphql.basics.scalars import SCALARS
from spanwell.graphql.fast.batch_mutations import take_lists_directly
from spanwell.graphql.fast.shared_arguments import read_arguments_once
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
    """What can be asked."""

    span: SpanType | None = answered_by(queries.span, "One span; null if it is not there.")
    root_span: SpanType | None = answered_by(queries.root_span, "The root span of a trace; null if it is not there.")
    trace: TraceType | None = answered_by(queries.trace, "One trace; null if it is not there.")
    traces: TraceConnection = answered_by(queries.traces, "Traces that meet a filter, newest first.")
    spans: SpanConnection = answered_by(queries.spans, "Spans of all traces that meet a filter, newest first.")
    span_stats: list[StatsRowType] = answered_by(
        statistics.span_stats,
        "Figures of all spans that meet a filter, by groups and by buckets of time; only what is selected is worked "
        "out.",
    )
    trace_stats: list[StatsRowType] = answered_by(
        statistics.trace_stats, "Figures of all traces that meet a filter, as `spanStats` has them of spans."
    )
    node: Node | None = answered_by(nodes.node, "The record with a global id; null if it is not there (Relay).")
    nodes: list[Node | None] = answered_by(
        nodes.nodes, "The records with some global ids, in their order; null for those that are not there (Relay)."
    )
    sessions: SessionConnection = answered_by(
        conversations.sessions,
        "The sessions of the traces that meet a filter, the newest activity first; each sums up those traces alone.",
    )
    session: Session | None = answered_by(
        conversations.session, "One session, over all its traces; null if no trace names it."
    )
    thread: Thread | None = answered_by(
        conversations.thread, "One thread, over all its traces; null if no trace names it."
    )
    threads: ThreadConnection = answered_by(
        conversations.threads,
        "The threads of the traces that meet a filter, the newest activity first; each sums up those traces alone.",
    )
    span_fields: list[SpanFieldType] = answered_by(
        discovery.fields,
        "What spans can be filtered and grouped by: every field of a span, and the attribute keys at every level, the "
        "most frequent first. Without a filter these are all keys in the store, and perhaps some of deleted spans; "
        "with one they are those of the newest 5,000 spans that meet it, or of all of them if `exact`. Keys inside of "
        "JSON values of more than 64 KiB are not looked for.",
    )
    span_field_values: list[FieldValueType] = answered_by(
        discovery.values,
        "The values of a field among all spans that meet a filter, the most frequent first. "
        "A span with several values counts for each. Values of more than 1,000 bytes are left out.",
    )
    services: list[ServiceSummary] = answered_by(
        discovery.services, "The services of the spans that meet a filter, the busiest first."
    )
    service_graph: ServiceGraphType = answered_by(
        discovery.service_graph,
        "Who calls whom: a call is a span that meets the filter, whose parent, which need not, is of another service.",
    )
    errors: list[ErrorGroupType] = answered_by(
        analysis.errors,
        "The failed spans that meet a filter, grouped by what their messages have in common, the most frequent first.",
    )
    span_difference: SpanDifferenceType = answered_by(
        analysis.span_difference,
        "What distinguishes some spans from others: fields and attributes, ranked by how much their values differ. "
        f"Fields are compared in all spans, attributes in {SAMPLE:,} of each side (those with the smallest ids, which "
        f"are random), values of up to {LONGEST_VALUE} characters.",
    )
    call_tree: list[CallPathType] = answered_by(
        analysis.call_tree,
        "The paths of calls in all traces that meet a filter, each below its parent and the longest first: an "
        "aggregate flame graph.",
    )
    trace_diff: TraceDiffType | None = answered_by(
        analysis.trace_diff, "How two traces differ, path by path and in all; null if either is not there."
    )
    score: ScoreType | None = answered_by(lists.score, "One score; null if it is not there.")
    scores: ScoreConnection = answered_by(lists.scores, "Scores that meet a filter, newest first.")
    feedback: FeedbackConnection = answered_by(lists.feedback, "Feedback that meets a filter, newest first.")
    feedback_by_id: FeedbackType | None = answered_by(
        lists.feedback_by_id, "One piece of feedback; null if it is not there."
    )
    score_stats: list[AssessmentStatsRowType] = answered_by(
        statistics.score_stats,
        "Figures of all scores that meet a filter, by groups and by buckets of time; only what is selected is worked "
        "out.",
    )
    feedback_stats: list[AssessmentStatsRowType] = answered_by(
        statistics.feedback_stats, "Figures of all feedback that meets a filter, as `scoreStats` has them of scores."
    )
    changes: Changes = answered_by(
        subscriptions.changes,
        "Spans that were stored or changed since a cursor, for those who poll. The first time, without a cursor, it "
        "only gives one.",
    )
    storage: StorageType = answered_by(storage.storage, "How much room the store takes, and what it reaches back to.")
    server: ServerType = answered_by(server.server, "The server: its version, what it can do, and its limits.")
    tracing_strategy: TracingStrategyType = answered_by(
        queries.tracing_strategy, "How tracing clients should send their spans."
    )


@strawberry.type
class Mutation:
    """What can be written. An answer means that it is on disk."""

    batch_create_spans: BatchCreateSpansPayload = answered_by(
        mutations.batch_create_spans,
        "Stores all spans of a batch, or none. A span that is stored already is merged with what is given, so a batch "
        "may be sent again, and a span may be sent when it starts and again when it ends.",
    )
    create_span: CreateSpanPayload = answered_by(mutations.create_span, "Stores one span, as `batchCreateSpans` does.")
    batch_update_spans: BatchUpdateSpansPayload = answered_by(
        mutations.batch_update_spans, "Changes what the updates name of the spans that are there."
    )
    update_span: UpdateSpanPayload = answered_by(mutations.update_span, "Changes what the update names of one span.")
    batch_create_scores: BatchCreateScoresPayload = answered_by(
        assessments.batch_create_scores,
        "Stores all scores of a batch, or none. A score that is stored already is merged with what is given, so a "
        "batch may be sent again. What a score is about need not be there yet; it is deleted with its trace.",
    )
    batch_update_scores: BatchUpdateScoresPayload = answered_by(
        assessments.batch_update_scores, "Changes what the updates name of the scores that are there."
    )
    batch_delete_scores: BatchDeleteScoresPayload = answered_by(assessments.batch_delete_scores, "Deletes scores.")
    batch_create_feedback: BatchCreateFeedbackPayload = answered_by(
        assessments.batch_create_feedback, "Stores feedback, as `batchCreateScores` does scores."
    )
    batch_update_feedback: BatchUpdateFeedbackPayload = answered_by(
        assessments.batch_update_feedback, "Changes what the updates name of the feedback that is there."
    )
    batch_delete_feedback: BatchDeleteFeedbackPayload = answered_by(
        assessments.batch_delete_feedback, "Deletes feedback."
    )
    batch_delete_traces: BatchDeleteTracesPayload = answered_by(
        mutations.batch_delete_traces, "Deletes traces with all their spans, scores and feedback."
    )
    delete_traces: DeleteTracesPayload = answered_by(
        mutations.delete_traces,
        "Deletes all traces that meet a filter, oldest first and a few at a time, so that other requests go on. Traces "
        "that arrive while it runs stay, and so does one that was changed and no longer meets the filter.",
    )
    backup: BackupPayload = answered_by(
        mutations.backup,
        "Copies the store into the folder that the server has for backups, while writing goes on; of the copies the "
        "newest stay. FORBIDDEN on a server without such a folder.",
    )
    dangerously_clear_all: DangerouslyClearAllPayload = answered_by(
        mutations.dangerously_clear_all, "Deletes everything. It can be switched off on the server."
    )


@strawberry.type
class Subscription:
    """What can be followed, over WebSocket or server-sent events. Only what is on disk is sent."""

    spans: SpanChange = followed_by(
        subscriptions.spans,
        "Spans that meet a filter, whenever they are stored or changed. Changes that come while a client is busy are "
        "sent once, as the span then is.",
    )
    traces: TraceChange = followed_by(
        subscriptions.traces,
        "Traces that meet a filter, when they appear and whenever their root span or their rollups change.",
    )
    scores: ScoreChange = followed_by(
        following.scores, "Scores that meet a filter, whenever they are stored or changed; deletions are not told."
    )
    feedback: FeedbackChange = followed_by(
        following.feedback, "Feedback that meets a filter, whenever it is stored or changed; deletions are not told."
    )


schema = strawberry.Schema(
    Query,
    Mutation,
    Subscription,
    types=[SpanType, TraceType, Session, Thread, ScoreType, FeedbackType],
    config=StrawberryConfig(scalar_map=SCALARS, name_converter=Names()),
)

describe_by_docstrings(schema)
read_arguments_once(schema, "Trace", "spans")
take_lists_directly(schema)


def print_schema() -> str:
    """Return the schema in GraphQL's schema language, everything in alphabetical order.

    The text is sorted, and not the schema: Strawberry's `sort_schema` makes its enums forget their members.
    """
    return print_sdl(lexicographic_sort_schema(build_schema(schema.as_str()))) + "\n"

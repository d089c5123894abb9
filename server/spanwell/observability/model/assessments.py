"""Assessments of a span, a trace or a session: scores by scorers, and feedback by people.

Both have the same columns, plus an id and a few columns of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Annotated, TypeAlias

from .columns import Column, ColumnDef, Json, Nanos, Origin, columns

_IDENTITY = Origin.IDENTITY
_DERIVED = Origin.DERIVED


@dataclass(kw_only=True, eq=True)
class Assessment:
    """What scores and feedback have in common. Times are nanoseconds since 1970 UTC; None means absent.

    An assessment of a span also has its trace id. An assessment is deleted with its trace.
    """

    trace_id: Annotated[str | None, Column("The trace it is about, or the trace of its span.")] = None
    span_id: Annotated[str | None, Column("The span it is about; null if it is about the whole trace.")] = None
    session_id: Annotated[str | None, Column("The session that it is about, or that its trace belongs to.")] = None
    name: Annotated[str, Column("What is measured, such as `answer-relevancy`, `toxicity` or `thumbs`.")]
    value: Annotated[float | None, Column("The numeric value.")] = None
    text_value: Annotated[
        str | None,
        Column("The text value: a label such as `relevant`, or a correction. It may accompany a number."),
    ] = None
    boolean_value: Annotated[bool | None, Column("The boolean value: passed, liked, correct.")] = None
    comment: Annotated[str | None, Column("The reason, an explanation, or a user's comment.")] = None
    source: Annotated[
        str | None, Column("The kind of judge: an open vocabulary, such as `human`, `llm` or `code`.")
    ] = None
    timestamp: Annotated[Nanos, Column("When it was recorded; defaults to the time it was stored.")] = Nanos(0)
    metadata: Annotated[Json | None, Column("Free-form data of the application.")] = None
    tags: Annotated[list[str] | None, Column("Labels.")] = None

    user_id: Annotated[str | None, Column("The end user who gave it, or whom it is about.")] = None
    organization_id: Annotated[str | None, Column("The organization, or tenant, it belongs to.")] = None
    resource_id: Annotated[str | None, Column("The application's resource it belongs to.")] = None
    run_id: Annotated[str | None, Column("The run it belongs to.")] = None
    thread_id: Annotated[str | None, Column("The conversation it is about.")] = None
    environment: Annotated[str | None, Column("Deployment environment, such as `production` or `staging`.")] = None
    service_name: Annotated[str | None, Column("The service it is about.")] = None
    entity_type: Annotated[str | None, Column("Kind of the assessed entity: `agent`, `workflow`, `tool`, ...")] = None
    entity_name: Annotated[str | None, Column("Name of the assessed entity.")] = None
    entity_id: Annotated[str | None, Column("Id of the assessed entity.")] = None
    experiment_id: Annotated[str | None, Column("The experiment it belongs to.")] = None

    created_at: Annotated[Nanos, Column("When the server first stored it.", _DERIVED)] = Nanos(0)
    updated_at: Annotated[Nanos, Column("When the server last changed it.", _DERIVED)] = Nanos(0)

    @property
    def started_at(self) -> Nanos:
        """The timestamp, by the name that statistics use."""
        return self.timestamp


@dataclass(kw_only=True, eq=True)
class Score(Assessment):
    """A scorer's evaluation of a span, a trace or a session."""

    score_id: Annotated[str, Column("Id of the score.", _IDENTITY)]
    scorer: Annotated[str | None, Column("Id of the scorer or evaluator.")] = None
    scorer_version: Annotated[str | None, Column("Version of the scorer.")] = None
    scorer_trace_id: Annotated[str | None, Column("The trace of the scorer's own run.")] = None


@dataclass(kw_only=True, eq=True)
class Feedback(Assessment):
    """Feedback from a person, or from an application on a person's behalf, on a span, a trace or a session."""

    feedback_id: Annotated[str, Column("Id of the feedback.", _IDENTITY)]
    source_id: Annotated[str | None, Column("Id of the record in the system it was imported from.")] = None


class AssessmentKind(Enum):
    """The kinds of assessments; the value is the plural of the name."""

    SCORE = "scores"
    FEEDBACK = "feedback"

    @property
    def record(self) -> type[Score] | type[Feedback]:
        """The class of the records."""
        return Score if self is AssessmentKind.SCORE else Feedback

    @property
    def id_column(self) -> str:
        """The column that identifies a record."""
        return "score_id" if self is AssessmentKind.SCORE else "feedback_id"

    @property
    def columns(self) -> tuple[ColumnDef, ...]:
        """Every column of a record."""
        return ASSESSMENT_COLUMNS[self]

    @property
    def given_columns(self) -> tuple[ColumnDef, ...]:
        """The columns that a client may set, except the id."""
        return tuple(column for column in self.columns if column.origin is Origin.GIVEN)

    def id_of(self, record: Assessment) -> str:
        """Return the id of a record."""
        found: str = getattr(record, self.id_column)
        return found


ASSESSMENT_COLUMNS: Mapping[AssessmentKind, tuple[ColumnDef, ...]] = MappingProxyType(
    {kind: columns(kind.record) for kind in AssessmentKind}
)
"""Every column of each kind, in the order of its declaration."""

Owner: TypeAlias = tuple[str, ...]
"""The owner of assessments: the values of the columns `OF_SPAN`, `OF_TRACE`, `OF_SESSION` or `OF_THREAD`."""

OF_SPAN = ("trace_id", "span_id")
OF_TRACE = ("trace_id",)
OF_SESSION = ("session_id",)
OF_THREAD = ("thread_id",)

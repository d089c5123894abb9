"""A store to import files into."""

from asyncio import Runner
from pathlib import Path
from typing import Any

from spanwell.importing import Summary, import_files
from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.identifiers import trace_identifier
from spanwell.observability.model.span import Span
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.observability.questions.queries import AssessmentQuery, Window, newest_assessments
from spanwell.observability.service import Observability
from spanwell.observability.storage import ObservabilityStorage


class Store:
    """An empty store in memory, and what is imported into it."""

    def __init__(self, runner: Runner, storage: ObservabilityStorage) -> None:
        self.runner = runner
        self.storage = storage

    def add(self, *paths: Path) -> Summary:
        return self.runner.run(import_files(paths, Observability(self.storage)))

    def span(self, trace_id: str, span_id: str) -> Span:
        found = self.runner.run(self.storage.get_span(trace_identifier(trace_id), span_id))
        assert found is not None
        return found

    def scores(self, kind: AssessmentKind = AssessmentKind.SCORE) -> list[Any]:
        query = AssessmentQuery(kind, Window(99), order=newest_assessments(kind))
        return self.runner.run(self.storage.list_assessments(query)).nodes

    def counts(self) -> tuple[int, int]:
        count = self.runner.run
        return count(self.storage.count_traces(ALWAYS)), count(self.storage.count_spans(ALWAYS))

"""Distinguishes Zipkin's reports that share a span id."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from spanwell.observability.model.identifiers import span_identifier, trace_identifier


class Report(msgspec.Struct, rename="camel"):
    """The identity of a report among others with its span id, and its parent."""

    trace_id: str
    id: str
    parent_id: str | None = None
    timestamp: int | None = None
    shared: bool | None = None

    def __post_init__(self) -> None:
        """Normalise ids, so that a trace or span has the same id in all reports."""
        self.trace_id, self.id = trace_identifier(self.trace_id), span_identifier(self.id)
        if self.parent_id is not None:
            self.parent_id = span_identifier(self.parent_id)

    def place(self) -> tuple[str, str]:
        """Where it ran: the service, and the whole endpoint."""
        return "", ""


class Sides:
    """The reports of a document by id; the order of those that share an id depends only on the reports."""

    def __init__(self, reports: Sequence[Report]) -> None:
        self._of: defaultdict[tuple[str, str], list[Report]] = defaultdict(list)
        for report in reports:
            known = self._of[report.trace_id, report.id]
            if report not in known:  # duplicates count once
                known.append(report)
        for known in self._of.values():
            known.sort(key=_rank)

    def span_id(self, report: Report) -> str:
        """Return the id of a report's span: its own, with a number unless it is the first with that id."""
        number = self._of[report.trace_id, report.id].index(report) + 1
        return report.id if number == 1 else f"{report.id}-{number}"

    def parent(self, report: Report) -> str | None:
        """Return the id of the parent of a report's span."""
        first, *others = self._of[report.trace_id, report.id]
        if report == first or (report.shared and first.shared):
            return self._above(report)
        if report.timestamp is None:
            return self.span_id(_at_place(report, [*others, first]) or first)
        return self.span_id(first)

    def start(self, report: Report) -> int | None:
        """Return a report's start time, or else that of the report from the same place, or of any other."""
        if report.timestamp is not None:
            return report.timestamp
        others = self._of[report.trace_id, report.id]
        found = _at_place(report, others) or next((each for each in others if each.timestamp is not None), report)
        return found.timestamp

    def _above(self, report: Report) -> str | None:
        if not report.parent_id:
            return None
        sides = self._of.get((report.trace_id, report.parent_id))
        if sides is None:
            return report.parent_id
        return self.span_id(_at_place(report, sides[::-1]) or sides[0])


def _rank(report: Report) -> tuple[bool, bool, int, str]:
    """Return the sort key of a report: the caller's come first, and those without a time last."""
    return report.timestamp is None, bool(report.shared), report.timestamp or 0, repr(report)


def _at_place(report: Report, others: Sequence[Report]) -> Report | None:
    """Return the first report with a time from the same place, or else from the same service."""
    known = [other for other in others if other.timestamp is not None]
    service, endpoint = report.place()
    same = [other for other in known if other.place()[1] == endpoint]
    return next(iter(same), next((other for other in known if service and other.place()[0] == service), None))

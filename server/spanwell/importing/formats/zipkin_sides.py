"""Tells the reports apart that bear one span id in Zipkin."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from spanwell.observability.model.identifiers import span_identifier, trace_identifier


class Report(msgspec.Struct, rename="camel"):
    """What tells a report from others of its id, and from whom it descends."""

    trace_id: str
    id: str
    parent_id: str | None = None
    timestamp: int | None = None
    shared: bool | None = None

    def __post_init__(self) -> None:
        """Write ids as they are stored, so that one trace or span has one id in all reports."""
        self.trace_id, self.id = trace_identifier(self.trace_id), span_identifier(self.id)
        if self.parent_id is not None:
            self.parent_id = span_identifier(self.parent_id)

    def place(self) -> tuple[str, str]:
        """Where it ran: its service, and its whole endpoint."""
        return "", ""


class Sides:
    """The reports of a document by their ids, each id's own in an order that is the same for the same reports."""

    def __init__(self, reports: Sequence[Report]) -> None:
        self._of: defaultdict[tuple[str, str], list[Report]] = defaultdict(list)
        for report in reports:
            known = self._of[report.trace_id, report.id]
            if report not in known:  # the same report twice is one
                known.append(report)
        for known in self._of.values():
            known.sort(key=_rank)

    def span_id(self, report: Report) -> str:
        """Return the id that a report's span gets: its own, with a number if it is not the first of that id."""
        number = self._of[report.trace_id, report.id].index(report) + 1
        return report.id if number == 1 else f"{report.id}-{number}"

    def parent(self, report: Report) -> str | None:
        """Return the id of the span that a report's span is below."""
        first, *others = self._of[report.trace_id, report.id]
        if report == first or (report.shared and first.shared):
            return self._above(report)
        if report.timestamp is None:
            return self.span_id(_at_place(report, [*others, first]) or first)
        return self.span_id(first)

    def start(self, report: Report) -> int | None:
        """Return when a report began; if it does not say, when the report from the same place did, or any other."""
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
    """Put the caller's report before those that share its id, and reports without a time last."""
    return report.timestamp is None, bool(report.shared), report.timestamp or 0, repr(report)


def _at_place(report: Report, others: Sequence[Report]) -> Report | None:
    """Return the first of some reports with a time that comes from the same place, or else from the same service."""
    known = [other for other in others if other.timestamp is not None]
    service, endpoint = report.place()
    same = [other for other in known if other.place()[1] == endpoint]
    return next(iter(same), next((other for other in known if service and other.place()[0] == service), None))

"""What is counted over the spans of a growing trace, whatever its tree: failures, services and tags."""

from collections.abc import Iterable

from spanwell.observability.model.span import SpanStatus

from .light_spans import LightSpan

_ERROR = SpanStatus.ERROR


class TraceCounts:
    """The number of spans that failed, that each service has, and that each tag has."""

    def __init__(self) -> None:
        self.errors = 0
        self._services: dict[str, int] = {}
        self._tags: dict[str, int] = {}

    @property
    def services(self) -> list[str]:
        """The services of all spans, sorted."""
        return sorted(self._services)

    @property
    def tags(self) -> list[str] | None:
        """The tags of all spans, sorted; None if there are none."""
        return sorted(self._tags) or None

    def add(self, spans: Iterable[LightSpan]) -> None:
        """Count new spans; a tag counts once for a span."""
        services, tags = self._services, self._tags
        for span in spans:
            if span.status is _ERROR:
                self.errors += 1
            if (name := span.service_name) is not None:
                services[name] = services.get(name, 0) + 1
            if span.tags:
                for tag in dict.fromkeys(span.tags):
                    tags[tag] = tags.get(tag, 0) + 1

    def replace(self, before: LightSpan, now: LightSpan) -> None:
        """Count a span by its changed state."""
        self.add((now,))
        self.errors -= before.status is _ERROR
        if before.service_name is not None:
            _remove(self._services, before.service_name)
        for tag in dict.fromkeys(before.tags or ()):
            _remove(self._tags, tag)


def _remove(counts: dict[str, int], name: str) -> None:
    counts[name] -= 1
    if not counts[name]:
        del counts[name]

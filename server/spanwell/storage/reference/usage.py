"""Decides which spans' usage counts, in plain Python: the rule of `derivation.usage_rule` for whole trees."""

from collections.abc import Iterable, Iterator

from spanwell.observability.derivation.usage_rule import (
    EMPTY,
    Below,
    Role,
    Usage,
    counted,
    is_apart,
    role_of,
    stands_in,
    usage_of,
)
from spanwell.observability.model.span import Span

from .forest import Forest


def usage_stated(span: Span) -> Usage | None:
    """Return the usage that a span states."""
    return usage_of(span.input_tokens, span.output_tokens, span.total_tokens, span.cost_usd)


class UsageForest:
    """The spans whose usage replaces that of the spans below them, and which of them include which others."""

    def __init__(self, forest: Forest) -> None:
        self._forest = forest
        self._results: dict[str, Below] = {}
        self._standing: set[str] = set()
        self._apart: set[str] = set()
        for span in reversed([each for top in forest.tops for each in (top, *forest.descendants(top))]):
            self._resolve(span)

    def _resolve(self, span: Span) -> None:
        below = EMPTY
        for child in self._forest.children(span):
            below = below.plus(self._results[child.span_id])
        stated, role = usage_stated(span), role_of(span.type)
        if stated is not None:
            if stands_in(stated, role, below):
                self._standing.add(span.span_id)
            elif is_apart(below):
                self._apart.add(span.span_id)
        self._results[span.span_id] = counted(stated, role, below)

    def counting(self, among: Iterable[Span]) -> list[Span]:
        """Return those of some spans whose usage counts: no other of them includes or replaces it."""
        stating = {span.span_id: span for span in among if usage_stated(span) is not None}
        covering = {span_id: [above.span_id for above in self._speaking_of(span)] for span_id, span in stating.items()}
        yielding = {above for aboves in covering.values() for above in aboves} - self._standing
        return [
            span
            for span_id, span in stating.items()
            if span_id not in yielding and not self._standing.intersection(covering[span_id]).intersection(stating)
        ]

    def _speaking_of(self, span: Span) -> Iterator[Span]:
        """Yield the nearest span that reports another span's usage, then the nearest that reports its own, etc."""
        by = self._nearest(span)
        while by is not None:
            yield by
            by = self._nearest(by)

    def _nearest(self, span: Span) -> Span | None:
        is_behind = role_of(span.type) is Role.BOUNDARY or span.span_id in self._apart
        for above in self._forest.ancestors(span):
            role = role_of(above.type)
            if usage_stated(above) is not None and not (is_behind and self._is_of_one_model(above)):
                return above
            is_behind = is_behind or role is Role.BOUNDARY
        return None

    def _is_of_one_model(self, span: Span) -> bool:
        """Return whether a span reports calls of a single model only."""
        if role_of(span.type) is Role.MODEL:
            return True
        if span.span_id in self._standing | self._apart or role_of(span.type) is Role.BOUNDARY:
            return False
        by = self._nearest(span)
        return by is not None and self._is_of_one_model(by)

"""Retention rules: `30d` for all traces, `environment=dev:3d` for some, which overrides the general rule for those.

A trace's age counts from its end; if it is still running, from its last change.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from spanwell.observability.model.columns import Kind, Nanos, camel
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.span import STORED_COLUMNS
from spanwell.observability.questions.conditions import AllOf, AnyOf, Compare, Condition, Not, Op

_RULE = re.compile(r"(?:(?P<filter>.+):)?\s*(?P<count>\d{1,6})\s*(?P<unit>[mhdwy])\s*", re.DOTALL)
_SECONDS = {"m": 60, "h": 3_600, "d": 86_400, "w": 7 * 86_400, "y": 365 * 86_400}
_TEXTS = {
    name: column.name
    for column in STORED_COLUMNS
    if column.kind is Kind.TEXT
    for name in (column.name, camel(column.name))
}


@dataclass(frozen=True)
class Rule:
    """A retention rule: traces that match the condition (all if None) are kept for this many nanoseconds."""

    text: str
    age: int
    where: Condition | None = None
    is_special: bool = False
    """Whether the rule names its traces; the general rule applies to all others."""

    def due(self, now: Nanos) -> Condition:
        """Return the condition for traces that have expired at time `now`."""
        until = now - self.age
        running = AllOf((Compare("ended_at", Op.IS_NULL, value=True), Compare("changed_at", Op.LT, until)))
        over = AnyOf((Compare("ended_at", Op.LT, until), running))
        old = AllOf((Compare("started_at", Op.LT, until), over))
        return old if self.where is None else AllOf((old, self.where))


def rules_of(texts: Iterable[str]) -> list[Rule]:
    """Parse rules. Raises `InvalidInput`."""
    rules = [_rule(text) for text in texts]
    special = [rule for rule in rules if rule.is_special]
    general = [rule for rule in rules if not rule.is_special]
    if len(general) > 1:
        raise InvalidInput("has more than one age for all traces", "retain")
    return [_without(rule, special[:place]) for place, rule in enumerate(special + general)]


def _without(rule: Rule, others: Sequence[Rule]) -> Rule:
    """Return a rule restricted to traces that no other rule names."""
    if not others:
        return rule
    spoken = Not(AnyOf(tuple(other.where for other in others if other.where is not None)))
    return replace(rule, where=spoken if rule.where is None else AllOf((rule.where, spoken)))


def _rule(text: str) -> Rule:
    found = _RULE.fullmatch(text.strip())
    if found is None:
        raise InvalidInput(f"{text!r} is not an age such as `30d` or `environment=dev:3d`", "retain")
    age = int(found["count"]) * _SECONDS[found["unit"]] * 1_000_000_000
    parts = found["filter"].split("&") if found["filter"] else []
    where = AllOf(tuple(map(_comparison, parts))) if parts else None
    return Rule(text.strip(), age, where, is_special=bool(parts))


def _comparison(text: str) -> Compare:
    name, equals, value = text.partition("=")
    column = _TEXTS.get(name.strip())
    if not equals or column is None:
        raise InvalidInput(f"{text!r} is not a condition on a text field of spans, such as `environment=dev`", "retain")
    return Compare(column, Op.EQ, value.strip())

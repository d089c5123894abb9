"""What is asked of a store about scores and feedback."""

from dataclasses import dataclass

from spanwell.observability.model.assessments import AssessmentKind

from .conditions import ALWAYS, Condition
from .cursors import fingerprint
from .ordering import Order, OrderKey
from .queries import Window


def identity_of(kind: AssessmentKind) -> Order:
    """Return the order of the ids of a kind."""
    return (OrderKey(kind.id_column),)


def newest(kind: AssessmentKind) -> Order:
    """Return the usual order of a kind."""
    return (OrderKey("timestamp", descending=True, nulls_first=True), *identity_of(kind))


def changed(kind: AssessmentKind) -> Order:
    """Return the order in which the records of a kind last changed."""
    return (OrderKey("updated_at"), *identity_of(kind))


@dataclass(frozen=True)
class AssessmentQuery:
    """A list of scores, or of feedback: which, in what order, and which stretch."""

    kind: AssessmentKind
    window: Window
    where: Condition = ALWAYS
    order: Order = ()

    def fingerprint(self) -> bytes:
        """Return what the cursors of this list are bound to."""
        return fingerprint(self.kind.value, self.where, self.order)

"""The tests of a filter that only values of one type can meet, each with the place where it stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.columns import Kind, camel
from spanwell.observability.questions.conditions import Attribute
from spanwell.observability.questions.pointers import attribute_pointer

from .assessments import FeedbackFilter, ScoreFilter
from .logic import AttributeFilter, Logic, present
from .operators import TESTS

_OF: Mapping[type[Logic], AssessmentKind] = {
    ScoreFilter: AssessmentKind.SCORE,
    FeedbackFilter: AssessmentKind.FEEDBACK,
}


@dataclass(frozen=True)
class TypedTest:
    """A test, or a measure, of values of one kind alone; `of` says whose they are, if not those of spans."""

    element: str
    key: str
    attribute: Attribute
    of: AssessmentKind | None = None
    is_measure: bool = False


def typed_tests(asked: Any, element: str, of: AssessmentKind | None = None) -> Iterator[TypedTest]:
    """Yield the typed tests of a filter that was found valid."""
    if isinstance(asked, TypedTest):
        yield asked
    elif isinstance(asked, AttributeFilter):
        yield from _of_attribute(asked, element, of)
    elif isinstance(asked, list):
        for index, each in enumerate(asked):
            yield from typed_tests(each, f"{element}[{index}]", of)
    elif hasattr(asked, "__dataclass_fields__"):
        whose = _OF.get(type(asked)) if isinstance(asked, Logic) else of
        for name, value in vars(asked).items():
            if present(value):
                yield from typed_tests(value, f"{element}.{camel(name.rstrip('_'))}", whose)


def _of_attribute(asked: AttributeFilter, element: str, of: AssessmentKind | None) -> Iterator[TypedTest]:
    pointer = attribute_pointer(asked.level, asked.key)
    for kind, name in TESTS.items():
        operators: Any = getattr(asked, name)
        if not present(operators):
            continue
        needed = kind if kind is not Kind.JSON else _kind_of(operators.eq)
        if needed is not None:
            lenient = asked.coerce and kind is not Kind.JSON
            yield TypedTest(f"{element}.{name}", asked.key, Attribute(asked.level, pointer, needed, lenient), of)


_BEGINNINGS = {'"': Kind.TEXT, "t": Kind.FLAG, "f": Kind.FLAG, **dict.fromkeys("-0123456789", Kind.NUMBER)}


def _kind_of(document: Any) -> Kind | None:
    """Return the kind of a JSON value; None if it is missing or of no single kind."""
    return _BEGINNINGS.get(document[:1]) if present(document) else None

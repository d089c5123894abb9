"""What an answer warns of: tests of a filter that nothing can meet, as the field has no value of their type."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TypeAlias
from weakref import WeakKeyDictionary

from spanwell.graphql.arguments.logic import Asked
from spanwell.graphql.arguments.operators import TESTS
from spanwell.graphql.arguments.typed_tests import TypedTest, typed_tests
from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.columns import Kind
from spanwell.observability.model.errors import SpanwellError
from spanwell.observability.model.span import IDENTITY
from spanwell.observability.questions.conditions import Attribute, Compare, Op
from spanwell.observability.questions.queries import SpanQuery, Window
from spanwell.observability.service import Observability

from .messages import cut

Caution: TypeAlias = dict[str, str]
"""One warning as an answer shows it: `message`, `code`, and `element`."""

TYPE_MISMATCH = "TYPE_MISMATCH"

_SECONDS = 1.0
"""How long is looked for values of a field at most; an answer is not held up for more."""

_MOST_TESTS = 20
_MOST_SEEN = 10_000
_LONGEST_KEY = 100
_KINDS = (Kind.TEXT, Kind.NUMBER, Kind.FLAG)
_WORDS: Mapping[Kind, str] = {Kind.TEXT: "text", Kind.NUMBER: "a number", Kind.FLAG: "true or false"}


class Warnings:
    """Warns of filters, for each service apart: what the rows of others hold is not told."""

    def __init__(self) -> None:
        self._types = WeakKeyDictionary[Observability, _FieldTypes]()

    async def of(self, service: object, asked: Asked) -> list[Caution]:
        """Return what the filters test for in vain; nothing if that takes too long to find out."""
        tests = dict.fromkeys(test for name, each in asked for test in typed_tests(each, name))
        if not tests or not isinstance(service, Observability):
            return []
        types = self._types.setdefault(service, _FieldTypes())
        try:
            async with asyncio.timeout(_SECONDS):
                return [found for test in islice(tests, _MOST_TESTS) if (found := await types.warning(service, test))]
        except (TimeoutError, SpanwellError):
            return []


class _FieldTypes:
    """Remembers which fields have values of which types: once seen, that is not looked for again."""

    def __init__(self) -> None:
        self._seen: set[tuple[object, Attribute]] = set()

    async def warning(self, service: Observability, test: TypedTest) -> Caution | None:
        """Return what is wrong with a test; None if some value may meet it, or there is none at all."""
        if (test.of, test.attribute) in self._seen:
            return None
        if not await _is_there(service, test.of, replace(test.attribute, kind=Kind.JSON, lenient=False)):
            return None
        if await _is_there(service, test.of, test.attribute):
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            self._seen.add((test.of, test.attribute))
            return None
        plain = [replace(test.attribute, kind=kind, lenient=False) for kind in _KINDS if kind != test.attribute.kind]
        kinds = [each.kind for each in plain if await _is_there(service, test.of, each)]
        return {"message": _message(test, kinds), "code": TYPE_MISMATCH, "element": test.element}


async def _is_there(service: Observability, of: AssessmentKind | None, attribute: Attribute) -> bool:
    """Return whether some record has such a value."""
    where = Compare(attribute, Op.IS_NULL, value=False)
    if of is not None:
        return await service.readable.count_assessments(of, where) > 0
    return bool((await service.readable.list_spans(SpanQuery(Window(1), where, columns=IDENTITY))).nodes)


def _message(test: TypedTest, kinds: Sequence[Kind]) -> str:
    name = f"`{cut(test.key, _LONGEST_KEY)}` of {test.attribute.level.name}"
    if not kinds:
        return f"{name} is never {_WORDS[test.attribute.kind]}: it is null, an object or an empty list."
    instead = " and ".join(f"`{TESTS[kind]}`" for kind in kinds)
    ways = instead if test.attribute.lenient else f"{instead}, or with `coerce: true`"
    found = " or ".join(_WORDS[kind] for kind in kinds)
    return f"{name} is never {_WORDS[test.attribute.kind]}: it is {found}. Ask with {ways}."

"""Warns about tests of a filter that cannot match, because the field never has a value of their type."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TypeAlias
from weakref import WeakKeyDictionary

from spanwell.graphql.arguments.logic import UsedFilters
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
"""A warning in a response: `message`, `code`, and `element`."""

TYPE_MISMATCH = "TYPE_MISMATCH"

_SECONDS = 1.0
"""The time limit for finding warnings, which delay the response."""

_MOST_TESTS = 20
_MOST_SEEN = 10_000
_LONGEST_KEY = 100
_KINDS = (Kind.TEXT, Kind.NUMBER, Kind.FLAG)
_WORDS: Mapping[Kind, str] = {Kind.TEXT: "text", Kind.NUMBER: "a number", Kind.FLAG: "true or false"}


class Warnings:
    """Finds warnings, separately for each service, so that nothing is revealed about rows of other tenants."""

    def __init__(self) -> None:
        self._types = WeakKeyDictionary[Observability, _FieldTypes]()

    async def of(self, service: object, filters: UsedFilters) -> list[Caution]:
        """Return the warnings about some filters; none if finding them takes too long."""
        tests = dict.fromkeys(test for name, each in filters for test in typed_tests(each, name))
        if not tests or not isinstance(service, Observability):
            return []
        types = self._types.setdefault(service, _FieldTypes())
        try:
            async with asyncio.timeout(_SECONDS):
                return [
                    warning for test in islice(tests, _MOST_TESTS) if (warning := await types.warning(service, test))
                ]
        except (TimeoutError, SpanwellError):
            return []


class _FieldTypes:
    """Remembers the types of values that fields have, so that each is looked for once."""

    def __init__(self) -> None:
        self._seen: set[tuple[object, Attribute]] = set()

    async def warning(self, service: Observability, test: TypedTest) -> Caution | None:
        """Return the warning about a test; None if a value may match, or the field has no values at all."""
        if (test.of, test.attribute) in self._seen:
            return None
        if not await _exists(service, test.of, replace(test.attribute, kind=Kind.JSON, lenient=False)):
            return None
        if await _exists(service, test.of, test.attribute):
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            self._seen.add((test.of, test.attribute))
            return None
        plain = [replace(test.attribute, kind=kind, lenient=False) for kind in _KINDS if kind != test.attribute.kind]
        kinds = [each.kind for each in plain if await _exists(service, test.of, each)]
        return {"message": _message(test, kinds), "code": TYPE_MISMATCH, "element": test.element}


async def _exists(service: Observability, of: AssessmentKind | None, attribute: Attribute) -> bool:
    """Return whether any record has a value of the attribute's kind."""
    where = Compare(attribute, Op.IS_NULL, value=False)
    if of is not None:
        return await service.readable.count_assessments(of, where) > 0
    return bool((await service.readable.list_spans(SpanQuery(Window(1), where, columns=IDENTITY))).nodes)


def _message(test: TypedTest, kinds: Sequence[Kind]) -> str:
    name = f"`{cut(test.key, _LONGEST_KEY)}` of {test.attribute.level.name}"
    if not kinds:
        return f"{name} is never {_WORDS[test.attribute.kind]}: it is null, an object or an empty list."
    actual = " or ".join(_WORDS[kind] for kind in kinds)
    ways = [] if test.is_measure else ["with " + " and ".join(f"`{TESTS[kind]}`" for kind in kinds)]
    if not test.attribute.lenient and not (test.is_measure and Kind.TEXT not in kinds):
        ways.append("with `coerce: true`")
    advice = f" Ask {', or '.join(ways)}." if ways else ""
    return f"{name} is never {_WORDS[test.attribute.kind]}: it is {actual}.{advice}"

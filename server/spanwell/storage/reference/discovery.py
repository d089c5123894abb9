"""Fields, attribute keys and values in use, in plain Python."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import msgspec

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.record import column_value
from spanwell.observability.model.span import SPAN_COLUMNS, Span
from spanwell.observability.model.text import fold
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.conditions import MANY, Level
from spanwell.observability.questions.discovery import (
    LARGEST_DOCUMENT,
    LONGEST_VALUE,
    SAMPLE,
    FieldsQuery,
    FieldValue,
    Reach,
    Seen,
    SeenKey,
    ValuesQuery,
    ranked,
)
from spanwell.observability.questions.fields import FIELDS_OF_TRACES


def plain_seen(newest: Sequence[Span], traces: Mapping[str, Trace], query: FieldsQuery) -> Seen:
    """Return the fields and keys of spans, which are passed newest first, and of their traces."""
    every = _seen(newest, traces)
    if query.reach is Reach.EVERY:
        return every if query.with_types else replace(every, keys=list(map(_without_kinds, every.keys)))
    seen = _seen(newest[:SAMPLE], traces)
    return seen.knowing(every.keys) if query.reach is Reach.KNOWN else seen


def _without_kinds(key: SeenKey) -> SeenKey:
    return replace(key, kinds=frozenset())


def _seen(newest: Sequence[Span], traces: Mapping[str, Trace]) -> Seen:
    columns = {c.name: sum(getattr(span, c.name) is not None for span in newest) for c in SPAN_COLUMNS}
    theirs = [traces[span.trace_id] for span in newest]
    of_traces = {c.name: sum(column_value(trace, c.name) is not None for trace in theirs) for c in FIELDS_OF_TRACES}
    counts: Counter[_Key] = Counter()
    kinds: dict[_Key, set[Kind]] = {}
    for span in newest:
        of_span: set[_Key] = set()
        for key, value in _attributes(span):
            of_span.add(key)
            kinds.setdefault(key, set()).update(_kinds(value))
        counts.update(of_span)
    keys = [SeenKey(level, key, frozenset(kinds[level, own, key]), n, own) for (level, own, key), n in counts.items()]
    return Seen(columns, ranked(keys), of_traces)


_Key: TypeAlias = tuple[Level, bool, str]


def _attributes(span: Span) -> Iterator[tuple[_Key, Any]]:
    for level in Level:
        document = getattr(span, level.value)
        if document is None or len(document.encode()) > LARGEST_DOCUMENT:
            continue
        for own, found in _objects(level, msgspec.json.decode(document)):
            if isinstance(found, dict):
                yield from (
                    ((level, own, key), value) for key, value in found.items() if not own or key != "attributes"
                )


def _objects(level: Level, document: Any) -> Iterable[tuple[bool, Any]]:
    if level not in MANY:
        return ((False, document),)
    listed = [one for one in (document if isinstance(document, list) else ()) if isinstance(one, dict)]
    return [*((False, one.get("attributes")) for one in listed), *((True, one) for one in listed)]


def _kinds(value: Any) -> set[Kind]:
    if isinstance(value, list):
        return {kind for element in value for kind in ({Kind.JSON} if isinstance(element, list) else _kinds(element))}
    match value:
        case None:
            return set()
        case bool():
            return {Kind.FLAG}
        case int() | float():
            return {Kind.NUMBER}
        case str():
            return {Kind.TEXT}
        case _:
            return {Kind.JSON}


def plain_values(texts: Iterable[list[str]], query: ValuesQuery) -> list[FieldValue]:
    """Return the values of a field, of which each span has some, the most frequent first."""
    counts = Counter(
        text
        for of_span in texts
        for text in set(of_span)
        if len(text.encode()) <= LONGEST_VALUE
        and fold(text).startswith(fold(query.prefix))
        and fold(query.contains) in fold(text[query.skipped :])
    )

    def rank(found: FieldValue) -> tuple[int, str]:
        return (0 if query.by_value else -found.count), found.value

    found = sorted((FieldValue(*each) for each in counts.items()), key=rank)
    return [each for each in found if query.after is None or rank(each) > rank(query.after)][: query.size]

"""A test of a filter that no value can meet is told beside the answer; an answer that is merely empty says nothing."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwell.graphql.execution import warnings
from spanwell.observability.access import Access
from spanwell.observability.model.columns import Json
from spanwell.observability.model.span import Span
from spanwell.observability.questions.queries import Page, SpanQuery
from tests.graphql.asking import Asker, SparingStorage
from tests.making import span

ATTRIBUTES = '{"code": 500, "nothing": null, "list": ["x", 1], "text": "5", "flag": true, "object": {"a": 1}}'
EVENTS = '[{"name": "retry", "attributes": {"attempt": 2}}]'
SCORE = 'mutation { batchCreateScores(scores: [{scoreId: "1", name: "n", traceId: "t", metadata: {m: 1}}]) { createdCount } }'  # noqa: E501 - one document


@pytest.fixture
def asker() -> Asker:
    made = Asker(span("t", "a", attributes=Json(ATTRIBUTES), events=Json(EVENTS), metadata=Json('{"m": true}')))
    made.ask(SCORE)
    return made


def warned(asker: Asker, query: str) -> list[str]:
    """Return the elements that an answer warns of."""
    answer = asker.answer(query)
    assert answer.failures == []
    found = msgspec.json.decode(answer.json).get("extensions", {}).get("warnings", [])
    assert all(each["code"] == "TYPE_MISMATCH" and each["message"].endswith(".") for each in found)
    return [each["element"] for each in found]


IN_VAIN = {
    '{attributes: [{key: "code", string: {eq: "500"}}]}': ["attributes[0].string"],
    '{attributes: [{key: "code", string: {ne: "500"}}]}': ["attributes[0].string"],
    '{attributes: [{key: "code", json: {eq: "500"}}]}': ["attributes[0].json"],
    '{attributes: [{key: "nothing", number: {gt: 1}}]}': ["attributes[0].number"],
    '{attributes: [{key: "flag", number: {eq: 1}, coerce: true}]}': ["attributes[0].number"],
    '{attributes: [{key: "object", string: {contains: "a"}}]}': ["attributes[0].string"],
    '{attributes: [{key: "attempt", level: EVENT, string: {eq: "2"}}]}': ["attributes[0].string"],
    '{attributes: [{key: "/name", level: EVENT, number: {eq: 2}}]}': ["attributes[0].number"],
    '{attributes: [{key: "m", level: METADATA, string: {eq: "x"}, number: {eq: 1}}]}': [
        "attributes[0].string",
        "attributes[0].number",
    ],
    '{or: [{name: {eq: "n"}}, {not: {attributes: [{key: "list", boolean: {eq: true}}]}}]}': [
        "or[1].not.attributes[0].boolean"
    ],
    '{child: {none: {attributes: [{key: "text", boolean: {eq: true}}]}}}': ["child.none.attributes[0].boolean"],
    '{scores: {some: {attributes: [{key: "m", level: METADATA, boolean: {eq: true}}]}}}': [
        "scores.some.attributes[0].boolean"
    ],
    '{scores: {some: {span: {attributes: [{key: "code", boolean: {eq: true}}]}}}}': [
        "scores.some.span.attributes[0].boolean"
    ],
}
MEANT = [
    '{attributes: [{key: "code", number: {eq: 404}}]}',
    '{attributes: [{key: "code", string: {eq: "404"}, coerce: true}]}',
    '{attributes: [{key: "code", json: {eq: null}}, {key: "code", json: {isNull: true}}]}',
    '{attributes: [{key: "code", json: {eq: 4}}, {key: "text", json: {eq: "x"}}, {key: "flag", json: {eq: false}}]}',
    '{attributes: [{key: "unknown", string: {eq: "x"}}]}',
    '{attributes: [{key: "list", string: {eq: "y"}}, {key: "list", number: {eq: 7}}]}',
    '{attributes: [{key: "text", number: {eq: 7}, coerce: true}]}',
    '{attributes: [{key: "code", exists: false}]}',
    '{scores: {some: {attributes: [{key: "m", level: METADATA, number: {eq: 7}}]}}}',
    '{name: {eq: "none"}, search: "none"}',
    "{or: []}",
]


@pytest.mark.parametrize("filtered", IN_VAIN)
def test_what_no_value_of_the_field_can_meet_is_warned_of(asker: Asker, filtered: str) -> None:
    found = warned(asker, f"{{ spans(filter: {filtered}) {{ totalCount }} }}")
    assert found == [f"filter.{element}" for element in IN_VAIN[filtered]]


@pytest.mark.parametrize("filtered", MEANT)
def test_an_empty_answer_alone_is_no_reason_to_warn(asker: Asker, filtered: str) -> None:
    for _ in range(2):  # the second time it is known what the field holds
        assert warned(asker, f"{{ spans(filter: {filtered}) {{ totalCount }} }}") == []


VAIN = '{attributes: [{key: "code", string: {eq: "500"}}]}'
QUESTIONS = [
    f"{{ traces(filter: {VAIN}) {{ totalCount }} }}",
    f"{{ traces {{ nodes {{ spans(filter: {VAIN}) {{ totalCount }} }} }} }}",
    f"{{ spanStats(filter: {VAIN}) {{ count }} }}",
    f"{{ traceStats(filter: {VAIN}) {{ count }} }}",
    f"{{ sessions(filter: {VAIN}) {{ totalCount }} }}",
    f'{{ spanFieldValues(field: "name", filter: {VAIN}) {{ value }} }}',
    f"{{ spanFields(filter: {VAIN}) {{ name }} }}",
    f"{{ services(filter: {VAIN}) {{ name }} }}",
    f"{{ errors(filter: {VAIN}) {{ message }} }}",
    f"{{ callTree(filter: {VAIN}) {{ name }} }}",
    f"mutation {{ deleteTraces(filter: {VAIN}, dryRun: true) {{ matchedTraceCount }} }}",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_with_a_filter_warns(asker: Asker, question: str) -> None:
    assert warned(asker, question) == ["filter.attributes[0].string"]


def test_both_filters_of_a_comparison_are_named(asker: Asker) -> None:
    question = f"{{ spanDifference(baseline: {VAIN}, selection: {VAIN}) {{ baselineCount }} }}"
    assert warned(asker, question) == ["baseline.attributes[0].string", "selection.attributes[0].string"]


MEASURED = {
    'numbers(field: "text", level: SPAN) { sum }': "it is text. Ask with `coerce: true`.",
    'numbers(field: "flag", level: SPAN) { sum }': "it is true or false.",
    'numbers(field: "flag", level: SPAN, coerce: true) { sum }': "it is true or false.",
    'numbers(field: "nothing", level: SPAN) { sum }': "it is null, an object or an empty list.",
    'numbers(field: "text", level: SPAN, coerce: true) { sum }': None,
    'numbers(field: "list", level: SPAN) { sum }': None,
    'numbers(field: "attempt", level: EVENT) { sum }': None,
    'numbers(field: "unknown", level: SPAN) { sum }': None,
}


@pytest.mark.parametrize("measured", MEASURED)
def test_what_a_measure_never_counts_is_warned_of(asker: Asker, measured: str) -> None:
    document = msgspec.json.decode(asker.answer(f"{{ spanStats {{ {measured} }} }}").json)
    found = document.get("extensions", {}).get("warnings", [])
    assert [(each["element"], each["message"].partition(": ")[2]) for each in found] == [
        ("numbers", message) for message in [MEASURED[measured]] if message
    ]


@pytest.mark.parametrize("argument", ["orderBy: [{%s}]", "having: [{is: {gt: 0}, %s}]"])
@pytest.mark.parametrize(
    ("of", "is_vain"),
    [
        ('{field: "text", level: SPAN, figure: SUM}', True),
        ('{field: "text", level: SPAN, figure: SUM, coerce: true}', False),
        ('{field: "text", level: SPAN, figure: COUNT_DISTINCT}', False),
        ('{field: "attempt", level: EVENT, figure: MAX}', False),
    ],
)
def test_groups_that_are_ordered_or_tested_by_what_is_never_counted_are_warned_of(
    asker: Asker, argument: str, of: str, *, is_vain: bool
) -> None:
    question = f'{{ spanStats(groupBy: [{{field: "name"}}], {argument % f"of: {of}"}) {{ count }} }}'
    name = argument.partition(":")[0]
    assert warned(asker, question) == ([f"{name}[0].of"] if is_vain else [])


def test_what_a_measure_of_scores_never_counts_is_warned_of(asker: Asker) -> None:
    assert warned(asker, '{ scoreStats { numbers(field: "m", level: METADATA) { sum } } }') == []
    assert warned(asker, '{ scoreStats { numbers(field: "n", level: METADATA) { sum } } }') == []
    asker.ask(SCORE.replace('"1"', '"2"').replace("m: 1", "n: true"))
    assert warned(asker, '{ scoreStats { numbers(field: "n", level: METADATA) { sum } } }') == ["numbers"]


VALUES: Sequence[Any] = ["x", "5", 5, 1.5, True, None, {"a": 1}, [1, "y"], [], [[True]], [None]]
TESTS = {"string": '{eq: "z"}', "number": "{eq: 77}", "boolean": "{isNull: true}"}
ELEMENTS: dict[str, type | tuple[type, ...]] = {"string": str, "number": (int, float), "boolean": bool}


def holds(value: Any, test: str) -> bool:
    """Return whether a value, or an element of a list, is of the type that a test asks for."""
    if isinstance(value, list):
        return any(holds(each, test) for each in value if not isinstance(each, list))
    return isinstance(value, ELEMENTS[test]) and not (test == "number" and isinstance(value, bool))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(VALUES), max_size=3), st.sampled_from(sorted(TESTS)))
def test_there_is_a_warning_just_where_the_key_is_there_and_no_value_is_of_the_type(
    values: list[Any], test: str
) -> None:
    spans = [span("t", str(at), attributes=Json(msgspec.json.encode({"k": v}).decode())) for at, v in enumerate(values)]
    found = warned(
        Asker(*spans), f'{{ spans(filter: {{attributes: [{{key: "k", {test}: {TESTS[test]}}}]}}) {{ totalCount }} }}'
    )
    assert bool(found) == (bool(values) and not any(holds(value, test) for value in values))


def test_what_is_known_is_not_looked_for_again_and_the_room_for_it_is_bounded(
    asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warnings, "_MOST_SEEN", 1)
    calls = []
    for key in ("code", "code", "text", "code"):
        test = "string" if key == "text" else "number"
        value = '"x"' if key == "text" else "1"
        warned(
            asker, f'{{ spans(filter: {{attributes: [{{key: "{key}", {test}: {{eq: {value}}}}}]}}) {{ totalCount }} }}'
        )
        calls.append(len(asker.called))
    assert calls == [3, 1, 3, 3]


def test_an_answer_waits_for_its_warnings_a_short_while_only(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = SparingStorage.list_spans

    async def slow(self: SparingStorage, query: SpanQuery) -> Page[Span]:
        if query.window.size == 1:
            await asyncio.sleep(60)
        return await plain(self, query)

    monkeypatch.setattr(SparingStorage, "list_spans", slow)
    monkeypatch.setattr(warnings, "_SECONDS", 0.01)
    assert warned(asker, f"{{ spans(filter: {VAIN}) {{ totalCount }} }}") == []


def test_what_the_rows_of_other_tenants_hold_is_not_told(asker: Asker) -> None:
    service = asker.service
    asker.service = service.allowed(Access(organization="other"))
    assert warned(asker, f"{{ spans(filter: {VAIN}) {{ totalCount }} }}") == []
    asker.service = service
    assert warned(asker, f"{{ spans(filter: {VAIN}) {{ totalCount }} }}") == ["filter.attributes[0].string"]

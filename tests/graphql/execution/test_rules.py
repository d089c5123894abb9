"""Leaving rules out does not let anything through, and changes nothing that is said."""

import re
from random import Random

import pytest
from graphql import GraphQLError, parse, validate

from spanwell.graphql.execution import rules
from spanwell.graphql.execution.rules import FRAGMENT_RULES, RULES, rules_for
from spanwell.graphql.library import core_schema
from spanwell.graphql.schema import schema
from tests.graphql.fast.random_queries import DECLARED, QueryMaker

_CORE = core_schema(schema)
_DIRECTIVE = re.compile(r"@\w+\(if: [^)]*\)")
_USE = re.compile(r"(?<=: )\$\w+")
_WORD = re.compile(r"\b[a-zA-Z]\w*")
_WRITTEN = (
    "{ spans(first: $first) { totalCount } }",
    "query ($a: Int) { tracingStrategy { preferred } }",
    "query ($a: Int, $a: Int) { spans(first: $a) { totalCount } }",
    "query ($a: Span) { spans(first: $a) { totalCount } }",
    "query ($a: String) { spans(first: $a) { totalCount } }",
    "{ spans @nonsense { totalCount } }",
    "{ spans @skip(if: true) @skip(if: true) { totalCount } }",
    "{ ...Missing }",
    "{ ... on Span { name } }",
    "{ ... on SortDirection { name } }",
    "{ spans { nodes { ... on Trace { name } } } }",
    "{ __schema { types { name } } }",
)


def _damaged(random: Random) -> str:
    text = QueryMaker(_CORE, random).document()
    if random.random() < 0.7:
        text = _DIRECTIVE.sub("", text)
    if random.random() < 0.7:
        text = text.replace(f"({DECLARED})", "")
    if random.random() < 0.7:
        text = _USE.sub(lambda _: random.choice(("1", '"a"', "true", "[]")), text)
    for _ in range(random.randint(0, 2)):
        words = list(_WORD.finditer(text))
        one, other = random.choice(words), random.choice(words)
        text = text[: one.start()] + other[0] + text[one.end() :]
    return text


def _said(text: str) -> tuple[list[GraphQLError], list[GraphQLError]]:
    """Return what all rules say of a text that is one of a document, and what the rules say that it is asked."""
    node = parse(text)
    if "..." not in text and "fragment" in text:
        assert validate(_CORE, node, FRAGMENT_RULES)  # refused before the others are asked
        return [], []
    return validate(_CORE, node, RULES), validate(_CORE, node, rules_for(text))


@pytest.mark.parametrize("text", _WRITTEN)
def test_a_text_is_said_to_be_wrong_in_the_same_words(text: str) -> None:
    in_full, in_short = _said(text)
    assert in_short == in_full


@pytest.mark.no_cover  # random texts; the rules have examples of their own, and tracing takes most of the time
def test_random_texts_are_said_to_be_wrong_in_the_same_words() -> None:
    parsed, wrong, short = 0, 0, 0
    for seed in range(150):
        text = _damaged(Random(seed))
        try:
            in_full, in_short = _said(text)
        except GraphQLError:
            continue
        assert in_short == in_full, text
        parsed += 1
        wrong += bool(in_full)
        short += len(rules_for(text)) < len(RULES)
    assert parsed > 50
    assert wrong > 25
    assert short > 25


@pytest.mark.parametrize("characters", rules._ABOUT)
def test_rules_left_out_where_they_matter_are_noticed(characters: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_ABOUT", {"#" * 9: rules._ABOUT[characters]})
    assert any(in_full != in_short for in_full, in_short in map(_said, _WRITTEN))


def test_introspection_is_refused_where_it_is_off() -> None:
    node = parse("{ __schema { types { name } } }")
    assert validate(_CORE, node, rules_for("{}")) == []
    assert validate(_CORE, node, rules_for("{}", introspection=False))

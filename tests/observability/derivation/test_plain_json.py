r"""JSON is stored without the escapes that it does not need: `\u8bf7` is found by whoever looks for the character."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwell.observability.derivation.plain_json import plain_json, plain_value, with_plain_json
from spanwell.observability.model.columns import Json
from spanwell.observability.model.span_batch import SpanColumns
from tests.making import ended

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("came", "stored"),
    [
        (r'"\u8bf7\u95ee \ud83d\udea2"', '"请问 🚢"'),
        (r'{"\u0434": "https:\/\/example.org"}', '{"д": "https://example.org"}'),
        (r'{"a": "{\"stop\": \"\\u043a\"}"}', r'{"a": "{\"stop\": \"к\"}"}'),
        (r'"[\"{\\\"a\\\": \\\"\\\\u043a\\\"}\"]"', r'"[\"{\\\"a\\\": \\\"к\\\"}\"]"'),
        (r'["C:\\users\\u0041", "\\u0041 is A"]', r'["C:\\users\\u0041", "\\u0041 is A"]'),
        (r'"{ \\u0041 is no JSON"', r'"{ \\u0041 is no JSON"'),
        (r'["\u0000\u001f\u0022\u005c\u000a"]', r'["\u0000\u001f\"\\\n"]'),
        (r'["\ud800", "\u0041"]', r'["\ud800", "A"]'),
        (r'"cut \ud83d \u0041 \ud83d\udea2 \/ \u0022"', r'"cut \ud83d A 🚢 / \""'),
        (r'{"a": "{\"b\": \"\\u043a \\ud83d\"}"}', r'{"a": "{\"b\": \"к \\ud83d\"}"}'),
        (r'{"a": "\"\\u043a\""}', r'{"a": "\"к\""}'),
        (r'"\"{\\\"a\\\": \\\"\\\\u043a\\\"}\""', r'"\"{\\\"a\\\": \\\"к\\\"}\""'),
        (
            r'{"n": 1.10, "big": 123456789012345678901234567890, "a" :"\u0041"}',
            '{"n": 1.10, "big": 123456789012345678901234567890, "a" :"A"}',
        ),
        (r'"a\\/b"', r'"a\\/b"'),
    ],
)
def test_characters_stand_for_themselves_where_json_lets_them(came: str, stored: str) -> None:
    assert plain_json(came) == stored


@given(VALUES)
def test_what_is_stored_means_what_came(value: Any) -> None:
    stored = plain_json(json.dumps([json.dumps(value), value]))
    as_text, now = msgspec.json.decode(stored)
    assert now == value
    assert json.loads(as_text) == value
    assert plain_json(stored) == stored


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"\\'), min_size=1, max_size=20))
def test_any_text_is_in_what_is_stored_of_it(text: str) -> None:
    for came in (
        json.dumps(text),
        json.dumps([json.dumps({"a": text})]),
        json.dumps({text: json.dumps([json.dumps([text])])}),
    ):
        assert text in plain_json(came)


def test_only_columns_with_such_escapes_are_made_anew() -> None:
    plain = SpanColumns.of([ended("t", "a", input=Json('"é"'))])
    assert with_plain_json(plain) is plain
    odd = SpanColumns.of([ended("t", "a", input=Json(r'"\u00e9"')), ended("t", "b", output=Json("1"))])
    assert with_plain_json(odd).values["input"] == ['"é"', None]
    assert with_plain_json(odd).values["output"] is odd.values["output"]


@pytest.mark.parametrize(
    ("came", "stored"),
    [(r'{"e": "\u043a"}', '{"e": "к"}'), (r"C:\users\u0041", r"C:\users\u0041"), (r'{"e": \u043a}', r'{"e": \u043a}')],
)
def test_a_message_of_a_status_is_plain_if_it_is_json(came: str, stored: str) -> None:
    assert plain_value("status_message", came) == stored
    assert plain_value("name", came) == came

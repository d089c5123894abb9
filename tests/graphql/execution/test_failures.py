import logging
from collections.abc import Mapping
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLScalarType, build_schema, execute_sync, parse, validate

from spanwell.graphql.execution.failures import Code, Failure, Refused, failure, failures, refused
from spanwell.observability.model.errors import (
    BadCursor,
    Forbidden,
    InvalidInput,
    Overloaded,
    SpanwellError,
    StorageUnavailable,
)
from tests.graphql.documents import TOY

SECRET = "the password is swordfish; " * 50


def coerced(spans: object) -> list[Failure]:
    """Return what is wrong with a variable."""
    result = execute_sync(
        TOY, parse("mutation ($spans: [SpanInput!]!) { create(spans: $spans) }"), None, None, {"spans": spans}
    )
    return failures(result.errors or [], Code.BAD_USER_INPUT)


def executed(query: str, root: Mapping[str, Any], variables: dict[str, Any] | None = None) -> Failure:
    """Return what went wrong in execution."""
    result = execute_sync(TOY, parse(query), root, None, variables)
    assert result.errors
    return failure(result.errors[0])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidInput("is odd", "spans[1].name"), "BAD_USER_INPUT"),
        (BadCursor("The cursor is damaged."), "BAD_CURSOR"),
        (Forbidden("Deleting is switched off."), "FORBIDDEN"),
        (Overloaded("Too much is waiting."), "OVERLOADED"),
        (StorageUnavailable("The disk is full."), "INTERNAL"),
    ],
)
def test_our_own_errors_keep_their_code_and_their_sentence_wherever_they_are_raised(
    error: SpanwellError, code: str
) -> None:
    def resolve(*_: object) -> None:
        raise error

    assert failure(error)["extensions"]["code"] == code
    assert executed("{ ok }", {"ok": resolve}) == {
        "message": str(error),
        "path": ["ok"],
        "locations": [{"line": 1, "column": 3}],
        "extensions": {"code": code} | ({"element": "spans[1].name"} if isinstance(error, InvalidInput) else {}),
    }


def test_any_other_exception_says_nothing_of_itself_but_can_be_found_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def resolve(*_: object) -> None:
        raise RuntimeError("SELECT secret FROM /srv/spans.duckdb")

    with caplog.at_level(logging.ERROR):
        shown = executed("{ ok }", {"ok": resolve})
    assert shown["extensions"] == {"code": "INTERNAL"}
    assert "SELECT" not in str(shown)
    reference = shown["message"].rstrip(".").rpartition(" ")[2]
    assert reference in caplog.text
    assert "SELECT secret" in caplog.text
    assert "Traceback" in caplog.text


def test_a_failing_store_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        failure(StorageUnavailable("The disk is full."))
    assert "The disk is full." in caplog.text


@pytest.mark.parametrize("root", [{"required": None}, {"required": "many"}])
def test_a_wrong_value_of_our_own_is_internal(root: dict[str, Any]) -> None:
    assert executed("{ required }", root)["extensions"]["code"] == "INTERNAL"


def test_an_argument_that_turns_out_to_be_null_is_bad_input() -> None:
    shown = executed("query ($n: Int = 1) { echo(count: $n) }", {}, {"n": None})
    assert shown["extensions"]["code"] == "BAD_USER_INPUT"
    assert "'count'" in shown["message"]


def test_a_code_that_a_graphql_error_states_is_kept_if_it_is_one_of_ours() -> None:
    assert failure(GraphQLError("No.", extensions={"code": "FORBIDDEN"}))["extensions"]["code"] == "FORBIDDEN"
    assert failure(GraphQLError("No.", extensions={"code": "COFFEE"}))["extensions"]["code"] == "INTERNAL"


@pytest.mark.parametrize(
    ("spans", "element", "reason"),
    [
        ([{}], "spans[0]", "required field 'traceId'."),
        ([{"traceId": "t"}, {"traceId": None}], "spans[1].traceId", "not to be null."),
        ([{"traceId": "t", "count": 1.5}], "spans[0].count", "Int cannot represent non-integer value: 1.5"),
        ([{"traceId": "t", "count": SECRET}], "spans[0].count", "Int cannot represent non-integer value."),
        ([{"traceId": "t", "kind": "CLINT"}], "spans[0].kind", "Did you mean the enum value 'CLIENT'?"),
        ([{"traceId": "t", "tags": ["a", 5]}], "spans[0].tags[1]", "String cannot represent a non string value: 5"),
        ([{"traceId": "t", "parent": {"nmae": SECRET}}], "spans[0].parent", "unknown field 'nmae'"),
        (SECRET, "spans", "to be an object."),
        (None, "spans", "not to be null."),
    ],
)
def test_a_wrong_variable_is_named_to_the_element_and_not_quoted(spans: object, element: str, reason: str) -> None:
    shown = coerced(spans)
    (match,) = (one for one in shown if reason in one["message"])
    assert match["message"].startswith(f"Variable `$spans` at `{element}`: ")
    assert match["extensions"] == {"code": "BAD_USER_INPUT", "element": element}
    assert "swordfish" not in str(shown)


def test_a_scalar_of_ours_names_the_element_in_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def coerce(*_: object) -> None:
        raise InvalidInput("needs a UTC offset")

    ours = build_schema("scalar Moment input Span { at: Moment } type Query { echo(at: Moment, spans: [Span!]): Int }")
    moment = ours.type_map["Moment"]
    assert isinstance(moment, GraphQLScalarType)
    monkeypatch.setattr(moment, "coerce_input_value", coerce)
    monkeypatch.setattr(moment, "coerce_input_literal", coerce)
    asked = parse("query($spans: [Span!]) { echo(spans: $spans) }")
    result = execute_sync(ours, asked, None, None, {"spans": [{"at": "2026"}]})
    (shown,) = failures(result.errors or [], Code.BAD_USER_INPUT)
    assert shown["message"] == "Variable `$spans` at `spans[0].at`: it needs a UTC offset."
    assert shown["extensions"] == {"code": "BAD_USER_INPUT", "element": "spans[0].at"}
    (literal,) = failures(validate(ours, parse('{ echo(at: "2026") }')), Code.GRAPHQL_VALIDATION_FAILED)
    assert literal["message"] == 'The value "2026" needs a UTC offset.'
    assert literal["extensions"]["code"] == "BAD_USER_INPUT"


def test_messages_locations_and_lists_of_errors_stay_short() -> None:
    conflict = validate(TOY, parse("{" + "a: ok a: __typename " * 9 + "}"))
    shown = failures([*conflict, *(GraphQLError("x" * 5_000) for _ in range(99))], Code.GRAPHQL_VALIDATION_FAILED)
    assert len(shown) == 10
    assert max(len(one["message"]) for one in shown) <= 300
    assert max(len(one.get("locations", ())) for one in shown) <= 4


def test_a_refusal_carries_its_failures_and_the_first_sentence() -> None:
    refusal = refused([GraphQLError("One."), BadCursor("Two.")], Code.GRAPHQL_PARSE_FAILED)
    assert isinstance(refusal, Refused)
    assert str(refusal) == "One."
    assert [one["extensions"]["code"] for one in refusal.failures] == ["GRAPHQL_PARSE_FAILED", "BAD_CURSOR"]

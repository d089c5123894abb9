"""Langfuse's traces come in as what was sent to it, with what it worked out."""

import json
from pathlib import Path
from typing import Any

import pytest

from spanwell.importing import ImportFailed
from spanwell.importing.files import count_spans
from spanwell.importing.formats.langfuse_values import content
from spanwell.observability.model.span import SpanStatus
from tests.importing.stores import Store
from tests.making import START, at

from .langfuse_exports import EMPTY, export, observation, written


def attributes(store: Store, span_id: str = "a1") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(store.span("t1", span_id).attributes or "")
    return found


def tokens(store: Store) -> tuple[int | None, int | None, int | None, float | None]:
    """Return the totals of the trace."""
    (trace,) = store.runner.run(store.storage.get_traces(["t1"]))
    assert trace is not None
    return trace.input_tokens, trace.output_tokens, trace.total_tokens, trace.cost_usd


def test_an_observation_is_what_was_sent(store: Store, tmp_path: Path) -> None:
    metadata = {
        "attributes": {"gen_ai.operation.name": "chat", "server.port": "443"},
        "resourceAttributes": {"service.name": "support"},
        "scope": {"name": "sdk", "version": "3", "attributes": {"k": "v"}},
        "thread_id": "th",
        "ls_provider": "openai",
    }
    given = observation(
        metadata=json.dumps(metadata),
        input='[{"role": "user"}]',
        output=json.dumps(json.dumps("hi")),
        modelParameters={"temperature": 0},
        environment="prod",
    )
    told = {"userId": "ann", "sessionId": "s", "tags": ["x"], "release": "r1", "scores": [{"name": "ok", "value": 1}]}
    store.add(written(tmp_path / "a.json", export(given, name="help", **told)))
    span = store.span("t1", "a1")
    assert (span.type, span.started_at, span.ended_at) == ("chat", START, at(1))
    assert (span.service_name, span.environment, span.thread_id) == ("support", "prod", "th")
    assert (span.user_id, span.session_id, span.tags, span.provider) == ("ann", "s", ["x"], "openai")
    assert (span.scope_name, span.scope_version, span.scope) == ("sdk", "3", '{"k":"v"}')
    assert (span.input, span.output) == ('[{"role":"user"}]', '"hi"')
    assert json.loads(span.metadata or "") == {
        "thread_id": "th",
        "ls_provider": "openai",
        "langfuseTrace": {"name": "help", "release": "r1"},
    }
    (score,) = store.scores()
    assert (score.name, score.value, score.trace_id, score.span_id) == ("ok", 1.0, span.trace_id, None)
    assert attributes(store) == {
        "gen_ai.operation.name": "chat",
        "server.port": "443",
        "gen_ai.conversation.id": "th",
        "gen_ai.provider.name": "openai",
        "langfuse.observation.type": "span",
        "langfuse.observation.model.parameters": {"temperature": 0},
    }


def test_tokens_are_counted_once_though_the_agent_sums_its_calls_up(store: Store, tmp_path: Path) -> None:
    stated = {"attributes": {"gen_ai.usage.input_tokens": "30", "gen_ai.usage.output_tokens": "7"}}
    call = {"type": "GENERATION", "parentObservationId": "a1", "model": "gpt-x", "totalCost": 0.25}
    first = {"usageDetails": {"input": 10, "output": 3, "total": 13}, "inputUsage": 10, "outputUsage": 3}
    store.add(
        written(
            tmp_path / "a.json",
            export(
                observation(metadata=stated),
                observation("b1", **call, **first, totalUsage=13),
                observation("b2", **call, metadata={"attributes": {"gen_ai.usage.input_tokens": "20"}}, outputUsage=4),
            ),
        )
    )
    assert tokens(store) == (30, 7, 37, 0.5)
    calls = [store.span("t1", "b1"), store.span("t1", "b2")]
    assert [(c.model, c.input_tokens, c.output_tokens, c.cost_usd) for c in calls] == [
        ("gpt-x", 10, 3, 0.25),
        ("gpt-x", 20, 4, 0.25),
    ]
    assert attributes(store)["gen_ai.usage.input_tokens"] == 30


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"usageDetails": {"input": 0, "output": 0, "total": 0}}, (None, None, None, None, None)),
        (
            {"usageDetails": {"input": 3, "output": 4}, **dict.fromkeys(EMPTY.keys() - {"usageDetails"})},
            (3, 4, 7, None, None),
        ),
        (
            {
                "usageDetails": {"input": 9, "input_cache_read": 5, "output": 2, "output_reasoning": 64, "total": 80},
                "inputUsage": 14,
                "outputUsage": 66,
                "totalUsage": 80,
            },
            (14, 66, 80, 5, 64),
        ),
        ({"usageDetails": None, "inputUsage": 12, "outputUsage": 1, "totalUsage": 13}, (12, 1, 13, None, None)),
        ({"usageDetails": {"total": 9}, "totalUsage": 9}, (None, None, 9, None, None)),
    ],
)
def test_the_sorts_of_tokens_add_up_and_zero_means_unknown(
    store: Store, tmp_path: Path, counts: dict[str, Any], expected: tuple[int | None, ...]
) -> None:
    store.add(written(tmp_path / "a.json", export(observation(type="GENERATION", **counts))))
    span = store.span("t1", "a1")
    assert (
        span.input_tokens,
        span.output_tokens,
        span.total_tokens,
        span.cached_input_tokens,
        span.reasoning_tokens,
    ) == expected


def test_errors_and_events_and_what_still_runs(store: Store, tmp_path: Path) -> None:
    store.add(
        written(
            tmp_path / "a.json",
            export(
                observation(level="ERROR", statusMessage="no seats", endTime=None),
                observation("b1", type="EVENT", endTime=None, level="WARNING"),
                observation("c1", type="GENERATION", endTime=None, name=None, metadata="", version="7"),
                observation("d1", level="ERROR", metadata=["free"], input="{half"),
            ),
        )
    )
    failed, event, running, bare = (store.span("t1", span_id) for span_id in ("a1", "b1", "c1", "d1"))
    assert (failed.status, failed.status_message) == (SpanStatus.ERROR, "no seats")
    assert failed.error_info == '{"message":"no seats"}'
    assert (event.is_event, event.ended_at, event.status) == (True, START, SpanStatus.SUCCESS)
    assert attributes(store, "b1")["langfuse.observation.level"] == "WARNING"
    assert (running.status, running.name, running.metadata) == (SpanStatus.RUNNING, "", None)
    assert (bare.status, bare.error_info, bare.input) == (SpanStatus.ERROR, None, '"{half"')
    assert bare.metadata == '{"metadata":["free"]}'


def test_what_is_said_of_a_trace_stands_at_its_root_whose_own_words_win(store: Store, tmp_path: Path) -> None:
    later = {"startTime": "2026-01-01T00:00:00.500Z"}
    store.add(
        written(
            tmp_path / "a.json",
            export(
                observation("c1", parentObservationId="a1"),
                observation("b1", **later),
                observation("a1", input="mine"),
                input=json.dumps("its"),
                output=json.dumps('{"ok": true}'),
                metadata='{"email": "a@b"}',
            ),
        )
    )
    root, others = store.span("t1", "a1"), [store.span("t1", "b1"), store.span("t1", "c1")]
    assert (root.input, root.output) == ('"mine"', '{"ok":true}')
    assert root.metadata == '{"langfuseTrace":{"metadata":{"email":"a@b"}}}'
    assert [(span.input, span.metadata) for span in others] == [(None, None)] * 2


def test_traces_of_the_api_come_alone_or_listed(store: Store, tmp_path: Path) -> None:
    """The API gives observations within their trace; the export may do both."""
    inner = {"id": "t1", "observations": [observation()]}
    listed = [{"id": "t2", "observations": [observation("b1", traceId=None)]}, {"id": "t3", "observations": []}]
    within = {"trace": {"id": "t4", "observations": [observation("c1", traceId="t4")]}}
    done = store.add(
        written(tmp_path / "a.json", inner),
        written(tmp_path / "b.json", listed),
        written(tmp_path / "c.json", within),
    )
    assert (done.created, done.trace_ids) == (3, {"t1", "t2", "t4"})


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (
            export(observation(), observation(startTime="soon")),
            "`observations[1].startTime` is not an RFC 3339 date and time",
        ),
        (export(observation(endTime="2026-01")), "`observations[0].endTime` is not an RFC 3339 date and time"),
        (export({"id": "x"}), "`observations[0].startTime` is missing."),
        ({"trace": {"bookmarked": True}, "observations": []}, "`trace.id` is missing."),
        ([{"id": "t", "observations": [{"id": 1}]}], "`[0].observations[0].id` has a value of the wrong type."),
        ([{"id": "t", "observations": []}, []], "`[1]` is not an object."),
        (export(observation("")), "element observations[0]: `spanId` must not be empty."),
    ],
)
def test_what_is_wrong_is_told_with_its_place(store: Store, tmp_path: Path, document: object, said: str) -> None:
    file = written(tmp_path / "a.json", document)
    with pytest.raises(ImportFailed) as failed:
        store.add(file)
    assert str(failed.value).startswith((f"{file}: {said}", f"{file} {said}"))


def test_lines_of_spans_are_not_taken_for_documents_because_of_an_attribute(store: Store, tmp_path: Path) -> None:
    line = {"traceId": "t1", "spanId": "a1", "name": "n", "startedAt": "2026-01-01T00:00:00Z", "observations": 3}
    store.add(written(tmp_path / "a.jsonl", {**line, "traceID": "x"}))
    assert attributes(store) == {"observations": 3, "traceID": "x"}


def test_what_is_no_number_stays_a_text(store: Store, tmp_path: Path) -> None:
    said = {"gen_ai.usage.input_tokens": "many", "gen_ai.usage.output_tokens": "7", "llm.cost.total": "0.5"}
    file = written(tmp_path / "a.json", export(observation(metadata={"attributes": said})))
    assert count_spans([file]) is None
    store.add(file)
    assert attributes(store)["gen_ai.usage.input_tokens"] == "many"
    span = store.span("t1", "a1")
    assert (span.input_tokens, span.output_tokens, span.cost_usd) == (None, 7, 0.5)


def test_what_is_text_of_text_is_unwrapped_and_what_is_wrapped_more_often_than_anybody_does_stays_text() -> None:
    wrapped: Any = {"q": 1}
    for _ in range(3):
        wrapped = json.dumps(wrapped)
        assert content(wrapped) == '{"q":1}'
    assert content(json.dumps(wrapped)) == json.dumps('{"q": 1}')

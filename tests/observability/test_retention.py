"""Traces are kept as long as the rules say: those that speak of some traces speak alone for them."""

import asyncio
import logging
from collections.abc import Generator
from typing import Any

import pytest

from spanwell.observability.model.assessments import AssessmentKind, Score
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.errors import InvalidInput, StorageUnavailable
from spanwell.observability.questions.queries import AssessmentQuery, TraceQuery, Window, assessment_identity
from spanwell.observability.retention import pruning
from spanwell.observability.retention.keeper import Keeper
from spanwell.observability.retention.pruning import Pruned, Pruner
from spanwell.observability.retention.rules import rules_of
from spanwell.observability.service import Observability
from spanwell.observability.storage import ObservabilityStorage, StorageSize
from spanwell.storage.duckdb import DuckDBStorage
from spanwell.storage.reference.storage import MemoryStorage
from tests.making import ended, span

DAY = 86_400 * 10**9
NOW = 1_000 * DAY


@pytest.fixture(params=[MemoryStorage, DuckDBStorage])
def service(request: pytest.FixtureRequest) -> Generator[tuple[asyncio.Runner, Observability]]:
    """Give an empty store, whose clock stands still a day before now."""
    storage: ObservabilityStorage = request.param(clock=lambda: NOW - DAY)
    with asyncio.Runner() as runner:
        runner.run(storage.init())
        yield runner, Observability(storage)
        runner.run(storage.close())


def filled(runner: asyncio.Runner, service: Observability) -> Observability:
    """Store ten traces, each a day older than the one before, every other of them of the environment dev."""
    for days in range(10):
        began = Nanos(NOW - days * DAY - 1)
        place = "dev" if days % 2 else "prod"
        runner.run(service.create_spans([ended(f"t{days}", "a", started_at=began, ended_at=began, environment=place)]))
    return service


def left(runner: asyncio.Runner, service: Observability) -> str:
    page = runner.run(service.storage.list_traces(TraceQuery(Window(99))))
    return "".join(trace.trace_id.removeprefix("t") for trace in page.nodes)


@pytest.mark.parametrize(
    ("rules", "kept"),
    [
        ((), "0123456789"),
        (("5d",), "01234"),
        (("environment=dev:2d",), "0124 68".replace(" ", "")),
        (("5d", "environment=dev:2d"), "0124"),
        (("2d", "environment=dev:7d"), "0135"),
        (("environment=dev:4d", "environment=dev & traceId=t1:1d", "30d"), "01234 68".replace(" ", "")),
        (("24h",), "0"),
        (("1w",), "0123456"),
    ],
)
def test_what_is_older_than_its_rule_goes(
    service: tuple[asyncio.Runner, Observability], rules: tuple[str, ...], kept: str
) -> None:
    runner, observed = service
    pruner = Pruner(filled(runner, observed), rules_of(rules), clock=lambda: NOW)
    due = runner.run(pruner.due())
    assert [rule for rule, _ in due] == sorted(rules, key=lambda rule: "=" not in rule)
    done = runner.run(pruner.run())
    assert done == sum((pruned for _, pruned in due), Pruned())
    assert left(runner, observed) == kept
    assert runner.run(pruner.run()) == Pruned()


def test_what_still_runs_is_kept_until_nothing_was_heard_of_it_for_as_long(
    service: tuple[asyncio.Runner, Observability],
) -> None:
    runner, observed = service
    runner.run(observed.create_spans([span("running", "a", started_at=Nanos(NOW - 9 * DAY))]))
    for days, kept in ((2, "running"), (1, "running")):
        runner.run(Pruner(observed, rules_of([f"{days}d"]), clock=lambda: NOW - 1).run())
        assert left(runner, observed) == kept
    runner.run(Pruner(observed, rules_of(["1d"]), clock=lambda: NOW + DAY).run())
    assert not left(runner, observed)


def test_more_than_one_step_deletes_all_that_is_due(service: tuple[asyncio.Runner, Observability]) -> None:
    runner, observed = service
    old = Nanos(NOW - 9 * DAY)
    spans = [ended(f"{number // 3}", f"{number}", started_at=old, ended_at=old) for number in range(1_500)]
    runner.run(observed.create_spans(spans))
    filled(runner, observed)
    assert runner.run(Pruner(observed, rules_of(["8d"]), clock=lambda: NOW).run()) == Pruned(502, 1_502)
    assert left(runner, observed) == "01234567"


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (["soon"], "is not an age such as `30d`"),
        (["environment=dev"], "is not an age such as `30d`"),
        (["5d", "6d"], "more than one age for all"),
        (["environment:5d"], "is not a condition on a text field"),
        (["inputTokens=5:5d"], "is not a condition on a text field"),
    ],
)
def test_a_rule_that_is_none_is_named(rules: list[str], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        rules_of(rules)


class Small(MemoryStorage):
    """A store whose spans take a byte each, once it was told to give back what is free."""

    def __init__(self) -> None:
        super().__init__()
        self.size = 0

    async def get_size(self) -> StorageSize:
        return StorageSize(self.size, self.size, 0)

    async def reclaim(self) -> None:
        self.size = sum(len(spans) for spans in self._traces.values())


def test_the_oldest_go_until_the_store_is_small_enough() -> None:
    storage = Small()
    with asyncio.Runner() as runner:
        runner.run(storage.init())
        observed = filled(runner, Observability(storage))
        runner.run(storage.reclaim())
        pruner = Pruner(observed, [], 6)
        ((rule, due),) = runner.run(pruner.due())
        assert (rule, due) == ("at most 6 bytes", Pruned(4, 4))
        assert runner.run(pruner.run()).traces == 5
        assert left(runner, observed) == "01234"
        assert runner.run(pruner.run()) == Pruned()


def test_a_keeper_goes_on_whatever_fails(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    failures = [StorageUnavailable("The store failed."), ZeroDivisionError("ours")]

    class Failing(Pruner):
        async def run(self) -> Pruned:
            if failures:
                raise failures.pop(0)
            return Pruned(1, 2)

    async def keep() -> Pruned:
        storage = MemoryStorage()
        keeper = Keeper(Failing(Observability(storage), []), storage, 0.001)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(keeper.run(), 0.1)
        return keeper.pruned

    with asyncio.Runner() as runner:
        assert runner.run(keep()).spans >= 2
    assert "Retention is paused: The store failed." in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "Retention deleted 1 traces with 2 spans" in caplog.text


@pytest.mark.parametrize(
    ("rules", "kept"),
    [
        (("5d",), "abd"),
        (("5d", "environment=dev:9d"), "abcd"),
        (("environment=dev:1d",), "abcde"),
    ],
)
def test_scores_of_no_trace_go_once_they_are_older_than_any_trace_is_kept(
    service: tuple[asyncio.Runner, Observability], rules: tuple[str, ...], kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "_LOOSE", 2)
    runner, observed = service
    filled(runner, observed)
    about = {"a": ("t2", 1), "b": ("t2", 99), "c": (None, 8), "d": (None, 1), "e": ("never came", 99)}
    scores = [
        Score(score_id=name, name="n", trace_id=trace_id, timestamp=Nanos(NOW - days * DAY))
        for name, (trace_id, days) in about.items()
    ]
    runner.run(observed.assessing.create(AssessmentKind.SCORE, scores))
    runner.run(Pruner(observed, rules_of(rules), clock=lambda: NOW).run())
    query = AssessmentQuery(AssessmentKind.SCORE, Window(99), order=assessment_identity(AssessmentKind.SCORE))
    nodes: list[Any] = list(runner.run(observed.storage.list_assessments(query)).nodes)
    assert "".join(score.score_id for score in nodes) == kept

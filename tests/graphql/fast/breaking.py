"""A store whose records are now and then broken: values of wrong types, missing ones, and what is no record at all."""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any, TypeVar

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.span import SPAN_COLUMNS, Span, SpanKey, SpanKind
from spanwell.observability.model.trace import TRACE_COLUMNS, Trace
from spanwell.observability.questions.queries import (
    ALL_SPAN_COLUMNS,
    ALL_TRACE_COLUMNS,
    Columns,
    Page,
    SpanQuery,
    TraceQuery,
)
from spanwell.storage.reference.storage import MemoryStorage
from tests.making import at, ended, span

T = TypeVar("T", Span, Trace)


class Promise:
    """Something to wait for."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __repr__(self) -> str:
        return f"promise of {self.value!r}"

    def __await__(self) -> Generator[None, None, object]:
        yield
        return self.value


class Thing:
    """Nothing that a field could give."""

    def __repr__(self) -> str:
        return "thing"


class Text(str):
    """Text that is not exactly `str`."""

    __slots__ = ()


WRONG: tuple[Callable[[], object], ...] = (
    lambda: None,
    lambda: 2**31,
    lambda: -(2**31) - 1,
    lambda: 2**31 - 1,
    lambda: -(2**31),
    lambda: True,
    lambda: 1.5,
    lambda: 1.0,
    lambda: float("nan"),
    lambda: float("inf"),
    lambda: 1e308,
    lambda: "text",
    lambda: Text("text"),
    lambda: "",
    lambda: 0,
    list,
    lambda: ["a", None],
    lambda: ("a", "b"),
    lambda: {"a": 1},
    Thing,
    lambda: ValueError("broken"),
    lambda: Promise("text"),
    lambda: Promise(None),
)


def like_a_span() -> Thing:
    """Return what has all that a span has, and is none."""
    made = Thing()
    vars(made).update(vars(span("t", "x")))
    return made


_NO_RECORDS: tuple[Callable[[], object], ...] = (
    lambda: None,
    lambda: ValueError("no record"),
    Thing,
    lambda: span("t", "x"),
    like_a_span,
    lambda: Promise(span("t", "x")),
    lambda: Trace(trace_id="t", started_at=at(0), services=[], head=span("t", "x")),
)


def names(kinds: Iterable[Kind]) -> dict[type, list[str]]:
    """Return the columns of some kinds that may be broken."""
    wanted = set(kinds)
    return {
        Span: [column.name for column in SPAN_COLUMNS if column.kind in wanted],
        Trace: [column.name for column in TRACE_COLUMNS if column.kind in wanted and column.name != "has_root"],
    }


class BreakingStorage(MemoryStorage):
    """Breaks the same values of the same records whenever it is asked, until its `seed` changes."""

    seed: int | None = None
    wrong: Sequence[Callable[[], object]] = WRONG
    names: Mapping[type, Sequence[str]] = names(Kind)

    def _break(self, record: T, chance: float = 0.15) -> Any:
        random = Random(f"{self.seed} {record!r:.200}")
        if self.seed is None or random.random() > chance:
            return record
        if random.random() < 0.3:
            return random.choice(_NO_RECORDS)()
        broken = object.__new__(type(record))
        broken.__dict__.update(record.__dict__)
        for name in random.choices(self.names[type(record)], k=random.choice((1, 2, 20))):
            setattr(broken, name, random.choice(self.wrong)())
        if "head" in vars(record) and random.random() < 0.3:
            vars(broken)["head"] = self._break(vars(record)["head"], 1)
        return broken

    def _break_page(self, page: Page[T]) -> Page[T]:
        return replace(page, nodes=[self._break(record) for record in page.nodes])

    async def get_spans(self, keys: Sequence[SpanKey], columns: Columns = ALL_SPAN_COLUMNS) -> list[Span | None]:
        """Return spans, some broken."""
        return [None if found is None else self._break(found) for found in await super().get_spans(keys, columns)]

    async def get_traces(
        self,
        trace_ids: Sequence[str],
        columns: Columns = ALL_TRACE_COLUMNS,
        head_columns: Columns = ALL_SPAN_COLUMNS,
    ) -> list[Trace | None]:
        """Return traces, some broken."""
        found = await super().get_traces(trace_ids, columns, head_columns)
        return [None if trace is None else self._break(trace) for trace in found]

    async def list_traces(self, query: TraceQuery) -> Page[Trace]:
        """Return a page, some of it broken."""
        return self._break_page(await super().list_traces(query))

    async def list_spans(self, query: SpanQuery) -> Page[Span]:
        """Return a page, some of it broken."""
        return self._break_page(await super().list_spans(query))

    async def list_trace_spans(self, trace_ids: Sequence[str], query: SpanQuery) -> list[Page[Span]]:
        """Return pages, some of them broken."""
        return [self._break_page(page) for page in await super().list_trace_spans(trace_ids, query)]


def some_spans() -> list[Span]:
    """Return spans of four traces: one of everything, a plain one, a running one, and one without a root."""
    full: dict[str, Any] = {
        "attributes": '{"gen_ai.request.model":"m","gen_ai.usage.input_tokens":3,"gen_ai.usage.cost":0.25}',
        "input": '{"b":1,"a":[1.50,"\\u0000"]}',
        "output": "null",
        "tags": ["x", "y"],
        "user_id": "ada",
        "service_name": "web",
        "kind": SpanKind.SERVER,
        "events": "[]",
    }
    return [
        ended("t0", "a", **full),
        ended("t0", "b", "a", tags=[], error_info='"broken"'),
        span("t0", "c", "b", started_at=at(0.000000001)),
        ended("t1", "a"),
        span("t1", "b", "a", started_at=at(1.5)),
        span("t2", "a", service_name="db"),
        span("t3", "a", "lost", **full),
        *(ended("t3", f"s{i}", "a", started_at=at(i)) for i in range(12)),
    ]

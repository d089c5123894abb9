"""Real traces of many origins come in with their spans, parents, tokens and models, and again without a change."""

from pathlib import Path

import pytest

from spanwell.observability.model.span import Span
from spanwell.observability.questions.queries import SpanQuery, Window

from .stores import Store

LANGFUSE = [
    ("autogen-2025-06-06.trace", 2, (41, 3, 44), {"gpt-4o"}),
    ("beeai-2025-08-01.trace", 29, (5542, None, 5542), {"gpt-4o-mini"}),
    ("crewai-2025-07-11.trace", 6, (190, 164, 354), {"gpt-4o-mini"}),
    ("csharp-agent-with-gemini-2026-03-09.trace", 8, (8047, 414, 8461), {"gemini-2.5-flash"}),
    ("google-gemini-2025-08-01.trace", 1, (6, 2055, 2061), {"gemini-2.5-flash"}),
    ("google-vertex-tools-langchain-2025-09-19", 1, (1200, 15, 1215), {"gemini-2.5-flash"}),
    ("langgraph-2025-08-22", 9, (168, 66, 234), {"gpt-4o-2024-08-06"}),
    ("langgraph-js-2025-10-30.trace", 20, (321, 123, 444), {"gpt-5-mini-2025-08-07"}),
    ("llamaindex-2025-06-05.trace", 2, (13, 81, 94), {"gpt-4o"}),
    ("microsoft-agent-2025-10-14", 4, (656, 105, 761), {"gpt-4o", "unknown"}),
    ("openai-assistants-2024-05-29", 4, (49, 40, 89), {"gpt-4"}),
    ("pydantic-ai-2025-06-06.trace", 3, (31, 96, 127), {"gpt-4o-2024-08-06"}),
    ("pydantic-ai-tools-2025-06-06.trace", 3, (31, 96, 127), {"gpt-4o-2024-08-06"}),
    ("pydantic-ai-tools-2025-12-04.trace", 12, (1315, 209, 1524), {"gpt-4o-mini-2024-07-18"}),
    ("pydantic-ai-with-gemini-2025-12-24.trace", 1, (40, 159, 199), {"gemini-2.5-flash"}),
    (
        "vertex-ai-2025-08-01.trace",
        1,
        (5, 845, 2023),
        {"projects/vertex-ai-integration-467711/locations/europe-central2/publishers/google/models/gemini-2.5-flash"},
    ),
]
"""Of each trace its spans, its tokens (in, out, all), and its models. `microsoft-agent` sums up less than it calls."""

OTHERS = [
    ("jaeger-ui/genaiTestTrace.json", 57, 0),
    ("jaeger-ui/testTrace.json", 4, 0),
    ("jaeger-ui/otlp2jaeger-in.json", 1, 1),
    ("jaeger-ui/otlp2jaeger-multi-in-combined.json", 4, 0),
    ("otlp/jaeger-memory-otel_traces_01.json", 4, 4),
    ("otlp/opentelemetry-proto-example-trace.json", 1, 1),
    ("zipkin/messaging-kafka.json", 28, 0),
    ("zipkin/simple-db-p6.json", 5, 0),
    ("zipkin/skew.json", 4, 0),
    ("zipkin/smartthings-mobile-web-install.json", 1041, 0),
    ("zipkin/yelp.json", 16, 0),
]
"""Of each file its spans, and those whose parent is not in it."""


def spans(store: Store) -> list[Span]:
    return store.runner.run(store.storage.list_spans(SpanQuery(Window(size=5_000)))).nodes


@pytest.mark.parametrize(("name", "expected"), [(name, rest) for name, *rest in LANGFUSE])
def test_an_agents_trace_has_its_tokens_and_models(
    store: Store, shared_data: Path, name: str, expected: tuple[int, tuple[int | None, ...], set[str]]
) -> None:
    count, tokens, models = expected
    file = shared_data / "langfuse-frameworks" / f"{name}.json"
    assert (store.add(file).created, store.add(file).unchanged) == (count, count)
    found = spans(store)
    (trace,) = store.runner.run(store.storage.get_traces([found[0].trace_id]))
    assert trace is not None
    assert (trace.input_tokens, trace.output_tokens, trace.total_tokens) == tokens
    assert {span.model for span in found if span.model is not None} == models


@pytest.mark.parametrize(("name", "count", "orphans"), OTHERS)
def test_a_trace_of_services_has_its_spans_and_parents(
    store: Store, shared_data: Path, name: str, count: int, orphans: int
) -> None:
    file = shared_data / name
    assert (store.add(file).created, store.add(file).created) == (count, 0)
    found = spans(store)
    known = {span.key for span in found}
    missing = [span for span in found if span.parent_span_id and (span.trace_id, span.parent_span_id) not in known]
    assert (len(found), len(missing)) == (count, orphans)

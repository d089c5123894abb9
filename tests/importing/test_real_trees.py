"""A real trace of 1,041 spans is opened piece by piece, and its critical path is worked out."""

from pathlib import Path

import pytest

from spanwell.observability.derivation.critical_path import critical_path
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.observability.questions.queries import SpanQuery, Window
from spanwell.observability.questions.tree_facts import BelowQuery
from spanwell.storage.reference.forest import Forest
from spanwell.storage.reference.trees import below, plain_surroundings

from .stores import Store


@pytest.fixture
def real(store: Store, shared_data: Path) -> Store:
    store.add(shared_data / "zipkin" / "smartthings-mobile-web-install.json")
    return store


def test_it_is_opened_page_by_page_level_by_level(real: Store) -> None:
    spans = real.runner.run(real.storage.list_spans(SpanQuery(Window(5_000)))).nodes
    forest = Forest(spans)
    (top,) = forest.tops
    for depth in (1, 3, 1_000):
        seen, after, more = list[str](), None, True
        while more:
            query = BelowQuery(100, depth, after, frozenset({"span_id"}))
            (page,) = real.runner.run(real.storage.list_below([top.key], query))
            seen += [span.span_id for span in page.nodes]
            after, more = page.nodes[-1].span_id, page.has_next
        assert seen == [span.span_id for span in below(top, forest, depth)]
        assert real.runner.run(real.storage.count_below([top.key], depth)) == [len(seen)]
    assert len(seen) == len(spans) - 1 == 1_040


def test_each_of_its_spans_knows_what_is_around_it(real: Store) -> None:
    spans = real.runner.run(real.storage.list_spans(SpanQuery(Window(5_000)))).nodes
    forest = Forest(spans)
    found = real.runner.run(real.storage.get_surroundings([span.key for span in spans]))
    assert found == [plain_surroundings(span, forest) for span in spans]
    assert max(each.depth for each in found) > 2


def test_its_critical_path_covers_its_root_without_a_gap(real: Store) -> None:
    spans = real.runner.run(real.storage.list_spans(SpanQuery(Window(5_000), ALWAYS))).nodes
    (root,) = (span for span in spans if span.parent_span_id is None)
    path = critical_path(spans)
    assert (path[0].started_at, path[-1].ended_at) == (root.started_at, root.ended_at)
    assert [each.started_at for each in path[1:]] == [each.ended_at for each in path[:-1]]

"""Big batches of both doors are prepared ahead, small ones are not, and what was prepared is what is stored."""

from dataclasses import dataclass, field

import pytest

from spanwell.app import create_app
from spanwell.observability.model.span_batch import Form, SpanColumns
from spanwell.observability.service import WriteLimits
from spanwell.otlp.documents import write_document
from spanwell.preparation.job import prepare
from spanwell.settings import Settings
from spanwell.storage.duckdb.writing.rows.row_bytes import batch_of_bytes
from spanwell.storage.reference.storage import MemoryStorage
from tests.http.clients import client_of
from tests.otlp.making import otlp_span, request_of

from .batches import as_json, inputs

CREATE = "mutation ($spans: [CreateSpanInput!]!) { batchCreateSpans(spans: $spans) { createdCount } }"
NAMES = "{ spans(first: 100) { nodes { name } } }"
JSON, PROTOBUF = "application/json", "application/x-protobuf"


def posts(size: int) -> dict[Form, tuple[str, str, bytes]]:
    """Return the same three spans of some size as each door takes them: path, media type and body."""
    export = request_of(*(otlp_span(number, attributes={"text": "x" * size}) for number in (1, 2, 3)))
    spans = inputs(attributes={"text": "x" * size})
    return {
        "graphql": ("/graphql", JSON, as_json({"query": CREATE, "variables": {"spans": spans}})),
        "otlp-json": ("/v1/traces", JSON, as_json(write_document(export))),
        "otlp-protobuf": ("/v1/traces", PROTOBUF, export.SerializeToString()),
    }


@dataclass
class Seen:
    """Prepares batches, if it does, in this process; of each it makes one span that nobody sent."""

    prepares: bool
    forms: list[Form] = field(default_factory=list[Form])

    def ahead(self, form: Form, body: bytes | memoryview) -> SpanColumns | None:
        self.forms.append(form)
        assert prepare(form, bytes(body), WriteLimits()) is not None
        done = prepare("graphql", as_json(inputs(1, name="prepared")), WriteLimits()) if self.prepares else None
        return batch_of_bytes(done) if done else None


def stored(post: tuple[str, str, bytes], seen: Seen) -> list[str]:
    """Return the names of the spans that a post leaves in the store."""
    path, media_type, body = post
    with client_of(create_app(Settings(), MemoryStorage(), ahead=seen.ahead)) as client:
        assert client.post(path, content=body, headers={"content-type": media_type}).status_code == 200
        nodes = client.post("/graphql", json={"query": NAMES}).json()["data"]["spans"]["nodes"]
    return [node["name"] for node in nodes]


@pytest.mark.parametrize("form", posts(1))
def test_a_big_batch_is_stored_as_it_was_prepared(form: Form) -> None:
    seen = Seen(prepares=True)
    assert stored(posts(30_000)[form], seen) == ["prepared"]
    assert seen.forms == [form]


@pytest.mark.parametrize("form", posts(1))
def test_a_big_batch_that_is_not_prepared_is_read_as_ever(form: Form) -> None:
    seen = Seen(prepares=False)
    assert len(stored(posts(30_000)[form], seen)) == 3
    assert seen.forms == [form]


@pytest.mark.parametrize("form", posts(1))
def test_a_small_batch_is_not_worth_it(form: Form) -> None:
    seen = Seen(prepares=True)
    assert len(stored(posts(10)[form], seen)) == 3
    assert seen.forms == []

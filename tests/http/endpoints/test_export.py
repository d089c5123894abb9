"""`/export` answers with all that a filter finds, or says what is wrong before it answers."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from spanwell.access.tokens import Tokens
from spanwell.app import create_app
from spanwell.exporting.formats import MEDIA_TYPES
from spanwell.observability.access import Scope
from spanwell.observability.model.blocks import Block
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.errors import StorageUnavailable
from spanwell.observability.model.span import Span
from spanwell.observability.questions.queries import ListQuery
from spanwell.settings import Settings
from spanwell.storage.reference.storage import MemoryStorage
from tests.http.clients import JSON, Client, check_refusal, client_of, make_app

CREATE = "mutation($spans: [CreateSpanInput!]!) { batchCreateSpans(spans: $spans) { createdCount } }"
SPANS = [
    {
        "traceId": f"t{number % 3}",
        "spanId": f"s{number}",
        "name": f"n{number}",
        "startedAt": f"2026-01-31T09:30:0{number}Z",
        "endedAt": f"2026-01-31T09:31:{40 - number * 3}Z",
        "serviceName": "shop",
        **({"errorInfo": {"message": "no"}} if number == 4 else {}),
    }
    for number in range(6)
]


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with client_of(make_app()) as client:
        created = client.post("/graphql", json={"query": CREATE, "variables": {"spans": SPANS}})
        assert created.json()["data"]["batchCreateSpans"]["createdCount"] == 6
        yield client


def names(client: Client, **asked: Any) -> list[str]:
    """Return the names of what an export in CSV holds, asked for in an address and in a body."""
    address = {name: value if isinstance(value, str) else json.dumps(value) for name, value in asked.items()}
    got = client.get("/export", params={**address, "format": "csv", "fields": "name"})
    posted = client.post("/export?format=csv", json={**asked, "fields": ["name"]})
    assert (got.status_code, posted.content) == (200, got.content)
    return got.text.replace('"', "").split()[1:]


def test_all_spans_come_newest_first_unless_asked_otherwise(client: Client) -> None:
    assert names(client) == ["n5", "n4", "n3", "n2", "n1", "n0"]
    assert names(client, orderBy={"field": "DURATION", "direction": "ASC"}) == ["n5", "n4", "n3", "n2", "n1", "n0"]
    assert names(client, orderBy=[{"field": "NAME", "direction": "ASC"}], first=2) == ["n0", "n1"]
    assert names(client, first=0) == []


def test_the_filter_is_that_of_the_api(client: Client) -> None:
    assert names(client, filter={"status": {"eq": "ERROR"}}) == ["n4"]
    assert names(client, filter={"or": [{"name": {"eq": "n1"}}, {"traceId": {"eq": "t0"}}]}) == ["n3", "n1", "n0"]
    assert names(client, records="traces", filter={"hasError": {"eq": True}}) == ["n1"]
    assert names(client, records="traces", orderBy={"field": "NAME"}) == ["n2", "n1", "n0"]


def test_a_trace_is_shown_with_what_its_root_says(client: Client) -> None:
    lines = client.get("/export?records=traces").text.splitlines()
    shown = json.loads(lines[0])
    assert (len(lines), shown["traceId"], shown["spanCount"], shown["serviceName"]) == (3, "t2", 2, "shop")


@pytest.mark.parametrize("name", MEDIA_TYPES)
def test_each_format_has_its_media_type_and_an_address_that_ends_with_it(client: Client, name: str) -> None:
    answer = client.get(f"/export?format={name}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, MEDIA_TYPES[name])
    assert answer.headers["content-disposition"] == f'attachment; filename="spans.{name}"'
    assert client.get(f"/export.{name}").content == answer.content
    head = client.request("HEAD", f"/export.{name}")
    assert (head.status_code, head.content, "content-length" in head.headers) == (200, b"", False)


@pytest.mark.parametrize(
    ("asked", "element", "says"),
    [
        ({"format": "xls"}, "format", "is none of jsonl, otlp, csv, parquet, arrow"),
        ({"records": "logs"}, "records", "is none of spans, traces, scores, feedback"),
        ({"format": "otlp", "records": "traces"}, "format", "is only available for spans"),
        ({"format": "otlp", "records": "scores"}, "format", "is only available for spans"),
        ({"records": "feedback", "fields": ["scorer"]}, "fields[0]", "is no field of feedback"),
        ({"records": "scores", "filter": {"scorerr": {"eq": "x"}}}, "filter", "unknown field 'scorerr'"),
        ({"format": "otlp", "fields": ["name"]}, "fields", "OTLP has its own fields"),
        ({"fields": ["name", "nothing"]}, "fields[1]", "is no field of spans"),
        ({"fields": ["parentSpanId", "spanCount"]}, "fields[1]", "is no field of spans"),
        ({"fields": []}, "fields", "is empty"),
        ({"first": -1}, "first", "must not be negative"),
        ({"first": "x"}, "export", "Expected `int | null`, got `str`"),
        ({"filters": {}}, "export", "unknown field `filters`"),
        ({"filter": {"nothing": 1}}, "filter", "unknown field 'nothing'"),
        ({"filter": {"name": {"regex": "("}}}, "filter.name.regex", "is not a valid RE2"),
        ({"orderBy": {"field": "NOTHING"}}, "orderBy.field", "NOTHING"),
        ({"orderBy": {"field": "ATTRIBUTE"}}, "orderBy[0].key", "is missing"),
    ],
)
def test_what_is_asked_for_wrongly_is_refused_by_its_name(client: Client, asked: Any, element: str, says: str) -> None:
    answer = client.post("/export", json=asked)
    check_refusal(answer, "BAD_USER_INPUT")
    (error,) = answer.json()["errors"]
    assert answer.status_code == 400
    assert says in error["message"]
    assert error["extensions"]["element"] == element


@pytest.mark.parametrize("query", ["filter=nonsense", "filter=[]", "first=x", "orderBy=%F0%28", "nothing=1"])
def test_an_address_that_is_wrong_is_refused(client: Client, query: str) -> None:
    answer = client.get(f"/export?{query}")
    check_refusal(answer, "BAD_USER_INPUT")
    assert answer.status_code == 400


@pytest.mark.parametrize("body", [b"nonsense", b"[]", b'{"filter": ' + b"[" * 2_000, b'"\xff"'])
def test_a_body_that_is_wrong_is_refused(client: Client, body: bytes) -> None:
    answer = client.post("/export", content=body, headers=JSON)
    check_refusal(answer, "BAD_USER_INPUT")
    assert client.post("/export", content=b"{}", headers={"content-type": "text/plain"}).status_code == 415


SCORE = "mutation($scores: [CreateScoreInput!]!) { batchCreateScores(scores: $scores) { createdCount } }"
SCORES = [
    {
        "scoreId": str(number),
        "name": "n",
        "value": number / 4,
        "traceId": "t0",
        "timestamp": f"2026-01-0{number}T00:00Z",
    }
    for number in range(1, 4)
]


@pytest.mark.parametrize("name", ["jsonl", "csv", "parquet", "arrow"])
def test_scores_and_feedback_are_exported_as_spans_are(client: Client, name: str) -> None:
    client.post("/graphql", json={"query": SCORE, "variables": {"scores": SCORES}})
    low = {"filter": {"value": {"lt": 0.75}}, "orderBy": {"field": "VALUE", "direction": "ASC"}}
    answer = client.post("/export", json={"records": "scores", "format": name, **low})
    assert (answer.status_code, answer.headers["content-type"]) == (200, MEDIA_TYPES[name])
    assert answer.headers["content-disposition"] == f'attachment; filename="scores.{name}"'
    fields = ["scoreId", "value", "timestamp"]
    some = client.post("/export", json={"records": "scores", "format": "csv", "fields": fields, **low}).text
    assert some.split()[1:] == ['"1",0.25,2026-01-01T00:00:00Z', '"2",0.5,2026-01-02T00:00:00Z']
    assert client.get("/export.csv?records=feedback&fields=feedbackId").text == "feedbackId\r\n"


def test_exported_scores_have_all_that_was_said_of_them(client: Client) -> None:
    client.post("/graphql", json={"query": SCORE, "variables": {"scores": SCORES[:1]}})
    lines = client.get("/export?records=scores&filter=" + json.dumps({"scoreId": {"eq": "1"}})).text.splitlines()
    assert [json.loads(line) for line in lines] == [{**SCORES[0], "timestamp": "2026-01-01T00:00:00Z"}]


def test_only_those_who_may_read_export_and_of_their_own_rows_alone(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path / "tokens")
    made = {
        "reader": tokens.create((Scope.READ,)),
        "writer": tokens.create((Scope.INGEST,)),
        "acme": tokens.create((Scope.READ, Scope.INGEST, Scope.WRITE), organization="acme"),
    }
    headers = {name: {"authorization": f"Bearer {token}"} for name, token in made.items()}
    with client_of(make_app(tokens=str(tmp_path / "tokens"))) as client:
        for who, spans in ("writer", SPANS), ("acme", SPANS[:2]):
            client.post("/graphql", json={"query": CREATE, "variables": {"spans": spans}}, headers=headers[who])
        assert client.get("/export").status_code == 401
        refused = client.get("/export", headers=headers["writer"])
        check_refusal(refused, "FORBIDDEN")
        assert refused.status_code == 403
        assert len(client.get("/export", headers=headers["reader"]).text.splitlines()) == 8
        client.post("/graphql", json={"query": SCORE, "variables": {"scores": SCORES}}, headers=headers["acme"])
        said = client.get("/export?records=scores&fields=scoreId,traceId&first=1", headers=headers["acme"]).text
        assert said == '{"scoreId":"3","traceId":"t0"}\n'
        own = client.get("/export?fields=traceId,spanId", headers=headers["acme"]).text.splitlines()
        assert own == ['{"traceId":"t1","spanId":"s1"}', '{"traceId":"t0","spanId":"s0"}']


def test_only_post_exports_where_get_asks_nothing_and_nothing_where_documents_are_trusted(tmp_path: Path) -> None:
    with client_of(make_app(get_queries=False)) as client:
        assert client.get("/export").status_code == 405
        assert client.post("/export", json={}).status_code == 200
    (tmp_path / "a.graphql").write_text("{ __typename }")
    with client_of(make_app(trusted_only=True, trusted_documents=str(tmp_path))) as client:
        assert client.post("/export", json={}).status_code == 404


class Breaking(MemoryStorage):
    """A store that fails after its first page, or never gives one."""

    def __init__(self, *, slow: bool = False) -> None:
        super().__init__()
        self._slow = slow
        self.closed = False

    @override
    async def stream(self, query: ListQuery) -> AsyncGenerator[Block]:
        try:
            if self._slow:
                await asyncio.sleep(60)
            async for page in super().stream(query):
                yield page
                yield page
            raise StorageUnavailable("The store failed.")
        finally:
            self.closed = True


SCOPE = {"type": "http", "method": "GET", "path": "/export", "query_string": b"", "headers": [(b"host", b"localhost")]}


def sent_by(storage: Breaking, *, leave: bool = False, **settings: Any) -> tuple[list[Any], list[str]]:
    """Return what is sent to a client, who may leave after the first piece, and how its connection ended."""
    sent, ends = list[Any](), list[str]()
    state: dict[str, Any] = {"abort": lambda: ends.append("aborted")}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)
        if leave and message["type"] == "http.response.body":
            state["leave"]()

    async def run() -> None:
        await storage.batch_create_spans([Span(trace_id="t", span_id="s", name="n", started_at=Nanos(1))])
        try:
            await create_app(Settings(**settings), storage)({**SCOPE, "state": state}, receive, send)
        except Exception as error:  # noqa: BLE001 - which ends a real connection
            ends.append(type(error).__name__)

    asyncio.run(run())
    return sent, ends


def test_what_fails_in_the_middle_breaks_the_connection_off() -> None:
    storage = Breaking()
    sent, ends = sent_by(storage)
    assert (len(sent), ends[0], storage.closed) == (3, "aborted", True)
    assert all(message.get("more_body", True) for message in sent)


def test_an_export_ends_when_its_client_leaves() -> None:
    storage = Breaking()
    sent, ends = sent_by(storage, leave=True)
    assert storage.closed
    assert [message["type"] for message in sent[:2]] == ["http.response.start", "http.response.body"]
    assert "aborted" not in ends


def test_a_page_that_takes_too_long_is_refused() -> None:
    storage = Breaking(slow=True)
    sent, _ = sent_by(storage, query_timeout=0.05)
    assert (sent[0]["status"], storage.closed) == (503, True)
    assert b"A page of the export took longer than 0.05 seconds" in sent[1]["body"]


def test_an_export_warns_of_a_test_that_nothing_can_meet(client: Client) -> None:
    number = {"attributes": [{"key": "code", "level": "METADATA", "string": {"eq": "5"}}]}
    span = {**SPANS[0], "spanId": "coded", "metadata": {"code": 5}}
    assert "x-spanwell-warnings" not in client.post("/export", json={"filter": number}).headers
    client.post("/graphql", json={"query": CREATE, "variables": {"spans": [span]}})
    (warning,) = json.loads(client.post("/export", json={"filter": number}).headers["x-spanwell-warnings"])
    assert (warning["code"], warning["element"]) == ("TYPE_MISMATCH", "filter.attributes[0].string")

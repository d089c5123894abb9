"""The way in that clients take: GraphQL over HTTP, through the whole application, onto a DuckDB store."""

from asyncio import Runner
from typing import Any

import httpx
import msgspec

from spanwell.app import create_app
from spanwell.observability.derivation.assessing import AssessmentUpdate
from spanwell.observability.derivation.batches import Created, Deleted, Updated
from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.model.assessments import Assessment, AssessmentKind
from spanwell.observability.model.columns import ColumnDef, Json, Kind, camel
from spanwell.observability.model.errors import BadCursor, InvalidInput
from spanwell.observability.model.span import GIVEN_COLUMNS, SPAN_COLUMN, SPAN_COLUMNS, Span
from spanwell.observability.model.times import format_moment, parse_moment
from spanwell.observability.model.trace import TRACE_COLUMNS, Trace
from spanwell.observability.storage import ObservabilityStorage
from spanwell.settings import Settings
from spanwell.storage import open_storage

from .door import NEWEST, Door, Listing, Sort

_SPAN = " ".join(column.label for column in SPAN_COLUMNS)
_SHOWN = [column for column in TRACE_COLUMNS if column.name != "has_root"]
_TRACE = " ".join(column.label for column in _SHOWN)
_HEAD = "name tags userId"

CREATE = "mutation($spans: [CreateSpanInput!]!) { batchCreateSpans(spans: $spans) { createdCount updatedCount } }"
UPDATE = """mutation($updates: [UpdateSpanInput!]!) {
    batchUpdateSpans(updates: $updates) { updatedCount notFound { index traceId spanId } } }"""
DELETE = "mutation($ids: [ID!]!) { batchDeleteTraces(traceIds: $ids) { deletedTraceCount deletedSpanCount } }"
CLEAR = "mutation { dangerouslyClearAll { deletedTraceCount deletedSpanCount } }"
FIND = f"query($t: ID!, $s: ID!) {{ span(traceId: $t, spanId: $s) {{ {_SPAN} }} }}"
TRACE = f"query($t: ID!) {{ trace(traceId: $t) {{ {_TRACE} {_HEAD} rootSpan {{ {_SPAN} }} }} }}"
SPANS_OF = "query($t: ID!, $first: Int) { trace(traceId: $t) { spans(first: $first) { nodes { spanId } } } }"
LIST = """query($order: [%sOrder!], $first: Int, $after: String) {
    %s(orderBy: $order, first: $first, after: $after) {
        totalCount nodes { %s } pageInfo { hasNextPage endCursor } } }"""
TRACES = LIST % ("Trace", "traces", "traceId")
SPANS = LIST % ("Span", "spans", "spanId")


ASSESS = """mutation($records: [Create%sInput!]!) {
    batchCreate%s(%s: $records) { createdCount updatedCount recordIds } }"""
REASSESS = """mutation($updates: [Update%sInput!]!) {
    batchUpdate%s(updates: $updates) { updatedCount notFound { index recordId } } }"""
_PLURAL = {AssessmentKind.SCORE: "Scores", AssessmentKind.FEEDBACK: "Feedback"}


class HttpDoor(Door):
    """GraphQL over HTTP."""

    def __init__(self, storage: ObservabilityStorage | None = None) -> None:
        self.runner = Runner()
        self.storage = storage or open_storage(":memory:")
        self.runner.run(self.storage.init())
        app = create_app(Settings(), self.storage)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8000")

    def close(self) -> None:
        self.runner.run(self.client.aclose())
        self.runner.run(self.storage.close())
        self.runner.close()

    def send(self, query: str, **variables: Any) -> httpx.Response:
        """Return the answer to a request."""
        body = msgspec.json.encode({"query": query, "variables": variables})
        sent = self.client.post("/graphql", content=body, headers={"content-type": "application/json"})
        return self.runner.run(sent)

    def ask(self, query: str, **variables: Any) -> Any:
        """Return the data of an answer, or raise what its error says."""
        answer = msgspec.json.decode(self.send(query, **variables).content)
        for error in answer.get("errors", ()):
            raise_error(error["extensions"], error["message"])
        (data,) = answer["data"].values()
        return data

    def create(self, *spans: Span) -> Created:
        done = self.ask(CREATE, spans=[to_input(span) for span in spans])
        return Created(done["createdCount"], done["updatedCount"])

    def update(self, *updates: SpanUpdate) -> Updated:
        sent = [
            {"traceId": u.trace_id, "spanId": u.span_id}
            | {SPAN_COLUMN[name].label: to_wire(SPAN_COLUMN[name], value) for name, value in u.changes.items()}
            for u in updates
        ]
        done = self.ask(UPDATE, updates=sent)
        for missing in done["notFound"]:
            named = updates[missing["index"]]
            assert (missing["traceId"], missing["spanId"]) == (named.trace_id, named.span_id)
        return Updated(done["updatedCount"], tuple(missing["index"] for missing in done["notFound"]))

    def delete(self, *trace_ids: str) -> Deleted:
        done = self.ask(DELETE, ids=trace_ids)
        return Deleted(done["deletedTraceCount"], done["deletedSpanCount"])

    def clear(self) -> Deleted:
        done = self.ask(CLEAR)
        return Deleted(done["deletedTraceCount"], done["deletedSpanCount"])

    def assess(self, kind: AssessmentKind, *records: Assessment) -> Created:
        sent = [_given(kind, record) for record in records]
        done = self.ask(ASSESS % (kind.record.__name__, _PLURAL[kind], kind.value), records=sent)
        assert done["recordIds"] == list(map(kind.id_of, records))
        return Created(done["createdCount"], done["updatedCount"])

    def reassess(self, kind: AssessmentKind, *updates: AssessmentUpdate) -> Updated:
        columns = {column.name: column for column in kind.columns}
        sent = [
            {camel(kind.id_column): each.record_id}
            | {camel(name): to_wire(columns[name], value) for name, value in each.changes.items()}
            for each in updates
        ]
        done = self.ask(REASSESS % (kind.record.__name__, _PLURAL[kind]), updates=sent)
        assert all(missing["recordId"] == updates[missing["index"]].record_id for missing in done["notFound"])
        return Updated(done["updatedCount"], tuple(missing["index"] for missing in done["notFound"]))

    def unassess(self, kind: AssessmentKind, *record_ids: str) -> int:
        many = f"{camel(kind.id_column)}s"
        deleted = f"mutation($ids: [ID!]!) {{ batchDelete{_PLURAL[kind]}({many}: $ids) {{ deletedCount }} }}"
        count: int = self.ask(deleted, ids=record_ids)["deletedCount"]
        return count

    def assessments(self, kind: AssessmentKind) -> list[Assessment]:
        shown = " ".join(column.label for column in kind.columns)
        nodes = self.ask(f"{{ {kind.value}(first: 1000) {{ nodes {{ {shown} }} }} }}")["nodes"]
        return [kind.record(**{c.name: from_wire(c, node[c.label]) for c in kind.columns}) for node in nodes]

    def find(self, trace_id: str, span_id: str) -> Span | None:
        found = self.ask(FIND, t=trace_id, s=span_id)
        return to_span(found) if found else None

    def trace(self, trace_id: str) -> Trace | None:
        found = self.ask(TRACE, t=trace_id)
        if not found:
            return None
        root = found["rootSpan"]
        shown = Span(
            trace_id=found["traceId"],
            span_id="",
            name=found["name"],
            tags=found["tags"],
            user_id=found["userId"],
            started_at=parse_moment(found["startedAt"]),
        )
        values = {column.name: from_wire(column, found[column.label]) for column in _SHOWN}
        return Trace(**values, has_root=root is not None, head=to_span(root) if root else shown)

    def traces(self, sort: Sort = NEWEST, first: int = 50, after: str | None = None) -> Listing:
        return self._listing(TRACES, "traceId", sort, first, after)

    def spans(self, sort: Sort = NEWEST, first: int = 50, after: str | None = None) -> Listing:
        return self._listing(SPANS, "spanId", sort, first, after)

    def trace_spans(self, trace_id: str, first: int = 50) -> list[str]:
        return [node["spanId"] for node in self.ask(SPANS_OF, t=trace_id, first=first)["spans"]["nodes"]]

    def _listing(self, query: str, identity: str, sort: Sort, first: int, after: str | None) -> Listing:
        order = [{"field": sort.label, "direction": "DESC" if sort.descending else "ASC"}]
        found = self.ask(query, order=order, first=first, after=after)
        ids = [node[identity] for node in found["nodes"]]
        return Listing(ids, found["totalCount"], found["pageInfo"]["endCursor"], found["pageInfo"]["hasNextPage"])


def _given(kind: AssessmentKind, record: Assessment) -> dict[str, Any]:
    given = {c.label: to_wire(c, v) for c in kind.given_columns if (v := getattr(record, c.name)) != c.default}
    return {camel(kind.id_column): kind.id_of(record), **given}


def raise_error(extensions: dict[str, Any], message: str) -> None:
    """Raise what an error of an answer says, as the domain would."""
    match extensions["code"]:
        case "BAD_USER_INPUT":
            raise InvalidInput(message, extensions["element"])
        case "BAD_CURSOR":
            raise BadCursor(message)
        case code:
            raise AssertionError(f"{code}: {message}")


def to_wire(column: ColumnDef, value: Any) -> Any:
    """Return a column's value as a client sends it."""
    if value is None:
        return None
    if column.kind is Kind.TIME:
        return format_moment(value)
    return msgspec.json.decode(value) if column.kind is Kind.JSON else value


def from_wire(column: ColumnDef, value: Any) -> Any:
    """Return a column's value from what a client gets."""
    if value is None:
        return None
    if column.kind is Kind.TIME:
        return parse_moment(value)
    if column.kind is Kind.JSON:
        return Json(msgspec.json.encode(value).decode())
    return column.value_type(value) if column.kind is Kind.ENUM else value


def to_input(span: Span) -> dict[str, Any]:
    """Return a span as a client sends it: what is at its default is left out."""
    given = {c.label: to_wire(c, v) for c in GIVEN_COLUMNS if (v := getattr(span, c.name)) != c.default or c.required}
    return {"traceId": span.trace_id, "spanId": span.span_id, **given}


def to_span(found: dict[str, Any]) -> Span:
    """Return the span that a client gets."""
    return Span(**{column.name: from_wire(column, found[column.label]) for column in SPAN_COLUMNS})

"""What an export is asked for, in the address, in a body of JSON, or in both; and the query and the writer it means."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from spanwell.exporting.fields import RECORDS, Field, fields_of
from spanwell.exporting.formats import MEDIA_TYPES, Writer, writer_of
from spanwell.graphql.execution.list_queries import ListQueries
from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.questions.queries import ALL_SPAN_COLUMNS, ListQuery

_JSON = ("filter", "orderBy", "first")


class Parameters(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The format, of which list, which of its records, in what order, with which fields, and how many."""

    format: str = "jsonl"
    records: str = "spans"
    filter: dict[str, Any] | None = None
    order_by: list[dict[str, Any]] | dict[str, Any] | None = None
    fields: list[str] | None = None
    first: int | None = None


@dataclass(frozen=True)
class Export:
    """A list, what writes it, and how many of its records at most."""

    query: ListQuery
    make_writer: Callable[[], Writer]
    most: int | None


def parameters_of(address: Mapping[str, str], body: bytes = b"") -> Parameters:
    """Return the export parameters; those in the body override the query string. Raises `InvalidInput`."""
    given = {**_of_address(address), **(_decoded(body, "body", dict[str, Any]) if body else {})}
    try:
        asked = msgspec.convert(given, Parameters)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"is not valid: {str(error)[:200]}", "export") from None
    _check_one_of(asked.format, MEDIA_TYPES, "format")
    _check_one_of(asked.records, RECORDS, "records")
    if asked.first is not None and asked.first < 0:
        raise InvalidInput("must not be negative", "first")
    return asked


def export_of(asked: Parameters, queries: ListQueries) -> Export:
    """Return the list and the writer that are asked for. Raises `Refused` or `InvalidInput`."""
    record = RECORDS[asked.records]
    fields = fields_of(record, asked.fields)
    writer = partial(writer_of, asked.format, record, fields, chosen=asked.fields is not None)
    return Export(_query(asked, fields, queries), writer, asked.first)


def _query(asked: Parameters, fields: Sequence[Field], queries: ListQueries) -> ListQuery:
    named = {"filter": asked.filter, "orderBy": asked.order_by}
    given = {name: value for name, value in named.items() if value is not None}
    own = frozenset(field.column.name for field in fields if not field.of_head)
    if asked.records == "spans":
        return queries.spans(given, ALL_SPAN_COLUMNS if asked.fields is None else own)
    if asked.records != "traces":
        return queries.assessments(AssessmentKind(asked.records), given)
    return queries.traces(given, own, frozenset(field.column.name for field in fields if field.of_head))


def _of_address(address: Mapping[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = dict(address)
    for name in _JSON:
        if name in given:
            given[name] = _decoded(given[name].encode("utf-8", "surrogatepass"), name, Any)
    if "fields" in given:
        given["fields"] = [label.strip() for label in given["fields"].split(",")]
    return given


def _decoded(text: bytes, name: str, kind: Any) -> Any:
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.ValidationError:
        raise InvalidInput("is not a JSON object", name) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise InvalidInput("is not valid JSON in UTF-8", name) from None


def _check_one_of(value: str, known: Mapping[str, object], name: str) -> None:
    if value not in known:
        raise InvalidInput(f"is none of {', '.join(known)}", name)

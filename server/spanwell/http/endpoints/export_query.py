"""The parameters of an export, from the URL and a JSON body, and the query and writer that they select."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from spanwell.exporting.fields import RECORDS, Field, fields_of
from spanwell.exporting.formats import MEDIA_TYPES, writer_of
from spanwell.exporting.writer import Writer
from spanwell.graphql.execution.list_queries import ListQueries
from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.questions.queries import ALL_SPAN_COLUMNS, ListQuery

_JSON = ("filter", "orderBy", "first")


class Parameters(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The parameters of an export, with their defaults."""

    format: str = "jsonl"
    records: str = "spans"
    filter: dict[str, Any] | None = None
    order_by: list[dict[str, Any]] | dict[str, Any] | None = None
    fields: list[str] | None = None
    first: int | None = None


@dataclass(frozen=True)
class Export:
    """The query of an export, its writer, and the maximum number of records."""

    query: ListQuery
    make_writer: Callable[[], Writer]
    most: int | None


def parameters_of(query_string: Mapping[str, str], body: bytes = b"") -> Parameters:
    """Return the export parameters; those in the body override the query string. Raises `InvalidInput`."""
    values = {**_of_query_string(query_string), **(_decoded(body, "body", dict[str, Any]) if body else {})}
    try:
        parameters = msgspec.convert(values, Parameters)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"is not valid: {str(error)[:200]}", "export") from None
    _check_one_of(parameters.format, MEDIA_TYPES, "format")
    _check_one_of(parameters.records, RECORDS, "records")
    if parameters.first is not None and parameters.first < 0:
        raise InvalidInput("must not be negative", "first")
    return parameters


def export_of(parameters: Parameters, queries: ListQueries) -> Export:
    """Return the export that parameters select. Raises `Refused` or `InvalidInput`."""
    record = RECORDS[parameters.records]
    fields = fields_of(record, parameters.fields)
    writer = partial(writer_of, parameters.format, record, fields, chosen=parameters.fields is not None)
    return Export(_query(parameters, fields, queries), writer, parameters.first)


def _query(parameters: Parameters, fields: Sequence[Field], queries: ListQueries) -> ListQuery:
    named = {"filter": parameters.filter, "orderBy": parameters.order_by}
    arguments = {name: value for name, value in named.items() if value is not None}
    own = frozenset(field.column.name for field in fields if not field.of_head)
    if parameters.records == "spans":
        return queries.spans(arguments, ALL_SPAN_COLUMNS if parameters.fields is None else own)
    if parameters.records != "traces":
        return queries.assessments(AssessmentKind(parameters.records), arguments)
    return queries.traces(arguments, own, frozenset(field.column.name for field in fields if field.of_head))


def _of_query_string(query_string: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = dict(query_string)
    for name in _JSON:
        if name in values:
            values[name] = _decoded(values[name].encode("utf-8", "surrogatepass"), name, Any)
    if "fields" in values:
        values["fields"] = [label.strip() for label in values["fields"].split(",")]
    return values


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

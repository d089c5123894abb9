"""What the other process does with a batch: reads it, looks whether it may be stored, and makes rows of it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from spanwell.graphql.fast.batch_decoding import LIST_INPUTS
from spanwell.graphql.fast.batch_variables import list_of
from spanwell.observability.conventions.evaluations import EVALUATION
from spanwell.observability.conventions.prices import PUBLIC, Prices
from spanwell.observability.derivation.batch_checks import is_plain
from spanwell.observability.derivation.plain_json import with_plain_json
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.span import Span
from spanwell.observability.model.span_batch import Form, SpanColumns
from spanwell.observability.service import WriteLimits
from spanwell.otlp.counting import check_count
from spanwell.otlp.decoding import decode
from spanwell.otlp.documents import parse_json, parse_protobuf
from spanwell.otlp.repair import Faults
from spanwell.storage.duckdb.writing.rows.row_bytes import RowsBytes, rows_as_bytes

_INPUT = LIST_INPUTS["CreateSpanInput"]
_INPUTS: msgspec.json.Decoder[list[Any]] = msgspec.json.Decoder(list_of(_INPUT.struct))


def prepare(form: Form, body: bytes, limits: WriteLimits, prices: Prices = PUBLIC) -> RowsBytes | None:
    """Return the rows of a batch; None if anything about it is odd, which is told where it came in.

    Evaluations are read there, too, for they are scores besides.
    """
    if EVALUATION.encode() in body:
        return None
    try:
        spans = with_plain_json(SpanColumns.of(_READ[form](body)))
    except (InvalidInput, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not 0 < len(spans) <= limits.batch_spans or not is_plain(spans, limits.span_bytes):
        return None
    return rows_as_bytes(spans, prices)


def _inputs(body: bytes) -> Sequence[Span]:
    return _INPUT.read(_INPUTS.decode(body))


def _exported(form: Form, body: bytes) -> Sequence[Span]:
    check_count(form, body)
    parse = parse_protobuf if form == "otlp-protobuf" else parse_json
    faults: Faults = []
    decoded = decode(parse(body, faults))
    if odd := [*faults, *decoded.faults, *decoded.rejected]:
        raise odd[0]
    if decoded.units:
        raise InvalidInput("has times that are no nanoseconds, of which the client is told")
    return decoded.spans


_READ: Mapping[Form, Callable[[bytes], Sequence[Span]]] = {
    "graphql": _inputs,
    "otlp-json": partial(_exported, "otlp-json"),
    "otlp-protobuf": partial(_exported, "otlp-protobuf"),
}

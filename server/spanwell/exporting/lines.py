"""Records as lines of JSON with the API's names, which `importing` reads."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.blocks import Block
from spanwell.observability.model.columns import ColumnDef, Kind, Origin
from spanwell.observability.model.record import Listed
from spanwell.observability.model.span import SPAN_COLUMNS, Span
from spanwell.observability.model.times import format_moments

_COLUMNS: Mapping[type, Sequence[ColumnDef]] = {Span: SPAN_COLUMNS, **{k.record: k.columns for k in AssessmentKind}}
IMPORTED: Mapping[type, tuple[ColumnDef, ...]] = {
    record: tuple(
        sorted((c for c in columns if c.origin is not Origin.DERIVED), key=lambda c: c.origin is Origin.GIVEN)
    )
    for record, columns in _COLUMNS.items()
}
"""The columns of records that are imported: the key, and those that clients set."""

_TOGETHER = 4_096
"""Records that are encoded together: they fit in the processor's cache, and other threads soon have a turn."""

_encoder = msgspec.json.Encoder()


def parts_of(block: Block) -> Iterator[Block]:
    """Yield a block in parts that Python handles well."""
    return (block.part(start, _TOGETHER) for start in range(0, len(block), _TOGETHER))


def lines(columns: Sequence[ColumnDef], block: Block) -> bytes:
    """Return some columns of records as lines."""
    return _encoded(columns, [block.values(column.name) for column in columns])


def importable_lines(record: type[Listed], block: Block) -> bytes:
    """Return records of an importable class as lines, without missing values and derived columns."""
    columns = IMPORTED[record]
    return _encoded(columns, [_there(column, block.values(column.name)) for column in columns])


def _there(column: ColumnDef, values: list[Any]) -> list[Any]:
    """Return values with `UNSET` for those that an import fills in."""
    default = None if column.required or column.kind is Kind.TIME else column.default
    return [msgspec.UNSET if value is None or value == default else value for value in values]


def _encoded(columns: Sequence[ColumnDef], values: Iterable[list[Any]]) -> bytes:
    line = _line(tuple(column.label for column in columns))
    shown = [_shown(column.kind, each) for column, each in zip(columns, values, strict=True)]
    return _in_plain_lines(_encoder.encode_lines(list(map(line, *shown))))


@lru_cache(maxsize=256)  # clients choose the fields of an export
def _line(labels: tuple[str, ...]) -> type[msgspec.Struct]:
    """Return the class of lines with some members."""
    return msgspec.defstruct("Line", [(label, Any) for label in labels], gc=False)


def _shown(kind: Kind, values: list[Any]) -> list[Any]:
    """Return values as JSON has them."""
    match kind:
        case Kind.TIME:
            return moments(values)
        case Kind.JSON:
            # Within JSON, a line break is only between its parts.
            return [msgspec.Raw(v.replace("\n", " ").encode()) if isinstance(v, str) else v for v in values]
        case _:
            return values


def moments(values: list[Any]) -> list[Any]:
    """Return the times among values as text."""
    texts = iter(format_moments([value for value in values if isinstance(value, int)]))
    return [next(texts) if isinstance(value, int) else value for value in values]


def one_line(value: Any) -> bytes:
    """Return JSON on a single line."""
    return _in_plain_lines(_encoder.encode(value).replace(b"\n", b" ")) + b"\n"


_BREAKS = {mark.encode(): f"\\u{ord(mark):04x}".encode() for mark in "\x85\u2028\u2029"}
"""What readers of text may take for line breaks beside those of ASCII, and its replacement."""


def _in_plain_lines(encoded: bytes) -> bytes:
    encoded = encoded.replace(b"\r", b" ")  # JSON has it only between its parts
    for mark, replacement in _BREAKS.items() if not encoded.isascii() else ():
        encoded = encoded.replace(mark, replacement)
    return encoded

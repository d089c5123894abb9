"""Records as tables with typed columns: Arrow's stream format, and Parquet."""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from itertools import accumulate, count
from queue import SimpleQueue
from threading import Thread
from types import MappingProxyType
from typing import Any

import arro3.core as arrow
from arro3.core import Array, DataType, RecordBatch, RecordBatchReader, Schema
from arro3.io import write_ipc_stream, write_parquet
from typing_extensions import override

from spanwell.observability.model.columns import Kind

from .fields import Field
from .formats import Records, Writer

_MOMENT = DataType.timestamp("ns", tz="UTC")
_TEXTS = DataType.list(arrow.Field("item", DataType.string()))
_TYPES: Mapping[Kind, DataType] = MappingProxyType(
    {
        Kind.TIME: _MOMENT,
        Kind.INT: DataType.int32(),
        Kind.NUMBER: DataType.float64(),
        Kind.FLAG: DataType.bool(),
        Kind.TEXTS: _TEXTS,
    }
)
"""The types of columns; all others are text, JSON too."""

_END = 8
"""Bytes with which a stream of Arrow ends: a length of 0, after the mark of a message."""


class _Table:
    """The columns of some fields."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = fields
        self.schema = Schema([arrow.Field(field.label, _type_of(field.column.kind)) for field in fields])

    def batch(self, records: Records) -> RecordBatch:
        columns = [_array(field.column.kind, list(map(field.read, records))) for field in self._fields]
        return RecordBatch.from_arrays(columns, schema=self.schema)


def _type_of(kind: Kind) -> DataType:
    return _TYPES.get(kind, DataType.string())


def _array(kind: Kind, values: list[Any]) -> Array:
    if kind is Kind.TIME:
        return Array(values, type=DataType.int64()).cast(_MOMENT)
    return _lists(values) if kind is Kind.TEXTS else Array(values, type=_type_of(kind))


def _lists(values: list[list[str] | None]) -> Array:
    """Return lists of texts: those that are there, put in their places, as Arrow has no lists of Python's."""
    there = [value for value in values if value is not None]
    offsets, place = list(accumulate(map(len, there), initial=0)), count()
    places = [None if value is None else next(place) for value in values]
    texts = Array([text for value in there for text in value], type=DataType.string())
    lists = arrow.list_array(Array(offsets, type=DataType.int32()), texts, type=_TEXTS)
    return lists.take(Array(places, type=DataType.uint64()))


class Arrow(Writer):
    """Arrow's stream format: the schema, then a batch for each page."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._table = _Table(fields)
        self._head = self._stream([])[:-_END]

    def _stream(self, batches: list[RecordBatch]) -> bytes:
        file = BytesIO()
        write_ipc_stream(RecordBatchReader.from_batches(self._table.schema, batches), file, compression=None)
        return file.getvalue()

    @override
    def begin(self) -> bytes:
        return self._head

    @override
    def write(self, records: Records) -> bytes:
        return self._stream([self._table.batch(records)])[len(self._head) : -_END]

    @override
    def end(self) -> bytes:
        return self._stream([])[-_END:]


class _Sink:
    """A file that gives away what was written to it."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def seek(self, *_: int) -> int:
        raise OSError("What was written is given away.")

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


class Parquet(Writer):
    """Parquet, with a row group for each page.

    Its writer takes batches as it wants them, so it has a thread of its own, which works while it is given one.
    """

    def __init__(self, fields: Sequence[Field]) -> None:
        self._table = _Table(fields)
        self._given = SimpleQueue[Records | None]()
        self._made = SimpleQueue[bytes | Exception]()
        self._sink = _Sink()
        self._thread = Thread(target=self._run, name="spanwell-parquet", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            reader = RecordBatchReader.from_batches(self._table.schema, self._batches())
            write_parquet(reader, self._sink, compression="zstd(3)", max_row_group_size=4_096)  # type: ignore[arg-type] # what it needs of a file
            self._made.put(self._sink.take())
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
            self._made.put(error)

    def _batches(self) -> Iterator[RecordBatch]:
        while (records := self._given.get()) is not None:
            yield self._table.batch(records)
            self._made.put(self._sink.take())

    @override
    def write(self, records: Records) -> bytes:
        self._given.put(records)
        return self._next()

    @override
    def end(self) -> bytes:
        self._given.put(None)
        return self._next()

    def _next(self) -> bytes:
        made = self._made.get()
        if isinstance(made, Exception):
            raise made
        return made

    @override
    def close(self) -> None:
        self._given.put(None)

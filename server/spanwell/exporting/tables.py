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

from spanwell.observability.model.blocks import Block, has_documents
from spanwell.observability.model.columns import ColumnDef, Kind

from .fields import Field
from .writer import Writer

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
"""The types of columns; all others, JSON included, are text."""

_END = 8
"""The length of the end of an Arrow stream: a continuation marker and a length of 0."""


class _Table:
    """The columns of some fields."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = fields
        self.schema = Schema([arrow.Field(field.label, _type_of(field.column.kind)) for field in fields])

    def batch(self, block: Block) -> RecordBatch:
        return RecordBatch.from_arrays([_array(field.column, block) for field in self._fields], schema=self.schema)


def _type_of(kind: Kind) -> DataType:
    return _TYPES.get(kind, DataType.string())


def _array(column: ColumnDef, block: Block) -> Array:
    array: Array | None = block.arrow(column.name)
    return (_built(column.kind, block.values(column.name)) if array is None else array).cast(_type_of(column.kind))


def _built(kind: Kind, values: list[Any]) -> Array:
    if kind is Kind.TEXTS:
        return _lists(values)
    return Array(values, type=DataType.int64() if kind is Kind.TIME else _type_of(kind))


def _lists(values: list[list[str] | None]) -> Array:
    """Return a column of lists: the lists that are not null are built first, and then put in their places."""
    there = [value for value in values if value is not None]
    offsets, place = list(accumulate(map(len, there), initial=0)), count()
    places = [None if value is None else next(place) for value in values]
    texts = Array([text for value in there for text in value], type=DataType.string())
    lists = arrow.list_array(Array(offsets, type=DataType.int32()), texts, type=_TEXTS)
    return lists.take(Array(places, type=DataType.uint64()))


class Arrow(Writer):
    """Arrow's stream format: the schema, then a batch for each block."""

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
    def write(self, block: Block) -> bytes:
        return self._stream([self._table.batch(block)])[len(self._head) : -_END]

    @override
    def end(self) -> bytes:
        return self._stream([])[-_END:]


class _Sink:
    """A file for writing whose content is taken away piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def seek(self, *_: int) -> int:
        raise OSError("The content has been taken away.")

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


_MOST = 65_536
_MOST_WITH_DOCUMENTS = 4_096
"""Rows of a row group."""


class Parquet(Writer):
    """Parquet, with smaller row groups where documents may be large.

    arro3 pulls batches from an iterator, so it runs in a thread of its own, which waits for each block.
    """

    def __init__(self, fields: Sequence[Field]) -> None:
        self._table = _Table(fields)
        self._most = _MOST_WITH_DOCUMENTS if has_documents(field.column for field in fields) else _MOST
        self._blocks = SimpleQueue[Block | None]()
        self._pieces = SimpleQueue[bytes | Exception]()
        self._sink = _Sink()
        self._thread = Thread(target=self._run, name="spanwell-parquet", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            reader = RecordBatchReader.from_batches(self._table.schema, self._batches())
            write_parquet(reader, self._sink, compression="zstd(3)", max_row_group_size=self._most)  # type: ignore[arg-type] # it needs no more of a file
            self._pieces.put(self._sink.take())
        except Exception as error:  # noqa: BLE001 - raised again in `_next`
            self._pieces.put(error)

    def _batches(self) -> Iterator[RecordBatch]:
        while (block := self._blocks.get()) is not None:
            yield self._table.batch(block)
            self._pieces.put(self._sink.take())

    @override
    def write(self, block: Block) -> bytes:
        self._blocks.put(block)
        return self._next()

    @override
    def end(self) -> bytes:
        self._blocks.put(None)
        return self._next()

    def _next(self) -> bytes:
        made = self._pieces.get()
        if isinstance(made, Exception):
            raise made
        return made

    @override
    def close(self) -> None:
        self._blocks.put(None)

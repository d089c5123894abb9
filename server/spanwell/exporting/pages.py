"""What a store holds in a format, piece by piece."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, closing

from spanwell.observability.model.blocks import Block
from spanwell.observability.model.errors import ResourceExhausted
from spanwell.observability.questions.queries import ListQuery
from spanwell.observability.storage import ObservabilityStorage

from .writer import Writer


async def written(
    storage: ObservabilityStorage,
    query: ListQuery,
    make_writer: Callable[[], Writer],
    most: int | None = None,
    seconds: float | None = None,
) -> AsyncGenerator[tuple[int, bytes]]:
    """Yield how many records are written next, and what they become, until all of a list, or `most`, are written.

    The first piece comes with the first records. Raises `ResourceExhausted` if a block takes more than some seconds.
    """
    with closing(await asyncio.to_thread(make_writer)) as writer:
        piece, left = writer.begin(), most
        async with aclosing(storage.stream(query)) as blocks:
            while left != 0 and (block := await _next(blocks, seconds)) is not None:
                records = block if left is None else block.part(0, left)
                left = None if left is None else left - len(records)
                yield len(records), piece + await asyncio.to_thread(writer.write, records)
                piece = b""
        yield 0, piece + await asyncio.to_thread(writer.end)


async def _next(blocks: AsyncGenerator[Block], seconds: float | None) -> Block | None:
    try:
        async with asyncio.timeout(seconds):
            return await anext(blocks, None)
    except TimeoutError:
        raise ResourceExhausted(
            f"A page of the export took longer than {seconds:g} seconds; use a narrower filter."
        ) from None

"""`spanwell compact`."""

import argparse
import asyncio
import sys

from spanwell.options import read_settings
from spanwell.settings import Settings

from .stores import opened


def run(arguments: argparse.Namespace) -> int:
    """Write a store into a new file, if that makes it much smaller."""
    before, after = asyncio.run(_compact(read_settings(arguments)))
    sys.stdout.write(f"{before:,} bytes became {after:,}.\n" if after < before else f"{after:,} bytes; all in use.\n")
    return 0


async def _compact(settings: Settings) -> tuple[int, int]:
    async with opened(settings, must_exist=True) as storage:
        before = (await storage.get_size()).total
        await storage.reclaim()
        return before, (await storage.get_size()).total

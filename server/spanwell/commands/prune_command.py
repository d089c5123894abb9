"""`spanwell prune`."""

import argparse
import asyncio
import sys

from spanwell.observability.retention.pruning import Pruned
from spanwell.options import read_settings
from spanwell.settings import Settings

from .keeping import pruner_of
from .stores import opened


def run(arguments: argparse.Namespace) -> int:
    """Delete expired traces, or with `--dry-run` only print how many."""
    settings = read_settings(arguments)
    lines = asyncio.run(_due(settings) if arguments.dry_run else _prune(settings))
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


async def _due(settings: Settings) -> list[str]:
    async with opened(settings, must_exist=True) as storage:
        due = await pruner_of(settings, storage).due()
    return [f"{rule}: would delete {_said(pruned)}" for rule, pruned in due]


async def _prune(settings: Settings) -> list[str]:
    async with opened(settings, must_exist=True) as storage:
        done = await pruner_of(settings, storage).run()
        await storage.reclaim()
        size = await storage.get_size()
    return [f"Deleted {_said(done)}; the store has {size.total:,} bytes."]


def _said(pruned: Pruned) -> str:
    return f"{pruned.traces:,} traces of {pruned.spans:,} spans"

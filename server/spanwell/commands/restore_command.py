"""`spanwell restore`."""

import argparse
import sys
from pathlib import Path

from spanwell.options import read_settings
from spanwell.storage.duckdb.upkeep.restoring import restore, salvage

from . import CommandFailed


def run(arguments: argparse.Namespace) -> int:
    """Put a backup in the place of a store, or keep what can be read of a damaged one."""
    db = Path(read_settings(arguments).db)
    if arguments.salvage == (arguments.backup is not None):
        raise CommandFailed("Specify a backup to restore, or use `--salvage` to keep what can be read of the store.")
    found = salvage(db) if arguments.salvage else restore(Path(arguments.backup), db)
    done = "Kept what can be read" if arguments.salvage else "Restored"
    sys.stdout.write(
        f"{done}: {db} has {found.traces:,} traces, {found.spans:,} spans. The previous files were kept next to it.\n"
    )
    return 0

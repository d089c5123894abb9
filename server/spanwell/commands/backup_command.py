"""`spanwell backup`."""

import argparse
import sys
import time
from pathlib import Path

from spanwell.options import read_settings
from spanwell.storage.duckdb.upkeep.copying import copy_store

from . import CommandFailed


def run(arguments: argparse.Namespace) -> int:
    """Copy a store into one file, whether or not a server has it open."""
    db, target = Path(read_settings(arguments).db), Path(arguments.target)
    if not db.is_file():
        raise CommandFailed(f"The store {db} does not exist; use `--db` to choose another.")
    if target.is_dir():
        target /= f"{db.stem}-{time.strftime('%Y%m%d-%H%M%S')}.duckdb"
    began = time.monotonic()
    size = copy_store(str(db), target)
    sys.stdout.write(f"Backed up {db} into {target}: {size:,} bytes in {time.monotonic() - began:.1f} s.\n")
    return 0

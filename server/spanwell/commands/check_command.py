"""`spanwell check`."""

import argparse
import sys
from pathlib import Path

from spanwell.options import read_settings
from spanwell.storage.duckdb.upkeep.checking import check_store

from . import CommandFailed


def run(arguments: argparse.Namespace) -> int:
    """Read all of a store, or of a backup, and say whether it is whole."""
    db = arguments.file or read_settings(arguments).db
    if not Path(db).exists() and not Path(f"{db}.wal").exists():
        raise CommandFailed(f"The store {db} does not exist; use `--db` to choose another.")
    found = check_store(db)
    if found.problems:
        raise CommandFailed(f"{db} is readable, but has {' and '.join(found.problems)}.")
    sys.stdout.write(
        f"{db} is intact: {found.traces:,} traces, {found.spans:,} spans, schema version {found.version}.\n"
    )
    return 0

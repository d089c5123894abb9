"""Starts a server on what is no store it can read: it ends at once, with one sentence, and nothing is changed.

python -m tests.faults.unreadable
"""

import argparse
import gzip
import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb

from tests.running import COMMAND, ROOT, environment

_OLD = ROOT / "tests" / "storage" / "files" / "version9.duckdb.gz"
_AS_OTHERS = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if os.getuid() == 0 else ()
"""Root may write whatever is read-only, unless it gives that up."""


def _store(db: Path) -> None:
    db.write_bytes(gzip.decompress(_OLD.read_bytes()))


def _read_only(db: Path) -> None:
    _store(db)
    db.chmod(0o444)


def _in_a_read_only_folder(db: Path) -> None:
    db.parent.chmod(0o555)


def _half(db: Path) -> None:
    _store(db)
    os.truncate(db, db.stat().st_size // 2)


def _damaged(db: Path) -> None:
    _store(db)
    content = bytearray(db.read_bytes())
    content[12_288:12_352] = bytes(64)
    db.write_bytes(content)


def _newer(db: Path) -> None:
    _store(db)
    with duckdb.connect(str(db)) as file:
        file.execute("UPDATE spanwell_schema SET version = 99")


def _of_others(db: Path) -> None:
    with duckdb.connect(str(db)) as file:
        file.execute("CREATE TABLE sales (day DATE)")


def _of_another_duckdb(db: Path) -> None:
    _store(db)
    content = bytearray(db.read_bytes())
    content[12] = 255
    db.write_bytes(content)


CASES: dict[str, Callable[[Path], object]] = {
    "read-only": _read_only,
    "in a read-only folder": _in_a_read_only_folder,
    "in a folder that is missing": lambda db: db.parent.rmdir(),
    "a folder": lambda db: db.mkdir(),
    "garbage": lambda db: db.write_bytes(b"These are my notes. " * 1_000),
    "empty": lambda db: db.touch(),
    "half": _half,
    "damaged": _damaged,
    "newer": _newer,
    "of others": _of_others,
    "of another DuckDB": _of_another_duckdb,
}


def state(folder: Path) -> dict[str, str]:
    """Return what a folder holds."""
    files = folder.rglob("*") if folder.is_dir() else []
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.is_file()}


def refused(make: Callable[[Path], object]) -> str:
    """Return what the server says of a place; raises `AssertionError` if that is not one sentence, or it changed it."""
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top) / "stores"
        folder.mkdir()
        db = folder / "spans.duckdb"
        make(db)
        before = state(folder)
        done = subprocess.run(
            [*_AS_OTHERS, *COMMAND, "serve", "--db", str(db), "--port", "0"],
            cwd=ROOT,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        *logged, said = done.stderr.strip().splitlines()
        assert (done.returncode, "Traceback" in done.stderr) == (2, False), (done.returncode, done.stderr)
        assert all(" INFO " in line for line in logged), logged
        assert state(folder) == before, sorted(state(folder))
        if folder.is_dir():
            folder.chmod(0o755)
        return said.replace(top, "")


def main() -> int:
    """Try all of them; return how many were not refused as they should be."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    wrong = 0
    for name, make in CASES.items():
        try:
            print(f"{name}: {refused(make)}", flush=True)
        except AssertionError as error:
            wrong += 1
            print(f"{name}: WRONG {error}", flush=True)
    print(f"{len(CASES)} files, {wrong} wrong")
    return wrong


if __name__ == "__main__":
    sys.exit(main())

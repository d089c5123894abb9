"""Damages the files of a store whose server was killed: whatever is lost of them is said, never silent.

python -m tests.faults.flips [FLIPS]      a bit each of the write-ahead log, of the database and of the mark
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

import duckdb

from spanwell.observability.model.errors import StorageUnavailable
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.observability.questions.queries import SpanQuery, Window
from spanwell.storage import open_storage
from tests.running import serving

_BATCHES, _SPANS = 40, 20


def killed(folder: Path) -> Path:
    """Make a store with acknowledged batches, half of them in the log, whose server was killed."""
    path = folder / "spans.duckdb"
    for part in range(2):
        with serving("--db", str(path)) as server:
            for batch in range(_BATCHES // 2):
                spans = [
                    {
                        "traceId": f"{part}-{batch}",
                        "spanId": str(i),
                        "name": "n",
                        "startedAt": "2026-01-01T00:00:00Z",
                        "input": {"i": i},
                    }
                    for i in range(_SPANS)
                ]
                query = "mutation ($s: [CreateSpanInput!]!) { batchCreateSpans(spans: $s) { createdCount } }"
                assert "errors" not in server.ask(query, {"s": spans})
            server.stop(signal.SIGKILL if part else signal.SIGTERM)
    return path


async def opened(path: Path) -> str:
    """Return what becomes of opening a store and reading all of it."""
    storage = open_storage(str(path))
    try:
        await storage.init()
    except StorageUnavailable:
        return "refused"
    try:
        count = await storage.count_spans(ALWAYS)
        traces = await storage.count_traces(ALWAYS)
        await storage.list_spans(SpanQuery(Window(10_000)))
    except (duckdb.Error, StorageUnavailable):
        return "refused when read"
    finally:
        await storage.close()
    return (
        "whole" if (count, traces) == (_BATCHES * _SPANS, _BATCHES) else f"SILENT LOSS: {count} spans, {traces} traces"
    )


def attempt(path: str) -> str:
    """Open a store in a process of its own, which damage may end."""
    found = subprocess.run(
        [sys.executable, "-m", "tests.faults.flips", "--open", path],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    return found.stdout.strip() or f"died with {found.returncode}"


def damaged(original: Path, harm: str, place: float, random: Random) -> str:
    """Return what becomes of a copy of a store after some harm to one of its files."""
    with tempfile.TemporaryDirectory() as folder:
        for file in original.parent.iterdir():
            shutil.copy(file, folder)
        what, _, of = harm.partition(" ")
        file = Path(folder) / (original.name + {"log": ".wal", "database": "", "mark": ".mark"}[of])
        size = file.stat().st_size
        match what:
            case "flip":
                content = bytearray(file.read_bytes())
                content[int(place * size)] ^= 1 << random.randrange(8)
                file.write_bytes(content)
            case "cut":
                os.truncate(file, int(place * size))
            case _:
                file.unlink()
        return attempt(str(Path(folder) / original.name))


def main() -> int:
    """Do all harm; return how often something was lost in silence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("flips", nargs="?", type=int, default=200)
    parser.add_argument("--open", help="only open a store, and say what became of it")
    arguments = parser.parse_args()
    if arguments.open:
        print(asyncio.run(opened(Path(arguments.open))))
        return 0
    flips = arguments.flips
    random, seen = Random(1), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        original = killed(Path(folder))
        size = (original.parent / (original.name + ".wal")).stat().st_size
        for number in range(flips):
            head = random.randrange(64) / size
            seen[
                f"flip log: {damaged(original, 'flip log', head if number % 3 == 0 else random.random(), random)}"
            ] += 1
            if number % 2 == 0:
                seen[f"flip database: {damaged(original, 'flip database', random.random(), random)}"] += 1
            if number % 10 == 0:
                seen[f"flip mark: {damaged(original, 'flip mark', random.random(), random)}"] += 1
            if number % 3 == 0:
                seen[f"cut log: {damaged(original, 'cut log', random.random(), random)}"] += 1
        seen[f"no log: {damaged(original, 'lose log', 0, random)}"] += 1
        seen[f"no mark: {damaged(original, 'lose mark', 0, random)}"] += 1
    print(json.dumps(seen, indent=1))
    return sum(count for what, count in seen.items() if "SILENT" in what or "died" in what)


if __name__ == "__main__":
    sys.exit(main())

"""Backs a server up while clients write to it: each copy is a state that the store had, without half a batch.

python -m tests.faults.backups [COUNT]      half of them by the server, half by the command beside it
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from spanwell.storage.duckdb.upkeep.checking import check_store
from tests.running import serving, spanwell

from .clients import Client, ask, stored

_WRITERS = 4


def content_of(copy: Path, clients: list[Client], before: dict[str, int]) -> list[str]:
    """Return what is wrong with a copy: what its tables say of each other, halves, and what it has to have."""
    wrong = check_store(str(copy)).problems
    with serving("--db", str(copy), "--log-level", "error") as server:
        found = {client.prefix: stored(server.url, client.prefix + "-") for client in clients}
    for client in clients:
        mine = found[client.prefix]
        wrong += [f"{trace_id}: {content}" for trace_id, content in mine.items() if content.is_half]
        newest = f"{client.prefix}-{before[client.prefix]}"
        if before[client.prefix] and newest not in mine and newest not in client.gone:
            wrong.append(f"{newest} was acknowledged, and is missing")
    return wrong


def main() -> int:
    """Make the copies; return how many were wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=50)
    count, bad, sizes = parser.parse_args().count, 0, list[int]()
    with tempfile.TemporaryDirectory() as folder:
        db, backups = Path(folder) / "spans.duckdb", Path(folder) / "backups"
        backups.mkdir()
        with serving("--db", str(db), "--backup-dir", str(backups), "--log-level", "error") as server:
            clients = [Client(server.url, f"client{number}", number) for number in range(_WRITERS)]
            for client in clients:
                client.start()
            for number in range(count):
                time.sleep(0.2)
                before = {client.prefix: client.newest for client in clients}
                if number % 2:
                    done = spanwell("backup", str(backups), "--db", str(db))
                    assert done.returncode == 0, done.stderr
                else:
                    ask(server.url, "mutation { backup { name bytes } }")
                (copy,) = backups.iterdir()
                sizes.append(copy.stat().st_size)
                wrong = content_of(copy, clients, before)
                bad += bool(wrong)
                print(number, f"{sizes[-1]:,} bytes", wrong[:3], flush=True)
                copy.unlink()
            server.stop()
            for client in clients:
                client.join()
    print(f"{count} backups of {sizes[0]:,} to {sizes[-1]:,} bytes during writes, {bad} wrong")
    return bad


if __name__ == "__main__":
    sys.exit(main())

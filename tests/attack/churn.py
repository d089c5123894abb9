"""`python -m tests.attack.churn [ROUNDS]` lets 500 subscribers come and go in each round, half of them without a word.

It tells the memory, the threads and the open files of the server after each: what goes leaves nothing behind.
"""

from pathlib import Path

from tests.http.raw_sockets import INIT, Raw, ask
from tests.running import serving

from .lane import argument

FOLLOW = "subscription { spans { cursor } }"
_EACH = 500


def come_and_go(url: str) -> None:
    """Let some subscribers begin, and leave."""
    came: list[Raw] = []
    for _ in range(_EACH):
        came.append(one := Raw(url))
        one.send(INIT, ask(FOLLOW))
        assert b"ack" in one.hear()[1]
    for at, one in enumerate(came):
        if at % 2:
            one.send('{"type":"complete","id":"1"}')
        one.end()


def held(pid: int) -> str:
    """Return what a process holds."""
    process = Path(f"/proc/{pid}")
    fields = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    files = len(list((process / "fd").iterdir()))
    return f"{int(fields['VmRSS'].split()[0]) / 1024:.0f} MB, {int(fields['Threads'])} threads, {files} files"


def main() -> None:
    rounds = int(argument("churn", __doc__, "10"))
    with serving("--db", ":memory:", "--log-level", "error", "--max-streams", "4000") as server:
        print("at first:", held(server.process.pid))
        for at in range(rounds):
            come_and_go(server.url)
            print(f"after {(at + 1) * _EACH:,}: {held(server.process.pid)}", flush=True)
        print("healthy:", server.ask("{ __typename }"))


if __name__ == "__main__":
    main()

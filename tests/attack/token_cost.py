"""`python -m tests.attack.token_cost [ROUNDS]` tells how much slower requests are with a token.

Two servers of the same data, one with a token and one that asks for none, are asked in turn, round by round.
"""

import asyncio
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.running import serving, spanwell

from .lane import argument
from .overload import QUERY
from .wire import line, request

_ASKED = {"{ __typename }": 400, QUERY: 150}
"""What is asked for, and how often in a round."""


async def seconds(url: str, query: str, token: str) -> float:
    """Return how long a round takes."""
    sent = request(url, query)
    if token:
        sent = sent.replace(b"\r\n\r\n", f"\r\nAuthorization: Bearer {token}\r\n\r\n".encode(), 1)
    async with line(url) as one:
        began = time.perf_counter()
        for _ in range(_ASKED[query]):
            answer = await one.ask(sent)
            assert answer.is_good, answer.body[:200]
    return time.perf_counter() - began


async def compare(plain: str, guarded: str, token: str, rounds: int) -> None:
    for query in _ASKED:
        ratios: list[float] = []
        for number in range(rounds + 1):
            with_token = await seconds(guarded, query, token)
            without = await seconds(plain, query, "")
            ratios += [with_token / without] if number else []
        print(f"{query[:30]}: {median(ratios) - 1:+.1%} with a token (median of {rounds} rounds)")


def main() -> None:
    rounds = int(argument("token_cost", __doc__, "15"))
    with TemporaryDirectory() as folder:
        tokens = Path(folder) / "tokens"
        made = spanwell("token", "create", "--scopes", "read", "--tokens", str(tokens))
        token = made.stdout.split()[-1]
        with (
            serving("--demo", "--db", ":memory:") as plain,
            serving("--demo", "--db", ":memory:", "--tokens", str(tokens)) as guarded,
        ):
            asyncio.run(compare(plain.url, guarded.url, token, rounds))


if __name__ == "__main__":
    main()

"""The other process: takes batches from its standard input and answers on its standard output, until that is closed."""

import os
import pickle
import signal
import sys
from pathlib import Path
from typing import BinaryIO

from spanwell.collector import quiet_collector
from spanwell.observability.conventions.prices import PUBLIC, Prices, read_prices
from spanwell.observability.service import WriteLimits

from .job import prepare

_NICENESS = 5
"""How much it yields when processors are scarce: queries and commits wait for the server, and it has one event loop and
one writer. Reads during full ingest take a fifth less time (measured)."""


def work(source: BinaryIO, sink: BinaryIO, limits: WriteLimits, prices: Prices = PUBLIC) -> None:
    """Answer that it is ready, and then batch by batch, until there are no more."""
    pickle.dump("ready", sink)
    sink.flush()
    while True:
        try:
            form, body = pickle.load(source)  # noqa: S301 - the server that started this process wrote it
        except (EOFError, pickle.UnpicklingError):  # the second if the server was killed amid a batch
            return
        pickle.dump(prepare(form, body, limits, prices), sink, 5)
        sink.flush()


def main(batch_spans: str, span_bytes: str, prices: str) -> None:
    """Work by some settings of the server."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with its server, which closes the pipe
    if sys.platform != "win32":
        os.nice(_NICENESS)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # without a word, where the server was killed
    known = read_prices(Path(prices)) if prices else PUBLIC
    # A sink of our own: without buffers, as PYTHONUNBUFFERED leaves it, pickle loses what a pipe does not take at once.
    with quiet_collector(), open(sys.stdout.fileno(), "wb", closefd=False) as sink:
        work(sys.stdin.buffer, sink, WriteLimits(int(batch_spans), int(span_bytes)), known)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Says how long code takes, such that what else the tests hold and do does not count, and waits for what comes."""

import gc
from collections.abc import Callable, Generator
from contextlib import contextmanager
from time import monotonic, sleep, thread_time


@contextmanager
def takes_at_most(seconds: float, clock: Callable[[], float] = thread_time) -> Generator[None]:
    """Fail if this thread (or what `clock` counts) computes for longer, in seconds of processor time.

    Python's collector does not run meanwhile: late in a run it walks the objects of thousands of tests, which can take
    longer than what is measured.
    """
    collects = gc.isenabled()
    gc.disable()
    begin = clock()
    try:
        yield
        taken = clock() - begin
    finally:
        if collects:
            gc.enable()
    assert taken <= seconds


def awaited(condition: Callable[[], bool]) -> None:
    """Wait until something is so, for at most ten seconds."""
    until = monotonic() + 10
    while not condition():
        assert monotonic() < until
        sleep(0.01)

"""Keeps Python's garbage collector from stopping work for what never dies."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def quiet_collector() -> Generator[None]:
    """Leave modules and the schema out of collections, and collect less often, until the block ends.

    A full collection walks every object there is, which stops every request, or an import, for as long as it takes.
    """
    gc.collect()
    gc.freeze()
    thresholds = gc.get_threshold()
    gc.set_threshold(100_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()

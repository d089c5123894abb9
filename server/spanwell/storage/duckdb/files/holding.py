"""A file beside the store asks for no checkpoint while somebody copies it, unless it was not touched for a while."""

import time
from pathlib import Path

BEAT = 1.0
"""Seconds after which whoever copies asks again."""
_FORGOTTEN = 10.0


def hold_path(db: str | Path) -> Path:
    """Return the file that asks."""
    return Path(f"{db}.copying")


def is_held(db: str | Path) -> bool:
    """Return whether somebody copies the store."""
    try:
        return time.time() < hold_path(db).stat().st_mtime + _FORGOTTEN
    except FileNotFoundError:
        return False

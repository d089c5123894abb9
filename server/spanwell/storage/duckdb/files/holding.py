"""A file beside the store that suspends checkpoints while the store is copied; ignored if not touched for a while."""

import time
from pathlib import Path

BEAT = 1.0
"""Seconds after which a copying process touches the file again."""
_FORGOTTEN = 10.0


def hold_path(db: str | Path) -> Path:
    """Return the path of that file."""
    return Path(f"{db}.copying")


def is_held(db: str | Path) -> bool:
    """Return whether the store is being copied."""
    try:
        return time.time() < hold_path(db).stat().st_mtime + _FORGOTTEN
    except FileNotFoundError:
        return False

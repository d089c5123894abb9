"""Imports files: readers of many formats, whose spans are stored through the service like any client's."""

from .batches import ImportFailed
from .files import Summary, import_files

__all__ = ["ImportFailed", "Summary", "import_files"]

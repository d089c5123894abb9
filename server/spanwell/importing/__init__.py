"""Reads spans from files and writes them through the service, as any client does."""

from .batches import ImportFailed
from .files import Summary, import_files

__all__ = ["ImportFailed", "Summary", "import_files"]

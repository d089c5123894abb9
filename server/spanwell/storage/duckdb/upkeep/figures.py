"""Metrics of the DuckDB store."""

from collections.abc import Mapping

from spanwell.storage.duckdb.files.database import Database
from spanwell.storage.duckdb.writing.writer import Writer


def figures(database: Database, writer: Writer) -> Mapping[str, tuple[str, float]]:
    """Return metrics by name, each with a description and a value; see `ObservabilityStorage.figures`."""
    return {
        "writes_waiting": ("Writes that wait for the writer.", writer.waiting),
        "log_bytes": ("Bytes of the write-ahead log.", database.log_size()),
        "checkpoints_total": ("Checkpoints since the start.", database.checkpoints),
        "checkpoint_seconds_total": ("Seconds that checkpoints took.", database.checkpoint_seconds),
        "reopened_total": ("How often the store was opened again, in a new file or not.", database.generation - 1),
    }

"""What the server weighs, and on what the figures were measured."""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.running import ROOT

_MB = 1024 * 1024
_SHOWN = ("duckdb", "graphql-core", "strawberry-graphql", "starlette", "uvicorn", "arro3-core", "msgspec", "orjson")


def resident_mb(pid: int) -> float:
    """Return the memory that a process holds, in MB; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / _MB


def folder_mb(folder: Path) -> float:
    """Return the size of all files in a folder, in MB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink()) / _MB


def install_mb() -> float:
    """Return the size of a fresh environment with nothing but the server, pip left out, in MB."""
    with tempfile.TemporaryDirectory(prefix="spanwell-install-") as folder:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        pip = [sys.executable, "-m", "pip", "--python", f"{folder}/bin/python", "install", "-qq"]
        subprocess.run([*pip, "-c", str(ROOT / "requirements.lock"), str(ROOT)], check=True)
        return folder_mb(Path(folder) / "lib")


def machine() -> dict[str, Any]:
    """Return when, on what, and with which versions the figures are measured."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "versions": {"spanwell": version("spanwell"), **{name: version(name) for name in _SHOWN}},
    }


def store_to_ask(description: str | None) -> str:
    """Return the store that the command line names, which has to be there."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("store", help="a DuckDB file of spans")
    store: str = parser.parse_args().store
    if not Path(store).is_file():
        parser.error(f"{store} is not there")
    return store

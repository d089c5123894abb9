"""Mastra's own stores of spans, within the process that asks: no network and no GraphQL are part of their figures."""

import json
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

from .peers import PAGE, Store, answered
from .spans import BATCH, TRACE, Batch
from .wire import Refused

_DRIVER = Path(__file__).with_suffix(".mjs")
_LONGEST = 300
"""Seconds after which a store that still has not done everything is given up."""
_NAMES = {"duckdb": "DuckDB", "libsql": "libSQL"}


class _Process:
    """A process with a store in it."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.said("ready")

    def said(self, key: str) -> dict[str, Any]:
        """Return the next answer, past whatever else is printed. Raises `Refused`."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(f'{{"{key}":'):
                answer: dict[str, Any] = json.loads(line)
                return answer
        raise Refused("the process ended")

    def _ask(self, question: str, of: object, wanted: int) -> float:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"ask": question, "of": of}) + "\n")
        self._process.stdin.flush()
        answer = self.said("ms")
        answered(wanted, answer["found"], "records")
        return float(answer["ms"])

    def create(self, batch: Batch) -> float:
        """Store a batch by `batchCreateSpans`."""
        return self._ask("create", batch.spans, BATCH)

    def trace(self, trace_id: str) -> float:
        """Read a trace by `getTraceLight`."""
        return self._ask("trace", trace_id, TRACE)

    def newest(self) -> float:
        """Read a page by `listTraces`."""
        return self._ask("newest", PAGE, PAGE)


@dataclass(frozen=True)
class Mastra:
    """A store of Mastra's, `duckdb` or `libsql`, that is installed in a folder."""

    kind: str
    folder: Path | None
    node: str | None = shutil.which("node")

    @property
    def _manifest(self) -> Path:
        return (self.folder or Path()).absolute() / "node_modules" / "@mastra" / self.kind / "package.json"

    @property
    def name(self) -> str:
        """Its name, with its version if it is installed."""
        said = json.loads(self._manifest.read_text(encoding="utf-8"))["version"] if not self.missing else ""
        return f"Mastra {_NAMES[self.kind]} {said}".strip()

    @property
    def missing(self) -> str:
        """How to get it; empty if it is there."""
        if self.node is None:
            return "it needs `node` on the path"
        if self.folder is None or not self._manifest.exists():
            return f"`npm install --prefix FOLDER @mastra/{self.kind}`, and then `--mastra FOLDER`"
        return ""

    @contextmanager
    def open(self, folder: Path) -> Generator[Store]:
        """Start a process with an empty store."""
        assert self.node is not None
        assert self.folder is not None
        command = [self.node, str(_DRIVER), self.kind, str(self.folder.absolute()), str(folder / f"{self.kind}.db")]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder, text=True
        ) as process:
            giving_up = Timer(_LONGEST, process.kill)
            giving_up.start()
            try:
                yield _Process(process)
            finally:
                giving_up.cancel()
                process.kill()

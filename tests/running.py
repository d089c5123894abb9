"""Runs the real command as a process of its own."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMAND = [sys.executable, "-m", "spanwell"]
ROOT = Path(__file__).parents[1]


def environment(**variables: str) -> dict[str, str]:
    """Return the environment of a command: ours, without settings, and with some."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("SPANWELL_")}
    return {**ours, **variables}


def spanwell(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=ROOT,
        env=environment(**variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@dataclass
class Running:
    """A server that runs, and where."""

    process: "subprocess.Popen[str]"
    url: str
    greeting: list[str]

    def ask(self, query: str, variables: object = None) -> Any:
        """Return the answer to a query."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"{self.url}/graphql", body, {"content-type": "application/json"})  # noqa: S310 - http to ourselves
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - http to ourselves
            return json.load(answer)

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Stop the server with a signal; returns its exit code and what it said at the end."""
        self.process.send_signal(number)
        said, _ = self.process.communicate(timeout=30)
        return self.process.returncode, said


@contextmanager
def serving(*arguments: str, module: str = "spanwell", **variables: str) -> Generator[Running]:
    """Run a server, started as a module, on a free port until the block ends."""
    with subprocess.Popen(
        [sys.executable, "-m", module, "serve", "--port", "0", *arguments],
        cwd=ROOT,
        env=environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        greeting: list[str] = []
        url = ""
        for line in process.stdout:
            greeting.append(line.rstrip())
            if found := re.search(r"answers at (\S+)/graphql", line):
                url = found[1]
            if line.startswith("  store:"):
                break
        assert url, greeting
        try:
            yield Running(process, url, greeting)
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.communicate(timeout=30)
                finally:
                    process.kill()  # one that does not stop fails its test, and must not outlive it

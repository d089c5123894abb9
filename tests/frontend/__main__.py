"""`python -m tests.frontend` proves what needs Node: examples in JavaScript, the dashboard, and the schema for Relay.

Packages come from the npm registry, as the lock files pin them.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.running import serving

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "frontend_examples"
REACT, TYPED, APOLLO = (EXAMPLES / name for name in ("react", "typed_client", "apollo"))
INSTALL = ("ci", "--no-audit", "--no-fund")

STEPS: tuple[tuple[Path, tuple[str, ...]], ...] = (
    (REACT, INSTALL),
    (REACT, ("run", "codegen")),
    (REACT, ("run", "build")),  # which checks types first
    (TYPED, INSTALL),
    (TYPED, ("run", "codegen")),
    (TYPED, ("run", "build")),
    (APOLLO, INSTALL),
    (HERE, INSTALL),
    (HERE, ("run", "lint")),
    (HERE, ("run", "relay")),
    (HERE, ("run", "dashboard:format")),
    (HERE, ("run", "dashboard:lint")),
    (HERE, ("run", "dashboard:types")),
    (HERE, ("run", "dashboard:logic")),
)

# What an example prints as its last lines, when it asks a server of demo traces.
PRINTED = {
    TYPED: r"\d+ traces take 1000 ms or more\n(\w{32}  \d+ ms  .+\n){5}$",
    APOLLO: r"60 traces from the cache\n$",
}


def main() -> int:
    """Run the steps, and stop at the first that fails."""
    npm = shutil.which("npm")
    if npm is None:
        print("There is no npm: Node 20.19 or newer brings it.", file=sys.stderr)  # noqa: T201 - what a person reads
        return 1
    for folder, arguments in STEPS:
        print(f"── npm {' '.join(arguments)} in {folder.name}", flush=True)  # noqa: T201 - what a person watches
        if code := subprocess.run([npm, *arguments], cwd=folder, check=False).returncode:
            return code
    return run_examples(npm)


def run_examples(npm: str) -> int:
    """Run the examples that print something against a real server."""
    with serving("--db", ":memory:", "--demo") as server:
        for folder, expected in PRINTED.items():
            print(f"── npm start in {folder.name}", flush=True)  # noqa: T201 - what a person watches
            command = [npm, "start", "--silent", "--", f"{server.url}/graphql"]
            done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=False)
            print(done.stdout)  # noqa: T201 - what a person watches
            if done.returncode or not re.search(expected, done.stdout):
                return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

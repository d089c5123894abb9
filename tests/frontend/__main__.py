"""`python -m tests.frontend` proves what needs Node: the React example, and that Relay and the linters take the schema.

Packages come from the npm registry, as the lock files pin them.
"""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
REACT = HERE.parents[1] / "frontend_examples" / "react"

STEPS: tuple[tuple[Path, tuple[str, ...]], ...] = (
    (REACT, ("ci", "--no-audit", "--no-fund")),
    (REACT, ("run", "codegen")),
    (REACT, ("run", "build")),  # which checks types first
    (HERE, ("ci", "--no-audit", "--no-fund")),
    (HERE, ("run", "lint")),
    (HERE, ("run", "relay")),
)


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
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

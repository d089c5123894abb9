"""`python -m tests` runs every check in turn: lint, layers, types, and the tests with branch coverage."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent

CHECKS: tuple[tuple[str, ...], ...] = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("lint-imports", "--no-cache"),
    ("mypy",),
    ("pyright", "--pythonpath", sys.executable),
    ("pytest", "-q", "-n", "2", "--dist", "worksteal", "--cov", "--cov-report", "term:skip-covered"),
)


def main() -> int:
    """Run the checks, and stop at the first that fails."""
    for name, *arguments in CHECKS:
        print(f"── {name} {' '.join(arguments)}", flush=True)  # noqa: T201 - what a person watches
        began = time.monotonic()
        done = subprocess.run([BIN / name, *arguments], cwd=ROOT, check=False)
        if done.returncode:
            return done.returncode
        if name != "pytest":  # which tells its own time, and has the last word
            print(f"   {time.monotonic() - began:.0f} s", flush=True)  # noqa: T201 - what a person watches
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

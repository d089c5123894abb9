"""`python -m tests [STAGE]` runs the checks of a stage in turn, and stops at the first that fails.

lint   ruff, and the import contracts
types  mypy and pyright
fast   the tests that need no browser
wheel  the rules, against the wheel in an empty environment
fix    what ruff can mend by itself
all    everything but `fix`, with branch coverage; the default
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent

Check = tuple[str, ...]

LINT: tuple[Check, ...] = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("lint-imports", "--no-cache"))
TYPES: tuple[Check, ...] = (("mypy",), ("pyright", "--pythonpath", sys.executable))
PYTEST: Check = ("pytest", "-q", "-n", "2", "--dist", "worksteal")
COVERAGE: Check = ("--cov", "--cov-report", "term:skip-covered")
WHEEL: Check = ("python", "-m", "tests.wheel")

STAGES: Mapping[str, tuple[Check, ...]] = {
    "lint": LINT,
    "types": TYPES,
    "fast": ((*PYTEST, "--ignore", "tests/browser"),),
    "wheel": (WHEEL,),
    "fix": (("ruff", "check", "--fix", "."), ("ruff", "format", ".")),
    "all": (*LINT, *TYPES, WHEEL, (*PYTEST, *COVERAGE)),
}


def main() -> int:
    """Run the checks of the stage that the command line names."""
    parser = argparse.ArgumentParser(
        prog="python -m tests", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stage", nargs="?", choices=STAGES, default="all")
    for name, *arguments in STAGES[parser.parse_args().stage]:
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

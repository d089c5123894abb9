"""`python -m tests.wheel` builds the wheel, installs it into an empty environment, and runs the rules there.

So the package is complete without its checkout: the modules, the pages, and the dependencies that it states.
"""

import subprocess
import sys
import venv
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
TOOLS = ("pytest", "hypothesis", "httpx")
ORIGIN = "import spanwell, sys; sys.exit(0 if sys.prefix in spanwell.__file__ else 'spanwell is not that of the wheel')"


def main() -> int:
    """Return the exit code of the rules, run against the installed wheel."""
    with TemporaryDirectory() as folder:
        place = Path(folder)
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
        subprocess.run(build, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        venv.create(place / "env", with_pip=True)
        python = place / "env" / "bin" / "python"
        wheels = map(str, place.glob("*.whl"))
        lock = str(ROOT / "requirements.lock")
        install = [str(python), "-m", "pip", "install", "-q", "-c", lock, *wheels, *TOOLS]
        subprocess.run(install, check=True)
        subprocess.run([python, "-P", "-c", ORIGIN], cwd=ROOT, check=True)
        return subprocess.run([python, "-m", "pytest", "-q", "tests/rules"], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())

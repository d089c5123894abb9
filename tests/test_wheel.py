"""What `pip install` brings is the whole server, pages included."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from .running import ROOT

PAGES = {
    "spanwell/http/static/playground": ROOT / "server/spanwell/http/static/playground",
    "spanwell/http/static/playground/examples": ROOT / "frontend_examples/playground",
    "spanwell/http/static/dashboard": ROOT / "frontend_examples/dashboard",
}


def test_every_file_of_the_pages_is_in_the_wheel_with_its_licences(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(ZipFile(wheel).namelist())
    wanted = {
        f"{place}/{file.relative_to(folder).as_posix()}"
        for place, folder in PAGES.items()
        for file in folder.rglob("*")
        if file.is_file()
    }
    assert wanted - packed == set()
    for page in ("playground", "dashboard"):
        assert f"spanwell/http/static/{page}/vendor/LICENSES.txt" in packed

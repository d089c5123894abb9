"""The shape of the code: layers, sizes, and suppressions that give their reason."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from spanwell.graphql.schema import print_schema

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "server").rglob("*.py"))
ALL = [*MODULES, *sorted((ROOT / "tests").rglob("*.py"))]
SUPPRESSION = re.compile(r"#\s*(type: ignore|pyright: ignore|noqa|pragma: no cover)[^#\n]*")


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_imports_point_one_way() -> None:
    tool = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_module_is_long_and_most_are_short() -> None:
    lengths = {path: len(lines_of(path)) for path in MODULES}
    assert {path: n for path, n in lengths.items() if n > 300} == {}
    assert median(n for n in lengths.values() if n > 5) <= 90


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1


def test_functions_are_short() -> None:
    lengths = [found for path in MODULES for found in functions(path)]
    assert [(name, n) for name, n in lengths if n > 50] == []
    assert median(n for _, n in lengths) <= 8


def test_no_folder_is_crowded_and_each_says_what_stands_in_it() -> None:
    packages = {path.parent: path for path in MODULES if path.name == "__init__.py"}
    modules = {folder: [path for path in folder.glob("*.py") if path.name != "__init__.py"] for folder in packages}
    assert {folder: len(found) for folder, found in modules.items() if len(found) > 15} == {}
    assert [path for path in packages.values() if not ast.get_docstring(ast.parse(path.read_text("utf-8")))] == []


def test_no_module_is_a_bag_of_leftovers() -> None:
    assert [path for path in MODULES if path.stem in {"utils", "util", "helpers", "common", "misc"}] == []


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_suppression_gives_its_reason(path: Path) -> None:
    """A reason is text after the codes: `# noqa: S608 - why`, or a second comment."""
    bare = [
        line.strip()
        for line in lines_of(path)
        if (found := SUPPRESSION.search(line)) and "SUPPRESSION" not in line
        if not re.search(r"(\s-\s+\w|#\s*\w)", line[found.start() + 1 :].partition(":")[2])
    ]
    bare += [
        line.strip() for line in lines_of(path) if "mark.no_cover" in line.partition("#")[0] and "  # " not in line
    ]
    assert bare == []


def test_the_schema_on_disk_is_what_the_code_prints() -> None:
    """`spanwell schema > schema.graphql` brings it up to date."""
    assert (ROOT / "schema.graphql").read_text(encoding="utf-8") == print_schema()


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607 - whichever git there is
    if listed.returncode:
        pytest.skip("this is not a git checkout")
    return listed.stdout.splitlines()


def test_nothing_lies_beside_what_the_project_is_made_of() -> None:
    folders = {".ci", ".github", "docs", "frontend_examples", "server", "tests"}
    files = {
        ".gitignore",
        ".pre-commit-config.yaml",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "README.md",
        "SECURITY.md",
        "pyproject.toml",
        "requirements.lock",
        "schema.graphql",
    }
    assert {name.partition("/")[0] for name in tracked()} == folders | files


def test_no_file_names_a_home_folder() -> None:
    """Paths of the machine that something was made on mean nothing anywhere else."""
    paths = re.compile(r"(?<![\w.])(/root|/home/\w+|/Users/\w+)/\w")
    built = "server/spanwell/http/static/"  # the playground's own code, as its packages built it
    names = [ROOT / name for name in tracked() if not name.startswith(built)]
    names.remove(Path(__file__))
    texts = {path: path.read_bytes().decode("utf-8", "replace") for path in names if path.is_file()}
    assert [path for path, text in texts.items() if paths.search(text)] == []

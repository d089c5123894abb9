"""The dashboard: plain files, an example for front-end developers, that ask the GraphQL API and nothing else."""

import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from .pages import PageFiles, page_headers

PATH = "/"

_PACKED = Path(__file__).parent / "static" / "dashboard"
_CHECKOUT = Path(__file__).parents[2] / "frontend_examples" / "dashboard"

# What a module needs before it runs; `import("...")` brings others when they are wanted.
_IMPORT = re.compile(r'^(?:import|export)\b[^"]*\bfrom\s*"([^"]+)"', re.MULTILINE)

_HEADERS = page_headers(script_src="'self'", style_src="'self'", img_src="'self' data:", connect_src="'self'") | {
    "cache-control": "no-cache"
}


def dashboard_routes() -> list[BaseRoute]:
    """Return the routes of the page, which is the home page, and of its files."""
    folder = find_files().resolve()
    # The first that is named is the first that is sent: nothing is painted before `theme.js` has run.
    ahead = ["<dashboard/theme.js>; rel=preload; as=script"]
    ahead += [f"<{address}>; rel=modulepreload" for address in _modules(folder)]
    headers = _HEADERS | {"link": ", ".join(ahead)}

    async def page(_: Request) -> Response:
        return FileResponse(folder / "index.html", headers=headers)

    return [Route(PATH, page), Route("/dashboard/{name:path}", PageFiles(folder).answer)]


def _modules(folder: Path) -> list[str]:
    """Return the addresses of the modules without which nothing is shown.

    A browser that knows them at once need not find them import by import; the first come first, so as to be sent first.
    """
    found = list[Path]()
    waiting = [folder / "ahead.js", folder / "main.js"]
    for script in waiting:
        if script.is_file() and script not in found:
            found.append(script)
            waiting += [(script.parent / name).resolve() for name in _IMPORT.findall(script.read_text("utf-8"))]
    return [f"dashboard/{script.relative_to(folder).as_posix()}" for script in found]


def find_files() -> Path:
    """Return the page's folder: `frontend_examples/dashboard` of a checkout, or beside this module when installed."""
    return _PACKED if _PACKED.is_dir() else _CHECKOUT

"""The dashboard: plain files, an example for front-end developers, that ask the GraphQL API and nothing else."""

import re
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from .static_pages import PageFiles, page_headers

PATH = "/"

_PACKED = Path(__file__).parents[1] / "static" / "dashboard"
_CHECKOUT = Path(__file__).parents[4] / "frontend_examples" / "dashboard"

# What a module needs before it runs; `import("...")` brings others when they are wanted.
_IMPORT = re.compile(r'^(?:import|export)\b[^"]*\bfrom\s*"([^"]+)"', re.MULTILINE)

_AROUND_A_LIST = ("filter/filter-bar.js", "lists/list-tools.js", "charts/chart-row.js")
"""Modules that a list brings once it is there, `import("...")` by `import("...")`."""

_VIEWS = ("trace", "span", "session", "thread")
"""What has an address without a fragment as well."""

_HEADERS = page_headers(script_src="'self'", style_src="'self'", img_src="'self' data:", connect_src="'self'") | {
    "cache-control": "no-cache"
}


def dashboard_routes() -> list[BaseRoute]:
    """Return the routes of the page, which is the home page, and of its files."""
    folder = find_files().resolve()
    preloads = _preloads(folder)

    async def page(_: Request) -> Response:
        text = (folder / "index.html").read_text("utf-8")
        return HTMLResponse(text.replace("</title>", f"</title>{preloads}", 1), headers=_HEADERS)

    return [
        Route(PATH, page),
        Route("/dashboard/{name:path}", PageFiles(folder).answer),
        *map(_record, _VIEWS),
    ]


def _record(view: str) -> Route:
    """Return what leads to the page of a record, whose own address is a fragment: code can write `/trace/<id>`."""

    async def lead(request: Request) -> Response:
        record = quote(request.path_params["id"], safe="")
        question = f"?{request.url.query}" if request.url.query else ""
        written = request.scope["raw_path"].count(b"/") - request.scope.get("root_path", "").count("/")
        return RedirectResponse(f"{'../' * (written - 1)}#/{view}/{record}{question}")

    return Route(f"/{view}/{{id:path}}", lead)


def _preloads(folder: Path) -> str:
    """Return what a browser is told to fetch at once, in the order of the sending.

    Links in the page, not a header: of those a proxy takes four kilobytes at most. `ahead.js` asks the first query,
    which overtakes the other modules. The first list waits for what `main.js` needs; what stands around it follows.
    """
    first = _modules(folder, "ahead.js")
    starts = ("main.js", *_AROUND_A_LIST)
    others = dict.fromkeys(name for start in starts for name in _modules(folder, start) if name not in first)
    links = [f'href="{name}"' for name in first] + [f'href="{name}" fetchpriority="low"' for name in others]
    return "".join(f'<link rel="modulepreload" {link} />' for link in links)


def _modules(folder: Path, start: str) -> list[str]:
    """Return the addresses of a module and of all that it needs, so that they need not be found import by import."""
    found = list[Path]()
    waiting = [folder / start]
    for script in waiting:
        if script.is_file() and script not in found:
            found.append(script)
            waiting += [(script.parent / name).resolve() for name in _IMPORT.findall(script.read_text("utf-8"))]
    return [f"dashboard/{script.relative_to(folder).as_posix()}" for script in found]


def find_files() -> Path:
    """Return the page's folder: `frontend_examples/dashboard` of a checkout, or beside this module when installed."""
    return _PACKED if _PACKED.is_dir() else _CHECKOUT

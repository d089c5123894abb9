"""Serves the dashboard: static files, an example for front-end developers, which use only the GraphQL API."""

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

# The modules that a module needs before it runs; those of `import("...")` are loaded later.
_IMPORT = re.compile(r'^(?:import|export)\b[^"]*\bfrom\s*"([^"]+)"', re.MULTILINE)

_MODULE = '<script type="module"'

_AROUND_A_LIST = (
    "filter/filter-bar.js",
    "charts/charts.js",
    "lists/list-tools.js",
    "lists/row-errors.js",
    "lists/list-end.js",
    "jump/top-tools.js",
)
VIEWS_OF = {"traces": _AROUND_A_LIST, "spans": _AROUND_A_LIST, "trace": ("trace/trace-page.js",)}
"""The modules that a view loads with `import("...")`."""

_VIEWS = ("trace", "span", "session", "thread")
"""The records that have an address without a fragment, too."""

_HEADERS = page_headers(script_src="'self'", style_src="'self'", img_src="'self' data:", connect_src="'self'") | {
    "cache-control": "no-cache"
}


def dashboard_routes() -> list[BaseRoute]:
    """Return the routes of the page, at `/`, and of its files."""
    folder = find_files().resolve()
    preloads = _preloads(folder)
    files = PageFiles(folder)

    async def page(_: Request) -> Response:
        # They follow the style sheets: a browser has six requests under way at once, and those come to the first paint.
        text = (folder / "index.html").read_text("utf-8").replace(_MODULE, f"{preloads}{_MODULE}", 1)
        # Modules name each other by relative addresses, so all of them stand below the version.
        return HTMLResponse(text.replace('"dashboard/', f'"dashboard/@{files.version()}/'), headers=_HEADERS)

    return [
        Route(PATH, page),
        Route("/dashboard/@{version}/{name:path}", files.answer),
        Route("/dashboard/{name:path}", files.answer),
        *map(_record, _VIEWS),
    ]


def _record(view: str) -> Route:
    """Return the redirect from `/trace/<id>`, to which code can link, to the page of a record, which is a fragment."""

    async def lead(request: Request) -> Response:
        record = quote(request.path_params["id"], safe="")
        question = f"?{request.url.query}" if request.url.query else ""
        written = request.scope["raw_path"].count(b"/") - request.scope.get("root_path", "").count("/")
        return RedirectResponse(f"{'../' * (written - 1)}#/{view}/{record}{question}")

    return Route(f"/{view}/{{id:path}}", lead)


def _preloads(folder: Path) -> str:
    """Return the links of the page to its modules, in the order in which they should load.

    They are in the page, because proxies limit headers to four kilobytes. `ahead.js` comes first and sends the first
    query; then the modules that `main.js` needs. It has those preloaded whose `data-views` name the page that is shown.
    """
    ahead, main = _modules(folder, "ahead.js"), _modules(folder, "main.js")
    views: dict[str, list[str]] = {}
    for view, starts in VIEWS_OF.items():
        for name in dict.fromkeys(name for start in starts for name in _modules(folder, start)):
            views.setdefault(name, []).append(view)
    links = dict.fromkeys(ahead, 'rel="modulepreload"')
    links = dict.fromkeys(main, 'rel="modulepreload" fetchpriority="low"') | links
    links = {name: f'rel="later" data-views="{" ".join(of)}"' for name, of in views.items()} | links
    return "".join(f'<link {links[name]} href="{name}" />' for name in dict.fromkeys([*ahead, *main, *views]))


def _modules(folder: Path, start: str) -> list[str]:
    """Return the URLs of a module and of all that it needs, so that the browser need not discover them one by one."""
    found = list[Path]()
    waiting = [folder / start]
    for script in waiting:
        if script.is_file() and script not in found:
            found.append(script)
            waiting += [(script.parent / name).resolve() for name in _IMPORT.findall(script.read_text("utf-8"))]
    return [f"dashboard/{script.relative_to(folder).as_posix()}" for script in found]


def find_files() -> Path:
    """Return the folder of the page: `frontend_examples/dashboard` in a checkout, or in an installed package."""
    return _PACKED if _PACKED.is_dir() else _CHECKOUT

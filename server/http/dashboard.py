"""The dashboard: plain files, an example for front-end developers, that ask the GraphQL API and nothing else."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from .pages import PageFiles, page_headers

PATH = "/"

_PACKED = Path(__file__).parent / "static" / "dashboard"
_CHECKOUT = Path(__file__).parents[2] / "frontend_examples" / "dashboard"

_HEADERS = page_headers(script_src="'self'", style_src="'self'", img_src="'self' data:", connect_src="'self'") | {
    "cache-control": "no-cache"
}


def dashboard_routes() -> list[BaseRoute]:
    """Return the routes of the page, which is the home page, and of its files."""
    folder = find_files()
    headers = _HEADERS | {"link": ", ".join(f"<{address}>; rel=modulepreload" for address in _modules(folder))}

    async def page(_: Request) -> Response:
        return FileResponse(folder / "index.html", headers=headers)

    return [Route(PATH, page), Mount("/dashboard", PageFiles(directory=folder))]


def _modules(folder: Path) -> list[str]:
    """Return the addresses of all modules: a browser that knows them at once need not find them import by import."""
    names = (script.relative_to(folder).as_posix() for script in folder.rglob("*.js"))
    return sorted(f"dashboard/{name}" for name in names if name != "theme.js")


def find_files() -> Path:
    """Return the page's folder: `frontend_examples/dashboard` of a checkout, or beside this module when installed."""
    return _PACKED if _PACKED.is_dir() else _CHECKOUT

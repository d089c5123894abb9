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

    async def page(_: Request) -> Response:
        return FileResponse(folder / "index.html", headers=_HEADERS)

    return [Route(PATH, page), Mount("/dashboard", PageFiles(directory=folder))]


def find_files() -> Path:
    """Return the page's folder: `frontend_examples/dashboard` of a checkout, or beside this module when installed."""
    return _PACKED if _PACKED.is_dir() else _CHECKOUT

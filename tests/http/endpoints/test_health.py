import asyncio

import pytest

from spanwell.storage.reference.storage import MemoryStorage
from tests.http.clients import check_refusal, client_of, make_app


def test_a_server_whose_store_answers_is_alive_and_ready() -> None:
    with client_of(make_app()) as client:
        for path in ("/healthz", "/readyz"):
            response = client.get(path)
            assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("hangs", [True, False])
def test_a_server_whose_store_fails_is_alive_but_not_ready(monkeypatch: pytest.MonkeyPatch, *, hangs: bool) -> None:
    async def fail(*_: object) -> None:
        await asyncio.sleep(9 if hangs else 0)
        raise OSError("/srv/spans.duckdb")

    monkeypatch.setattr(MemoryStorage, "get_spans", fail)
    monkeypatch.setattr("spanwell.http.endpoints.health.PATIENCE", 0.05)
    with client_of(make_app()) as client:
        response = client.get("/readyz")
        assert (response.status_code, response.json()) == (503, {"status": "unavailable"})
        assert response.headers["retry-after"] == "1"
        assert client.get("/healthz").status_code == 200


def test_health_can_be_asked_without_a_body_and_is_not_written_to() -> None:
    with client_of(make_app()) as client:
        assert client.request("HEAD", "/healthz").status_code == 200
        refused = client.post("/healthz")
        assert refused.status_code == 405
        check_refusal(refused, "BAD_USER_INPUT")

import asyncio
import gc

from spanwell.collector import no_collections
from tests.http.clients import make_app


def test_what_lives_as_long_as_the_server_is_kept_from_the_garbage_collector() -> None:
    """And everything is as before once it has stopped."""
    app = make_app()
    before = gc.get_threshold()

    async def run() -> None:
        async with app.router.lifespan_context(app):
            assert gc.get_freeze_count() > 10_000
            assert gc.get_threshold() > before

    asyncio.run(run())
    assert gc.get_freeze_count() < 10_000
    assert gc.get_threshold() == before


def test_nothing_is_collected_while_modules_are_loaded() -> None:
    with no_collections():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_application_without_pages_still_answers() -> None:
    paths = {getattr(route, "path", "") for route in make_app(playground=False, dashboard=False).routes}
    exports = {"/export", "/export.{format}"}
    assert paths == exports | {"/graphql", "/v1/traces", "/v1/logs", "/v1/metrics", "/healthz", "/readyz", "/metrics"}

"""Clients are told what they speak to."""

from spanwell import __version__
from spanwell.observability.access import Access, Scope
from spanwell.observability.service import WriteLimits
from tests.graphql.asking import Asker


def test_the_server_tells_its_version_features_and_limits() -> None:
    asker = Asker(limits=WriteLimits(7, 8, clear_all=False))
    found = asker.ask("{ server { version features limits { batchSpans spanBytes pageSize tracePageSize } } }")[
        "server"
    ]
    assert found["version"] == __version__
    assert found["limits"] == {"batchSpans": 7, "spanBytes": 8, "pageSize": 1000, "tracePageSize": 10_000}
    assert "batch.onInvalid" in found["features"]
    assert "clearAll" not in found["features"]
    assert "clearAll" in Asker().ask("{ server { features } }")["server"]["features"]


def test_callers_are_told_what_they_may_do() -> None:
    asker = Asker()
    assert asker.ask("{ server { scopes } }")["server"]["scopes"] == ["ADMIN", "DELETE", "INGEST", "READ", "WRITE"]
    asker.service = asker.service.allowed(Access.of((Scope.WRITE, Scope.READ)))
    assert asker.ask("{ server { scopes } }")["server"]["scopes"] == ["INGEST", "READ", "WRITE"]

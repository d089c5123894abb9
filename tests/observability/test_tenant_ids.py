"""The ids of a tenant's records are no other tenant's, whatever the two are called."""

import pytest

from spanwell.observability.access import Access
from spanwell.observability.tenants.ids import TenantIds


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Access(organization="a"), Access(organization="a", project="b")),
        (Access(organization="a", project="b"), Access(project="a")),
        (Access(organization=""), Access(project="x")),
        (Access(organization="a\x1fb"), Access(organization="a", project="b")),
        (Access(organization="\\"), Access(organization="")),
    ],
)
def test_no_two_tenants_share_ids(one: Access, other: Access) -> None:
    ids, others = TenantIds(one), TenantIds(other)
    assert not ids.are_of(others.stored("t"))
    assert not others.are_of(ids.stored("t"))
    assert ids.seen(ids.stored("t")) == "t"

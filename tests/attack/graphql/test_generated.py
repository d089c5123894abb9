"""Documents that are made from the schema are answered, or refused for what is wrong with them."""

import os

from tests.attack.attacked import attacked
from tests.attack.generated import sweep

CASES = 2_000 if os.environ.get("CI") else 100
"""CI takes some minutes for its own; `python -m tests.attack.generated` sends as many as it is told."""


def test_documents_made_from_the_schema_never_make_the_server_fail() -> None:
    with attacked() as (_, client):
        became = sweep(client, CASES)
    assert became.total() >= 0.9 * CASES  # the last fields may have fewer distinct documents than are left
    assert became["answered"]

"""The beginning of a long text is cut alike in both stores."""

import pytest

from spanwell.observability.model.columns import Json
from spanwell.observability.questions.queries import Preview, Previewed
from tests.making import at, span
from tests.storage.pair import Pair


@pytest.mark.parametrize("what", Previewed)
def test_both_stores_cut_alike(pair: Pair, what: Previewed) -> None:
    spans = [span("t", "ended", ended_at=at(1), status_message="no error")]
    documents = ['"ключ 😀 and more"', '{"message":"ключ","n":[1]}', '{"message":7}', "[1,2,3]", "5", "{ }", '""', None]
    spans += [
        span("t", str(n), input=d and Json(d), output=d and Json(d), error_info=d and Json(d), status_message=m)
        for n, (d, m) in enumerate((d, m) for d in documents for m in (None, "said"))
    ]
    pair.replay([("create", spans)])
    keys = [(each.trace_id, each.span_id) for each in spans]
    for size in (1, 6, 500):
        pair.both("get_previews", [*keys, ("t", "none")], Preview(what, size))
    pair.both("get_previews", [("none", "0")], Preview(what, 1))

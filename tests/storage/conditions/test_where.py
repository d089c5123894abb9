"""A compiled condition is readable SQL in which every value is bound: `golden_where.sql` shows it for thirty filters.

Set SPANWELL_WRITE_ANSWERS to write what is compiled now into that file.
"""

import asyncio
import os
from inspect import isawaitable
from pathlib import Path

from graphql import execute, parse

from spanwell.graphql.library import core_schema
from spanwell.graphql.resolvers.context import Context
from spanwell.graphql.schema import schema
from spanwell.observability.questions.conditions import Condition
from spanwell.observability.service import Observability
from spanwell.storage.duckdb.conditions.scopes import OF_SPANS, OF_TRACES, Scope
from spanwell.storage.duckdb.conditions.where import where
from spanwell.storage.reference.storage import MemoryStorage

GOLDEN = Path(__file__).parent / "golden_where.sql"

SPANS = [
    "{}",
    '{name: {eq: "x"}}',
    '{name: {ne: "x"}}',
    '{name: {in: ["x", "y"]}}',
    "{name: {notIn: []}}",
    '{name: {contains: "50%_"}}',
    '{name: {startsWith: "a", endsWith: "b"}}',
    '{name: {iContains: "ÄÖ"}}',
    '{name: {regex: "^a+$"}}',
    "{userId: {isNull: true}, runId: {isNull: false}}",
    '{startedAt: {gte: "2026-01-01T00:00:00Z", lt: "2026-01-02T00:00:00Z"}}',
    "{durationMs: {gt: 1.5}}",
    "{totalTokens: {in: [1, 2]}}",
    "{isRoot: {eq: true}}",
    "{status: {eq: ERROR}}",
    "{kind: {notIn: [CLIENT, SERVER]}}",
    '{tags: {all: ["a"], any: ["b", "c"]}}',
    '{tags: {none: ["a"], isEmpty: false}}',
    "{metadata: {eq: {b: 1, a: null}}}",
    '{and: [{name: {eq: "x"}}, {or: [{type: {eq: "a"}}, {type: {eq: "b"}}]}]}',
    "{or: []}",
    '{not: {name: {eq: "x"}, userId: {eq: "u"}}}',
    '{attributes: [{key: "gen_ai.request.model", string: {eq: "gpt-4o"}}]}',
    '{attributes: [{key: "/usage/total", number: {gte: 5}}, {key: "a/b~c", level: RESOURCE, exists: true}]}',
    '{attributes: [{key: "exception.type", level: EVENT, string: {in: ["E"]}}]}',
    '{attributes: [{key: "stream", boolean: {eq: false}}, {key: "list", json: {eq: [1]}}]}',
    '{search: "50% \\"off\\""}',
    '{parent: {some: {name: {eq: "x"}}}}',
    "{child: {none: {status: {eq: ERROR}}}}",
    '{ancestor: {some: {serviceName: {eq: "a"}, parent: {none: {}}}}}',
    "{descendant: {some: {kind: {eq: CLIENT}}}, sibling: {some: {}}}",
]
TRACES = [
    '{durationMs: {gt: 100}, name: {eq: "x"}, status: {ne: SUCCESS}}',
    '{spans: {some: {name: {eq: "x"}}, none: {status: {eq: ERROR}}}}',
    "{spans: {every: {serviceName: {isNull: false}}}}",
    "{spans: {count: {where: {status: {eq: ERROR}}, is: {gte: 2}}}}",
    "{spans: {count: {is: {lt: 3}}}}",
    '{services: {any: ["cart"]}, search: "x"}',
]


class Asked(MemoryStorage):
    """A store that remembers the condition it was asked about."""

    where: Condition

    async def count_spans(self, where: Condition) -> int:
        self.where = where
        return 0

    async def count_traces(self, where: Condition) -> int:
        self.where = where
        return 0


def condition(field: str, text: str) -> Condition:
    """Return what a filter means, by way of the schema."""
    storage = Asked()
    document = parse(f"{{ {field}(filter: {text}) {{ totalCount }} }}")

    async def run() -> None:
        result = execute(core_schema(schema), document, context_value=Context(Observability(storage)))
        answer = await result if isawaitable(result) else result
        assert answer.errors is None, text

    asyncio.run(run())
    return storage.where


def shown(field: str, text: str, scope: Scope) -> str:
    sql = where(condition(field, text), scope)
    assert sql.text.count("?") == len(sql.values)
    return f"-- {field}(filter: {text})\n{sql.text}\n--> {list(sql.values)!r}\n"


def test_a_compiled_filter_reads_as_it_should() -> None:
    compiled = [shown("spans", text, OF_SPANS) for text in SPANS]
    compiled += [shown("traces", text, OF_TRACES) for text in TRACES]
    now = "\n".join(compiled)
    if os.environ.get("SPANWELL_WRITE_ANSWERS"):
        GOLDEN.write_text(now, encoding="utf-8")
    assert now == GOLDEN.read_text(encoding="utf-8")

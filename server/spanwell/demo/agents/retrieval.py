"""Answers from documents: embed the question, retrieve passages, rerank them, and let a model write."""

from collections.abc import Sequence
from typing import Any

from spanwell.demo.dice import Dice
from spanwell.demo.draft import Draft
from spanwell.demo.models import MODELS, tokens
from spanwell.demo.telemetry import fail
from spanwell.demo.topics.handbook import DOCUMENTS, SOURCES, Document
from spanwell.observability.model.span import SpanKind
from spanwell.observability.model.text import json_of

from .conversations import Turn
from .openinference import begin, done, model_call, step


def handbook_query(dice: Dice, turn: Turn, at: int) -> Draft:
    """Return the trace of a question that is answered from the handbook."""
    root = begin(dice, "query", "CHAIN", turn, at)
    with root:
        root.work(2)
        found = _retrieve(root, turn.question)
        best = _rerank(root, turn.question, found)
        _write(root, turn, best)
    return root


def _retrieve(root: Draft, question: str) -> list[Document]:
    source = SOURCES[question]
    found = [source, *(document for document in root.dice.sample(DOCUMENTS, 6) if document is not source)]
    with step(root, "retrieve", "RETRIEVER", question, {"input.value": question}) as retriever:
        _embed(retriever, question)
        if retriever.dice.chance(0.01):
            _search(retriever, timeout=True)
        _search(retriever)
        retriever.measured = _documents("retrieval.documents", retriever.dice, found)
        done(retriever, [{"id": document.id, "title": document.title} for document in found])
    return found


def _embed(retriever: Draft, question: str) -> None:
    model = MODELS["text-embedding-3-small"]
    count = tokens(question)
    attributes = {
        "embedding.model_name": model.name,
        "llm.provider": model.provider.name,
        "embedding.embeddings.0.embedding.text": question,
    }
    with step(retriever, "embed question", "EMBEDDING", question, attributes) as embedding:
        embedding.work(model.first_token, 0.5)
        embedding.measured["llm.token_count.prompt"] = count
        embedding.measured["llm.token_count.total"] = count
        embedding.measured["llm.cost.total"] = count * model.read / 1_000_000
        done(embedding, {"dimensions": 1_536})


def _search(retriever: Draft, *, timeout: bool = False) -> None:
    with retriever.child(
        "SELECT handbook.passages",
        kind=SpanKind.CLIENT,
        context={"scope_name": "opentelemetry.instrumentation.psycopg", "scope_version": "0.60b1"},
        attributes={
            "db.system.name": "postgresql",
            "db.namespace": "handbook",
            "db.collection.name": "passages",
            "db.operation.name": "SELECT",
            "db.query.text": "SELECT id, title, text FROM passages ORDER BY embedding <=> $1 LIMIT 6",
            "server.address": "pgvector.handbook.svc.cluster.local",
            "server.port": 5432,
        },
    ) as search:
        search.work(1_000 if timeout else 21, 0.01 if timeout else 0.6)
        if timeout:
            fail(search, "QueryCanceled", "canceling statement due to statement timeout")
        else:
            search.measured["db.response.returned_rows"] = 6


def _rerank(root: Draft, question: str, found: Sequence[Document]) -> Sequence[Document]:
    best = found[:3]
    attributes = {"reranker.model_name": "rerank-v3.5", "reranker.query": question, "reranker.top_k": 3}
    with step(root, "rerank", "RERANKER", question, attributes) as reranker:
        reranker.work(160, 0.4)
        reranker.measured = _documents("reranker.output_documents", root.dice, best)
        done(reranker, [document.id for document in best])
    return best


def _documents(prefix: str, dice: Dice, found: Sequence[Document]) -> dict[str, Any]:
    score = 0.93
    attributes: dict[str, Any] = {}
    for index, document in enumerate(found):
        score -= dice.uniform(0.01, 0.09)
        attributes[f"{prefix}.{index}.document.id"] = document.id
        attributes[f"{prefix}.{index}.document.content"] = document.text
        attributes[f"{prefix}.{index}.document.score"] = round(score, 4)
    return attributes


def _write(root: Draft, turn: Turn, best: Sequence[Document]) -> None:
    passages = "\n".join(f"[{index}] {document.title}: {document.text}" for index, document in enumerate(best, 1))
    system = {"role": "system", "content": f"{turn.topic.instructions}\n\n{passages}"}
    with step(root, "synthesize", "CHAIN", turn.question) as synthesis:
        if root.dice.chance(0.008):
            synthesis.work(30_000, 0.01)
            for failed in (synthesis, root):
                failed.clock = synthesis.clock
                fail(failed, "APITimeoutError", "Request timed out.")
            return
        model_call(synthesis, "chat", [system, *turn.messages], turn.answer, turn.model)
        done(synthesis, turn.answer)
    root.results["output"] = json_of(turn.answer)
    root.measured["output.value"] = turn.answer

"""The beginnings of long texts, in plain Python."""

import msgspec

from spanwell.observability.model.columns import Json
from spanwell.observability.model.span import Span
from spanwell.observability.questions.queries import Preview, Previewed


def plain_preview(span: Span, preview: Preview) -> str | None:
    """Return the beginning of something of a span: the meaning that every backend must give."""
    document: Json | None = getattr(span, preview.what.value)
    text = _text(document) if preview.what is not Previewed.ERROR else _error(document, span.status_message)
    return None if text is None else text[: preview.size]


def _text(document: Json | None) -> str | None:
    value = None if document is None else msgspec.json.decode(document)
    return value if isinstance(value, str) else document


def _error(document: Json | None, status_message: str | None) -> str | None:
    value = None if document is None else msgspec.json.decode(document)
    message = value.get("message") if isinstance(value, dict) else value
    return message if isinstance(message, str) else status_message if status_message is not None else document

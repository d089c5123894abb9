"""The beginnings of long texts, in plain Python."""

import msgspec

from spanwell.observability.analysis.error_groups import error_text
from spanwell.observability.model.columns import Json
from spanwell.observability.model.span import Span
from spanwell.observability.questions.queries import Preview, Previewed


def plain_preview(span: Span, preview: Preview) -> str | None:
    """Return the beginning of something of a span: the meaning that every backend must give."""
    text = error_text(span) or None if preview.what is Previewed.ERROR else _text(getattr(span, preview.what.value))
    return None if text is None else text[: preview.size]


def _text(document: Json | None) -> str | None:
    value = None if document is None else msgspec.json.decode(document)
    return value if isinstance(value, str) else document

"""The view `mastra_ai_spans`: the spans under the seed schema's column names and order, for SQL written for it."""

from .columns import ATTRIBUTES, SPANS

_COLUMNS = """
    span_id AS id, trace_id, parent_span_id, name, type,
    {started_at}, {ended_at}, status,
    input, output, metadata, tags, entity_type, entity_name, entity_id,
    user_id, organization_id, resource_id, run_id, session_id, thread_id, request_id,
    environment, service_name, source, error_info, has_child_error, scope, {attributes} AS attributes
"""


def _microseconds(column: str) -> str:
    """Return a timestamp truncated to the seed schema's TIMESTAMP; a plain cast would round it up."""
    return f"make_timestamp(epoch_ns({column}) // 1000) AS {column}"


SEED_VIEW = (
    "CREATE VIEW mastra_ai_spans AS SELECT"
    + _COLUMNS.format(
        started_at=_microseconds("started_at"),
        ended_at=_microseconds("ended_at"),
        attributes=SPANS[ATTRIBUTES].whole_in(""),
    )
    + "FROM spans"
)

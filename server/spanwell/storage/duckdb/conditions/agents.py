"""The agent of each span, in SQL: the nearest span from itself upwards that is one (`questions.conditions.IS_AGENT`).

In pre-order, a span's agent is the last one that began before it and has not ended. So each agent is that of the spans
in some ranges of places: its own interval without those of the agents within it.
"""

from .sql import Sql


def agents(is_agent: Sql) -> Sql:
    """Return the table of agents, with a row for each range of places, `first_place` to `last_place`.

    `is_agent` is the condition on `spans`.
    """
    found = "WITH found AS MATERIALIZED (SELECT trace_id, tree_start, tree_end FROM spans WHERE " + is_agent + "), "
    return "(" + found + _RANGES + ")"


# Where one agent ends and another starts at once, the latter is the one with the greater place.
_RANGES = """
turns AS (
 SELECT trace_id, tree_start AS place, tree_start AS agent FROM found
 UNION ALL
 SELECT inner_.trace_id, inner_.tree_end + 1, max(outer_.tree_start) FROM found inner_ LEFT JOIN found outer_
 ON outer_.trace_id = inner_.trace_id AND outer_.tree_start < inner_.tree_start AND outer_.tree_end > inner_.tree_end
 GROUP BY ALL
),
ranges AS (
 SELECT trace_id, max(agent) AS agent, place AS first_place,
 lead(place, 1, 2147483647) OVER (PARTITION BY trace_id ORDER BY place) - 1 AS last_place
 FROM turns GROUP BY trace_id, place
)
SELECT spans.*, first_place, last_place FROM ranges JOIN spans
 ON spans.trace_id = ranges.trace_id AND spans.tree_start = ranges.agent
""".replace("\n", " ").strip()


def is_range_of(agent: str, span: str) -> str:
    """Return the condition that a row of agents holds the agent of a span; both are aliases."""
    places = f"{span}.tree_start BETWEEN {agent}.first_place AND {agent}.last_place"
    return f"{agent}.trace_id = {span}.trace_id AND {places}"

"""`spanDifference` by hand: a statement for each column, one for tags, and one for the attributes of a sample."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from spanwell.observability.analysis.differences import NUMBER_COLUMNS, TEXT_COLUMNS
from spanwell.observability.model.columns import ColumnDef

from .case import Cursor, rows

_SIDES = "count(*) FILTER (status <> 'ERROR') AS b, count(*) FILTER (status = 'ERROR') AS s"
_APART = "abs({2}s / {1} - {2}b / {0})"
_BIN = "CASE WHEN {0} = 0 THEN 0 ELSE sign({0}) * (20000 + floor(log2(abs({0})) * 8)) END"
_SAMPLE = " UNION ALL ".join(
    f"(SELECT status, attributes, metadata FROM spans WHERE status {op} 'ERROR' ORDER BY span_id, trace_id LIMIT 10000)"
    for op in ("=", "<>")
)
_ENTRIES = f"""
WITH sample AS MATERIALIZED ({_SAMPLE}),
  n AS (SELECT {_SIDES} FROM sample),
  entries AS MATERIALIZED (SELECT status, level, e.key, e.type NOT IN ('ARRAY', 'OBJECT') AS is_plain,
    e.value ->> '$' AS v, CASE WHEN e.type = 'ARRAY' THEN e.value END AS list,
    CASE WHEN e.type IN ('UBIGINT', 'BIGINT', 'DOUBLE') THEN CAST(e.value AS DOUBLE) END AS number
    FROM (SELECT status, 'attributes' AS level, attributes AS object FROM sample
      UNION ALL SELECT status, 'metadata', metadata FROM sample) o, json_each(o.object) e WHERE e.type <> 'NULL')
SELECT '' AS what, '' AS level, '' AS key, NULL AS v, b, s FROM n
UNION ALL SELECT 'present', level, key, NULL, {_SIDES} FROM entries GROUP BY ALL
UNION ALL (SELECT 'value', level, key, v, t.b, t.s FROM (SELECT level, key, v, {_SIDES} FROM
    (SELECT status, level, key, v FROM entries WHERE is_plain UNION ALL SELECT status, level, key,
      unnest(list_distinct(json_extract_string(list, '$[*]'))) FROM entries) GROUP BY ALL) t, n
  QUALIFY row_number() OVER (PARTITION BY level, key ORDER BY {_APART.format("n.b", "n.s", "t.")} DESC, v) <= 5)
UNION ALL SELECT 'bin', level, key, CAST({_BIN.format("number")} AS BIGINT)::VARCHAR, {_SIDES} FROM entries
  WHERE number IS NOT NULL GROUP BY ALL
"""
_Side: TypeAlias = tuple[int, int]


@dataclass
class _Field:
    """A field: the spans that lack it on both sides, its values that differ most, and numbers in bins."""

    name: str
    level: str = ""
    absent: _Side = (0, 0)
    values: list[tuple[str | None, _Side]] = field(default_factory=list)
    bins: list[tuple[int, _Side]] = field(default_factory=list)


def difference(cursor: Cursor) -> object:
    """Return the thirty fields that differ most."""
    (of,) = rows(cursor, f"SELECT {_SIDES} FROM spans")
    named = _filled(cursor)
    columns = [_text(cursor, column, of) for column in TEXT_COLUMNS if column.name in named]
    columns += [_number(cursor, column) for column in NUMBER_COLUMNS if column.name in named]
    columns.append(_texts(cursor, "tags", "unnest(CASE WHEN len(tags) > 0 THEN tags ELSE [NULL] END)", of))
    sampled, attributes = _attributes(cursor)
    shown = [*(_shown(each, of) for each in columns), *(_shown(each, sampled) for each in attributes)]
    shown.sort(key=lambda each: (-each[0], each[1], str(each[2]["name"])))
    return {"spanDifference": {"fields": [each for apart, _, each in shown if apart > 0][:30]}}


def _filled(cursor: Cursor) -> set[str]:
    names = [column.name for column in (*TEXT_COLUMNS, *NUMBER_COLUMNS)]
    asked = ", ".join(f"EXISTS (SELECT 1 FROM spans WHERE {name} IS NOT NULL)" for name in names)
    (there,) = rows(cursor, f"SELECT {asked}")
    return {name for name, is_there in zip(names, there, strict=True) if is_there}


def _text(cursor: Cursor, column: ColumnDef, of: _Side) -> _Field:
    return _texts(cursor, column.label, f"CAST({column.name} AS VARCHAR)", of)


def _texts(cursor: Cursor, label: str, value: str, of: _Side) -> _Field:
    apart = _APART.format(*of, "")
    sql = f"SELECT v, b, s FROM (SELECT {value} AS v, {_SIDES} FROM spans GROUP BY 1) ORDER BY {apart} DESC, v LIMIT 5"
    return _Field(label, values=[(found, (b, s)) for found, b, s in rows(cursor, sql)])


def _number(cursor: Cursor, column: ColumnDef) -> _Field:
    found = rows(cursor, f"SELECT {_BIN.format(column.name)} AS v, {_SIDES} FROM spans GROUP BY 1")
    absent = next(((b, s) for place, b, s in found if place is None), (0, 0))
    return _Field(column.label, "", absent, bins=[(place, (b, s)) for place, b, s in found if place is not None])


def _attributes(cursor: Cursor) -> tuple[_Side, Iterable[_Field]]:
    of, found = (0, 0), dict[tuple[str, str], _Field]()
    for what, level, key, value, b, s in rows(cursor, _ENTRIES):
        each = found.setdefault((level, key), _Field(key, level))
        match what:
            case "present":
                each.absent = of[0] - b, of[1] - s
            case "value":
                each.values.append((value, (b, s)))
            case "bin":
                each.bins.append((int(value), (b, s)))
            case _:
                of = b, s
                found.clear()
    return of, found.values()


def _shown(each: _Field, of: _Side) -> tuple[float, str, dict[str, object]]:
    values = [*each.values, *([(None, each.absent)] if each.absent != (0, 0) else [])]
    told = sorted(
        ((abs(_apart(side, of)), value is None, value, side) for value, side in values if _apart(side, of)),
        key=lambda one: (-one[0], one[1], one[2] or ""),
    )[:5]
    apart = max([*(one[0] for one in told), *_steps(each.bins, of)], default=0.0)
    shares = [
        {"value": value, "baselineShare": side[0] / of[0], "selectionShare": side[1] / of[1]}
        for *_, value, side in told
    ]
    return apart, each.level, {"name": each.name, "difference": apart, "values": shares}


def _apart(side: _Side, of: _Side) -> float:
    return side[1] / of[1] - side[0] / of[0]


def _steps(bins: Sequence[tuple[int, _Side]], of: _Side) -> Iterable[float]:
    """Yield how far the shares of the numbers below each bin's end are apart."""
    baseline = selection = 0
    for _, (b, s) in sorted(bins):
        baseline, selection = baseline + b, selection + s
        yield abs(_apart((baseline, selection), of))

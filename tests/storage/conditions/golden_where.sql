-- spans(filter: {})
TRUE
--> []

-- spans(filter: {name: {eq: "x"}})
spans."name" = ?
--> ['x']

-- spans(filter: {name: {ne: "x"}})
NOT coalesce(spans."name" = ?, FALSE)
--> ['x']

-- spans(filter: {name: {in: ["x", "y"]}})
spans."name" IN (SELECT unnest(?::VARCHAR[]))
--> [['x', 'y']]

-- spans(filter: {name: {notIn: []}})
NOT coalesce(spans."name" IN (SELECT unnest(?::VARCHAR[])), FALSE)
--> [[]]

-- spans(filter: {name: {contains: "50%_"}})
contains(spans."name", ?)
--> ['50%_']

-- spans(filter: {name: {startsWith: "a", endsWith: "b"}})
(starts_with(spans."name", ?)) AND (ends_with(spans."name", ?))
--> ['a', 'b']

-- spans(filter: {name: {iContains: "ÄÖ"}})
contains(lower(spans."name"), ?)
--> ['äö']

-- spans(filter: {name: {regex: "^a+$"}})
regexp_matches(spans."name", ?)
--> ['^a+$']

-- spans(filter: {userId: {isNull: true}, runId: {isNull: false}})
(spans."user_id" IS NULL) AND (spans."run_id" IS NOT NULL)
--> []

-- spans(filter: {startedAt: {gte: "2026-01-01T00:00:00Z", lt: "2026-01-02T00:00:00Z"}})
(spans."started_at" >= make_timestamp_ns(?)) AND (spans."started_at" < make_timestamp_ns(?))
--> [1767225600000000000, 1767312000000000000]

-- spans(filter: {durationMs: {gt: 1.5}})
spans."duration_ms" > ?
--> [1.5]

-- spans(filter: {totalTokens: {in: [1, 2]}})
spans."total_tokens" IN (SELECT unnest(?::INTEGER[]))
--> [[1, 2]]

-- spans(filter: {isRoot: {eq: true}})
spans."is_root" = ?
--> [True]

-- spans(filter: {status: {eq: ERROR}})
spans."status" = ?
--> [<SpanStatus.ERROR: 'ERROR'>]

-- spans(filter: {kind: {notIn: [CLIENT, SERVER]}})
NOT coalesce(spans."kind" IN (SELECT unnest(?::VARCHAR[])), FALSE)
--> [[<SpanKind.CLIENT: 'CLIENT'>, <SpanKind.SERVER: 'SERVER'>]]

-- spans(filter: {tags: {all: ["a"], any: ["b", "c"]}})
(list_has_all(spans."tags", ?::VARCHAR[])) AND (list_has_any(spans."tags", ?::VARCHAR[]))
--> [['a'], ['b', 'c']]

-- spans(filter: {tags: {none: ["a"], isEmpty: false}})
(NOT coalesce(list_has_any(spans."tags", ?::VARCHAR[]), FALSE)) AND (coalesce(len(spans."tags"), 0) > 0)
--> [['a']]

-- spans(filter: {metadata: {eq: {b: 1, a: null}}})
CAST(spans."metadata" AS VARIANT) = ?::JSON::VARIANT
--> ['{"b":1,"a":null}']

-- spans(filter: {and: [{name: {eq: "x"}}, {or: [{type: {eq: "a"}}, {type: {eq: "b"}}]}]})
(spans."name" = ?) AND ((spans."type" = ?) OR (spans."type" = ?))
--> ['x', 'a', 'b']

-- spans(filter: {or: []})
FALSE
--> []

-- spans(filter: {not: {name: {eq: "x"}, userId: {eq: "u"}}})
NOT coalesce((spans."name" = ?) AND (spans."user_id" = ?), FALSE)
--> ['x', 'u']

-- spans(filter: {attributes: [{key: "gen_ai.request.model", string: {eq: "gpt-4o"}}]})
CASE WHEN contains(spans."attributes", ?) OR (contains(spans."attributes", '\u') OR contains(spans."attributes", '\/')) THEN CASE WHEN list_transform([json_extract(spans."attributes", ?)], lambda v: CASE WHEN starts_with(v, '[') THEN len(list_filter(json_extract(v, '$[*]'), lambda e: coalesce(CAST(e AS VARCHAR) = ?, FALSE))) > 0 ELSE CAST(v AS VARCHAR) = ? END)[1] THEN TRUE WHEN CASE WHEN CAST(spans."attributes" AS VARCHAR) < '{' THEN regexp_matches(spans."attributes", '^\s*\[') END THEN CASE WHEN json_extract(spans."attributes", ?) IS NULL THEN len(list_filter(flatten(list_transform(list_transform(flatten(list_transform([CAST(spans."attributes" AS JSON)], lambda s0: CASE WHEN json_type(s0) = 'ARRAY' THEN json_extract(s0, '$[*]') ELSE [s0] END)), lambda v0: json_extract(v0, ?)), lambda e: CASE WHEN json_type(e) = 'ARRAY' THEN json_extract(e, '$[*]') ELSE [e] END)), lambda v: coalesce(CAST(v AS VARCHAR) = ?, FALSE))) > 0 END END END
--> ['gpt-4o', '/gen_ai.request.model', '"gpt-4o"', '"gpt-4o"', '/gen_ai.request.model', '/gen_ai.request.model', '"gpt-4o"']

-- spans(filter: {attributes: [{key: "/usage/total", number: {gte: 5}}, {key: "a/b~c", level: RESOURCE, exists: true}]})
(CASE WHEN list_transform([json_extract(spans."attributes", ?)], lambda v: CASE WHEN CAST(v AS VARCHAR) > ':' THEN CASE WHEN starts_with(v, '[') THEN len(list_filter(json_extract(v, '$[*]'), lambda e: coalesce(CASE WHEN CAST(e AS VARCHAR) > ':' THEN FALSE WHEN CAST(e AS VARCHAR) > '-' THEN TRY_CAST(CAST(e AS VARCHAR) AS DOUBLE) >= ? END, FALSE))) > 0 END WHEN CAST(v AS VARCHAR) > '-' THEN TRY_CAST(CAST(v AS VARCHAR) AS DOUBLE) >= ? END)[1] THEN TRUE WHEN (contains(spans."attributes", '[')) AND (((contains(spans."attributes", ?)) AND (contains(spans."attributes", ?))) OR (contains(spans."attributes", ?))) THEN CASE WHEN json_extract(spans."attributes", ?) IS NULL THEN len(list_filter(flatten(list_transform(list_transform(flatten(list_transform(list_transform(flatten(list_transform([CAST(spans."attributes" AS JSON)], lambda s0: CASE WHEN json_type(s0) = 'ARRAY' THEN json_extract(s0, '$[*]') ELSE [s0] END)), lambda v0: json_extract(v0, ?)), lambda s1: CASE WHEN json_type(s1) = 'ARRAY' THEN json_extract(s1, '$[*]') ELSE [s1] END)), lambda v1: json_extract(v1, ?)), lambda e: CASE WHEN json_type(e) = 'ARRAY' THEN json_extract(e, '$[*]') ELSE [e] END)), lambda v: coalesce(CASE WHEN CAST(v AS VARCHAR) > ':' THEN FALSE WHEN CAST(v AS VARCHAR) > '-' THEN TRY_CAST(CAST(v AS VARCHAR) AS DOUBLE) >= ? END, FALSE))) > 0 END END) AND ((json_type(spans."resource", ?) IS NOT NULL) OR (CASE WHEN CASE WHEN CAST(spans."resource" AS VARCHAR) < '{' THEN regexp_matches(spans."resource", '^\s*\[') END THEN len(list_filter(list_transform(flatten(list_transform([CAST(spans."resource" AS JSON)], lambda s0: CASE WHEN json_type(s0) = 'ARRAY' THEN json_extract(s0, '$[*]') ELSE [s0] END)), lambda v0: json_extract(v0, ?)), lambda v: coalesce(v IS NOT NULL, FALSE))) > 0 END))
--> ['/usage/total', 5.0, 5.0, 'usage', 'total', '\\u', '/usage/total', '/usage', '/total', 5.0, '/a~1b~0c', '/a~1b~0c']

-- spans(filter: {attributes: [{key: "exception.type", level: EVENT, string: {in: ["E"]}}]})
CASE WHEN len(list_filter(json_extract(spans."events", ?), lambda v: coalesce(CASE WHEN starts_with(v, '"') THEN list_contains(?::VARCHAR[], (v ->> '$')) END, FALSE))) > 0 THEN TRUE WHEN (spans."events" LIKE '_%[%' OR contains(spans."events", '\u')) THEN CASE WHEN len(list_filter(json_extract(spans."events", ?), lambda v: coalesce(CASE WHEN starts_with(v, '[') THEN len(list_filter(json_extract(v, '$[*]'), lambda e: coalesce(CASE WHEN starts_with(e, '"') THEN list_contains(?::VARCHAR[], (e ->> '$')) END, FALSE))) > 0 ELSE CASE WHEN starts_with(v, '"') THEN list_contains(?::VARCHAR[], (v ->> '$')) END END, FALSE))) > 0 THEN TRUE WHEN (regexp_matches(spans."events", '[\[,]\s*\[')) OR (regexp_matches(spans."events", ?)) OR (contains(spans."events", '\u')) THEN len(list_filter(json_extract(spans."events", '$[*]'), lambda one: coalesce(CASE WHEN list_transform([json_extract(one, ?)], lambda v: CASE WHEN starts_with(v, '[') THEN len(list_filter(json_extract(v, '$[*]'), lambda e: coalesce(CASE WHEN starts_with(e, '"') THEN list_contains(?::VARCHAR[], (e ->> '$')) END, FALSE))) > 0 ELSE CASE WHEN starts_with(v, '"') THEN list_contains(?::VARCHAR[], (v ->> '$')) END END)[1] THEN TRUE WHEN (contains(one, '[')) AND (((contains(one, ?)) AND (contains(one, ?))) OR (contains(one, ?))) THEN CASE WHEN json_extract(one, ?) IS NULL THEN len(list_filter(flatten(list_transform(list_transform(flatten(list_transform(list_transform(flatten(list_transform([CAST(one AS JSON)], lambda s0: CASE WHEN json_type(s0) = 'ARRAY' THEN json_extract(s0, '$[*]') ELSE [s0] END)), lambda v0: json_extract(v0, ?)), lambda s1: CASE WHEN json_type(s1) = 'ARRAY' THEN json_extract(s1, '$[*]') ELSE [s1] END)), lambda v1: json_extract(v1, ?)), lambda e: CASE WHEN json_type(e) = 'ARRAY' THEN json_extract(e, '$[*]') ELSE [e] END)), lambda v: coalesce(CASE WHEN starts_with(v, '"') THEN list_contains(?::VARCHAR[], (v ->> '$')) END, FALSE))) > 0 END END, FALSE))) > 0 END END
--> ['$[*]."attributes"."exception.type"', ['E'], '$[*]."attributes"."exception.type"', ['E'], ['E'], '"attributes"\\s*:\\s*\\[', '/attributes/exception.type', ['E'], ['E'], 'attributes', 'exception.type', '\\u', '/attributes/exception.type', '/attributes', '/exception.type', ['E']]

-- spans(filter: {attributes: [{key: "stream", boolean: {eq: false}}, {key: "list", json: {eq: [1]}}]})
(CASE WHEN list_transform([json_extract(spans."attributes", ?)], lambda v: CASE WHEN starts_with(v, '[') THEN len(list_filter(json_extract(v, '$[*]'), lambda e: coalesce(list_contains(?::VARCHAR[], e), FALSE))) > 0 ELSE list_contains(?::VARCHAR[], v) END)[1] THEN TRUE WHEN CASE WHEN CAST(spans."attributes" AS VARCHAR) < '{' THEN regexp_matches(spans."attributes", '^\s*\[') END THEN CASE WHEN json_extract(spans."attributes", ?) IS NULL THEN len(list_filter(flatten(list_transform(list_transform(flatten(list_transform([CAST(spans."attributes" AS JSON)], lambda s0: CASE WHEN json_type(s0) = 'ARRAY' THEN json_extract(s0, '$[*]') ELSE [s0] END)), lambda v0: json_extract(v0, ?)), lambda e: CASE WHEN json_type(e) = 'ARRAY' THEN json_extract(e, '$[*]') ELSE [e] END)), lambda v: coalesce(list_contains(?::VARCHAR[], v), FALSE))) > 0 END END) AND (coalesce(CAST(json_extract(spans."attributes", ?) AS VARIANT) = ?::JSON::VARIANT, CASE WHEN CASE WHEN CAST(spans."attributes" AS VARCHAR) < '{' THEN regexp_matches(spans."attributes", '^\s*\[') END THEN len(list_filter(list_transform(flatten(list_transform([CAST(spans."attributes" AS JSON)], lambda s0: CASE WHEN json_type(s0) = 'ARRAY' THEN json_extract(s0, '$[*]') ELSE [s0] END)), lambda v0: json_extract(v0, ?)), lambda v: coalesce(CAST(v AS VARIANT) = ?::JSON::VARIANT, FALSE))) > 0 END))
--> ['/stream', ['false'], ['false'], '/stream', '/stream', ['false'], '/list', '[1]', '/list', '[1]']

-- spans(filter: {search: "50% \"off\""})
(contains(lower(spans."name"), ?)) OR (contains(lower(spans."status_message"), ?)) OR (len(list_filter(spans."tags", lambda tag: contains(lower(tag), ?))) > 0) OR (CASE WHEN regexp_matches(spans."error_info", ?) OR (contains(spans."error_info", '\u') OR contains(spans."error_info", '\/')) THEN (contains(lower(spans."error_info"), ?) OR CASE WHEN (contains(spans."error_info", '\u') OR contains(spans."error_info", '\/')) THEN contains(lower(TRY(json(spans."error_info"))), ?) END) END) OR (CASE WHEN regexp_matches(spans."input", ?) OR (contains(spans."input", '\u') OR contains(spans."input", '\/')) THEN (contains(lower(spans."input"), ?) OR CASE WHEN (contains(spans."input", '\u') OR contains(spans."input", '\/')) THEN contains(lower(TRY(json(spans."input"))), ?) END) END) OR (CASE WHEN regexp_matches(spans."output", ?) OR (contains(spans."output", '\u') OR contains(spans."output", '\/')) THEN (contains(lower(spans."output"), ?) OR CASE WHEN (contains(spans."output", '\u') OR contains(spans."output", '\/')) THEN contains(lower(TRY(json(spans."output"))), ?) END) END) OR (CASE WHEN regexp_matches(spans."metadata", ?) OR (contains(spans."metadata", '\u') OR contains(spans."metadata", '\/')) THEN (contains(lower(spans."metadata"), ?) OR CASE WHEN (contains(spans."metadata", '\u') OR contains(spans."metadata", '\/')) THEN contains(lower(TRY(json(spans."metadata"))), ?) END) END) OR (CASE WHEN regexp_matches(spans."attributes", ?) OR (contains(spans."attributes", '\u') OR contains(spans."attributes", '\/')) THEN len(list_filter(json_extract(spans."attributes", '$.**'), lambda v: json_type(v) IN ('VARCHAR', 'BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE') AND contains(lower(v ->> '$'), ?))) > 0 END) OR (CASE WHEN regexp_matches(spans."events", ?) OR (contains(spans."events", '\u') OR contains(spans."events", '\/')) THEN len(list_filter(json_extract(spans."events", '$.**'), lambda v: json_type(v) IN ('VARCHAR', 'BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE') AND contains(lower(v ->> '$'), ?))) > 0 END) OR (CASE WHEN contains(spans."attributes", chr(10) || '2') THEN contains(lower(spans."input"), ?) END) OR (CASE WHEN contains(spans."attributes", chr(10) || '4') THEN contains(lower(spans."output"), ?) END) OR (contains(lower(spans."name"), ?)) OR (contains(lower(spans."status_message"), ?)) OR (len(list_filter(spans."tags", lambda tag: contains(lower(tag), ?))) > 0) OR (CASE WHEN regexp_matches(spans."error_info", ?) OR (contains(spans."error_info", '\u') OR contains(spans."error_info", '\/')) THEN (contains(lower(spans."error_info"), ?) OR CASE WHEN (contains(spans."error_info", '\u') OR contains(spans."error_info", '\/')) THEN contains(lower(TRY(json(spans."error_info"))), ?) END) END) OR (CASE WHEN regexp_matches(spans."input", ?) OR (contains(spans."input", '\u') OR contains(spans."input", '\/')) THEN (contains(lower(spans."input"), ?) OR CASE WHEN (contains(spans."input", '\u') OR contains(spans."input", '\/')) THEN contains(lower(TRY(json(spans."input"))), ?) END) END) OR (CASE WHEN regexp_matches(spans."output", ?) OR (contains(spans."output", '\u') OR contains(spans."output", '\/')) THEN (contains(lower(spans."output"), ?) OR CASE WHEN (contains(spans."output", '\u') OR contains(spans."output", '\/')) THEN contains(lower(TRY(json(spans."output"))), ?) END) END) OR (CASE WHEN regexp_matches(spans."metadata", ?) OR (contains(spans."metadata", '\u') OR contains(spans."metadata", '\/')) THEN (contains(lower(spans."metadata"), ?) OR CASE WHEN (contains(spans."metadata", '\u') OR contains(spans."metadata", '\/')) THEN contains(lower(TRY(json(spans."metadata"))), ?) END) END) OR (CASE WHEN regexp_matches(spans."attributes", ?) OR (contains(spans."attributes", '\u') OR contains(spans."attributes", '\/')) THEN len(list_filter(json_extract(spans."attributes", '$.**'), lambda v: json_type(v) IN ('VARCHAR', 'BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE') AND contains(lower(v ->> '$'), ?))) > 0 END) OR (CASE WHEN regexp_matches(spans."events", ?) OR (contains(spans."events", '\u') OR contains(spans."events", '\/')) THEN len(list_filter(json_extract(spans."events", '$.**'), lambda v: json_type(v) IN ('VARCHAR', 'BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE') AND contains(lower(v ->> '$'), ?))) > 0 END) OR (CASE WHEN contains(spans."attributes", chr(10) || '2') THEN contains(lower(spans."input"), ?) END) OR (CASE WHEN contains(spans."attributes", chr(10) || '4') THEN contains(lower(spans."output"), ?) END)
--> ['50% "off"', '50% "off"', '50% "off"', '(?i)\\x{35}\\x{30}\\x{25}\\x{20}\\x{5c}\\x{22}\\x{6f}\\x{66}\\x{66}\\x{5c}\\x{22}', '50% \\"off\\"', '50% \\"off\\"', '(?i)\\x{35}\\x{30}\\x{25}\\x{20}\\x{5c}\\x{22}\\x{6f}\\x{66}\\x{66}\\x{5c}\\x{22}', '50% \\"off\\"', '50% \\"off\\"', '(?i)\\x{35}\\x{30}\\x{25}\\x{20}\\x{5c}\\x{22}\\x{6f}\\x{66}\\x{66}\\x{5c}\\x{22}', '50% \\"off\\"', '50% \\"off\\"', '(?i)\\x{35}\\x{30}\\x{25}\\x{20}\\x{5c}\\x{22}\\x{6f}\\x{66}\\x{66}\\x{5c}\\x{22}', '50% \\"off\\"', '50% \\"off\\"', '(?i)\\x{35}\\x{30}\\x{25}\\x{20}\\x{5c}\\x{22}\\x{6f}\\x{66}\\x{66}\\x{5c}\\x{22}', '50% "off"', '(?i)\\x{35}\\x{30}\\x{25}\\x{20}\\x{5c}\\x{22}\\x{6f}\\x{66}\\x{66}\\x{5c}\\x{22}', '50% "off"', '50% "off"', '50% "off"', '50% \\"off\\"', '50% \\"off\\"', '50% \\"off\\"', '(?i)\\x{35}\\x{30}\\x{25}\\x{20}\\x{5c}\\x{5c}\\x{5c}\\x{22}\\x{6f}\\x{66}\\x{66}\\x{5c}\\x{5c}\\x{5c}\\x{22}', '50% \\\\\\"off\\\\\\"', '50% \\\\\\"off\\\\\\"', '(?i)\\x{35}\\x{30}\\x{25}\\x{20}\\x{5c}\\x{5c}\\x{5c}\\x{22}\\x{6f}\\x{66}\\x{66}\\x{5c}\\x{5c}\\x{5c}\\x{22}', '50% \\\\\\"off\\\\\\"', '50% \\\\\\"off\\\\\\"', '(?i)\\x{35}\\x{30}\\x{25}\\x{20}\\x{5c}\\x{5c}\\x{5c}\\x{22}\\x{6f}\\x{66}\\x{66}\\x{5c}\\x{5c}\\x{5c}\\x{22}', '50% \\\\\\"off\\\\\\"', '50% \\\\\\"off\\\\\\"', '(?i)\\x{35}\\x{30}\\x{25}\\x{20}\\x{5c}\\x{5c}\\x{5c}\\x{22}\\x{6f}\\x{66}\\x{66}\\x{5c}\\x{5c}\\x{5c}\\x{22}', '50% \\\\\\"off\\\\\\"', '50% \\\\\\"off\\\\\\"', '(?i)\\x{35}\\x{30}\\x{25}\\x{20}\\x{5c}\\x{5c}\\x{5c}\\x{22}\\x{6f}\\x{66}\\x{66}\\x{5c}\\x{5c}\\x{5c}\\x{22}', '50% \\"off\\"', '(?i)\\x{35}\\x{30}\\x{25}\\x{20}\\x{5c}\\x{5c}\\x{5c}\\x{22}\\x{6f}\\x{66}\\x{66}\\x{5c}\\x{5c}\\x{5c}\\x{22}', '50% \\"off\\"', '50% \\"off\\"', '50% \\"off\\"']

-- spans(filter: {parent: {some: {name: {eq: "x"}}}})
(spans.trace_id, spans.tree_parent) IN (SELECT s1.trace_id, s1.tree_start FROM spans s1 WHERE s1."name" = ?)
--> ['x']

-- spans(filter: {child: {none: {status: {eq: ERROR}}}})
NOT coalesce((spans.trace_id, spans.tree_start) IN (SELECT s1.trace_id, s1.tree_parent FROM spans s1 WHERE s1."status" = ?), FALSE)
--> [<SpanStatus.ERROR: 'ERROR'>]

-- spans(filter: {ancestor: {some: {serviceName: {eq: "a"}, parent: {none: {}}}}})
EXISTS (SELECT 1 FROM spans s1 WHERE s1.trace_id = spans.trace_id AND spans.tree_start > s1.tree_start AND spans.tree_start <= s1.tree_end AND ((NOT coalesce(s1.tree_parent IS NOT NULL, FALSE)) AND (s1."service_name" = ?)))
--> ['a']

-- spans(filter: {descendant: {some: {kind: {eq: CLIENT}}}, sibling: {some: {}}})
(EXISTS (SELECT 1 FROM spans s1 WHERE s1.trace_id = spans.trace_id AND s1.tree_start > spans.tree_start AND s1.tree_start <= spans.tree_end AND (s1."kind" = ?))) AND (EXISTS (SELECT 1 FROM spans s1 WHERE s1.trace_id = spans.trace_id AND s1.parent_span_id = spans.parent_span_id AND s1.span_id <> spans.span_id AND s1.tree_parent IS NOT DISTINCT FROM spans.tree_parent AND (TRUE)))
--> [<SpanKind.CLIENT: 'CLIENT'>]

-- traces(filter: {durationMs: {gt: 100}, name: {eq: "x"}, status: {ne: SUCCESS}})
(traces."duration_ms" > ?) AND (NOT coalesce(traces."status" = ?, FALSE)) AND (traces."head_name" = ?)
--> [100.0, <SpanStatus.SUCCESS: 'SUCCESS'>, 'x']

-- traces(filter: {spans: {some: {name: {eq: "x"}}, none: {status: {eq: ERROR}}}})
(traces.trace_id IN (SELECT s1.trace_id FROM spans s1 WHERE s1."name" = ?)) AND (NOT coalesce(traces.trace_id IN (SELECT s1.trace_id FROM spans s1 WHERE s1."status" = ?), FALSE))
--> ['x', <SpanStatus.ERROR: 'ERROR'>]

-- traces(filter: {spans: {every: {serviceName: {isNull: false}}}})
NOT coalesce(traces.trace_id IN (SELECT s1.trace_id FROM spans s1 WHERE NOT coalesce(s1."service_name" IS NOT NULL, FALSE)), FALSE)
--> []

-- traces(filter: {spans: {count: {where: {status: {eq: ERROR}}, is: {gte: 2}}}})
traces.trace_id IN (SELECT s1.trace_id FROM spans s1 WHERE s1."status" = ? GROUP BY s1.trace_id HAVING count(*) >= ?)
--> [<SpanStatus.ERROR: 'ERROR'>, 2]

-- traces(filter: {spans: {count: {is: {lt: 3}}}})
traces.trace_id NOT IN (SELECT s1.trace_id FROM spans s1 WHERE TRUE GROUP BY s1.trace_id HAVING NOT (count(*) < ?))
--> [3]

-- traces(filter: {services: {any: ["cart"]}, search: "x"})
((contains(lower(traces."head_name"), ?)) OR (contains(lower(traces."head_status_message"), ?)) OR (len(list_filter(CAST(traces."tags" AS VARCHAR[]), lambda tag: contains(lower(tag), ?))) > 0) OR (CASE WHEN regexp_matches(traces."head_error_info", ?) OR (contains(traces."head_error_info", '\u') OR contains(traces."head_error_info", '\/')) THEN (contains(lower(traces."head_error_info"), ?) OR CASE WHEN (contains(traces."head_error_info", '\u') OR contains(traces."head_error_info", '\/')) THEN contains(lower(TRY(json(traces."head_error_info"))), ?) END) END) OR (CASE WHEN regexp_matches(traces."head_input", ?) OR (contains(traces."head_input", '\u') OR contains(traces."head_input", '\/')) THEN (contains(lower(traces."head_input"), ?) OR CASE WHEN (contains(traces."head_input", '\u') OR contains(traces."head_input", '\/')) THEN contains(lower(TRY(json(traces."head_input"))), ?) END) END) OR (CASE WHEN regexp_matches(traces."head_output", ?) OR (contains(traces."head_output", '\u') OR contains(traces."head_output", '\/')) THEN (contains(lower(traces."head_output"), ?) OR CASE WHEN (contains(traces."head_output", '\u') OR contains(traces."head_output", '\/')) THEN contains(lower(TRY(json(traces."head_output"))), ?) END) END) OR (CASE WHEN regexp_matches(traces."head_metadata", ?) OR (contains(traces."head_metadata", '\u') OR contains(traces."head_metadata", '\/')) THEN (contains(lower(traces."head_metadata"), ?) OR CASE WHEN (contains(traces."head_metadata", '\u') OR contains(traces."head_metadata", '\/')) THEN contains(lower(TRY(json(traces."head_metadata"))), ?) END) END) OR (CASE WHEN regexp_matches(traces."head_attributes", ?) OR (contains(traces."head_attributes", '\u') OR contains(traces."head_attributes", '\/')) THEN len(list_filter(json_extract(traces."head_attributes", '$.**'), lambda v: json_type(v) IN ('VARCHAR', 'BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE') AND contains(lower(v ->> '$'), ?))) > 0 END) OR (CASE WHEN regexp_matches(traces."head_events", ?) OR (contains(traces."head_events", '\u') OR contains(traces."head_events", '\/')) THEN len(list_filter(json_extract(traces."head_events", '$.**'), lambda v: json_type(v) IN ('VARCHAR', 'BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE') AND contains(lower(v ->> '$'), ?))) > 0 END)) AND (list_has_any(CAST(traces."services" AS VARCHAR[]), ?::VARCHAR[]))
--> ['x', 'x', 'x', '(?i)\\x{78}', 'x', 'x', '(?i)\\x{78}', 'x', 'x', '(?i)\\x{78}', 'x', 'x', '(?i)\\x{78}', 'x', 'x', '(?i)\\x{78}', 'x', '(?i)\\x{78}', 'x', ['cart']]

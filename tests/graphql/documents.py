"""A small schema shaped like the real one, and documents that were made to hurt."""

from graphql import GraphQLSchema, build_schema, get_introspection_query

TOY: GraphQLSchema = build_schema("""
    scalar JSON
    interface Node { id: ID! }
    type Span implements Node { id: ID! name: String attributes: JSON parent: Span }
    type SpanEdge { cursor: String! node: Span! }
    type SpanConnection { edges: [SpanEdge!]! nodes: [Span!]! totalCount: Int! }
    type Trace implements Node { id: ID! name: String spans(first: Int, last: Int, after: String): SpanConnection! }
    type TraceConnection { nodes: [Trace!]! totalCount: Int! }
    input SpanInput { traceId: ID! name: String count: Int kind: Kind tags: [String!] parent: SpanInput }
    enum Kind { CLIENT SERVER }
    type Query {
        ok: Boolean
        required: Int!
        echo(text: String, count: Int!): String
        node(id: ID!): Node
        nodes(ids: [ID!]!): [Node]!
        trace(traceId: ID!): Trace
        traces(first: Int, last: Int): TraceConnection!
        spans(first: Int = 7): SpanConnection!
    }
    type Mutation { create(spans: [SpanInput!]!): Int! }
    type Subscription { changes: Int! }
""")

INTROSPECTION = get_introspection_query(
    specified_by_url=True, directive_is_repeatable=True, schema_description=True, input_value_deprecation=True
)


def fan_out(levels: int) -> str:
    """Spread each fragment twice in the one before: 2^levels fields in some 35 characters a level."""
    fragments = (f"fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }}" for i in range(levels))
    return f"{{ ...F0 }} {' '.join(fragments)} fragment F{levels} on Query {{ a: ok }}"


def nested(levels: int) -> str:
    """Ask for a field of a field of a field."""
    return "{ spans { nodes " + "{ parent " * levels + "{ id }" + " }" * levels + " } }"


HOSTILE = {
    "B1 101 aliases": "{" + " ".join(f"a{i}: ok" for i in range(101)) + "}",
    "B1 1k aliases": "{" + " ".join(f"a{i}: ok" for i in range(1_000)) + "}",
    "B1 20k aliases": "{" + " ".join(f"a{i}: ok" for i in range(20_000)) + "}",
    "B2 one field 20k times": "{" + "ok " * 20_000 + "}",
    "B2 one field 1.9k times": "{ spans { nodes {" + "id " * 1_900 + "} } }",
    "B3 one object 2k times": "{" + "spans { totalCount } " * 2_000 + "}",
    "B3 one object 500 times below the root": "{ traces {" + "nodes { id } " * 500 + "} }",
    "B3 the same in a fragment that nothing uses": "{ ok } fragment F on Query {" + "spans { totalCount } " * 600 + "}",
    "B3 the same in a cycle": "{ ...F } fragment F on Query { ...F " + "spans { totalCount } " * 600 + "}",
    "B4 51 directives": "{ ok" + " @include(if: true)" * 51 + "}",
    "B4 10k directives": "{ ok" + " @include(if: true)" * 10_000 + "}",
    "B5 2k unknown directives": "query" + " @nope" * 2_000 + " { ok }",
    "B5 10k unknown directives": "{ ok" + " @nope" * 10_000 + "}",
    "B6 depth 21": nested(18),
    "B6 depth 50": nested(50),
    "B6 depth 5k": nested(5_000),
    "B7 50k nested lists": "{ echo(text: " + "[" * 50_000 + "]" * 50_000 + ", count: 1) }",
    "B8 circular fragments": "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
    "B8 circular fragments through fields": "{ node(id: 1) { ...A } } "
    "fragment A on Span { a: parent { ...A } b: parent { ...A } }",
    "B9 a fragment in itself": "{ ...A } fragment A on Query { ok ...A }",
    "B10 an unknown fragment": "{ ...Nope }",
    "B10 an unknown fragment, 2^100 times": fan_out(100).replace("fragment F100 on", "fragment G on"),
    "B11 2^100 fields": fan_out(100),
    "B11 2^22 fields": fan_out(22),
    "B11 2^11 fields": fan_out(11),
    "B11 a chain of 900 fragments": "{ ...F0 } "
    + " ".join(f"fragment F{i} on Query {{ ...F{i + 1} }}" for i in range(900))
    + "fragment F900 on Query { ok }",
    "B12 1,000 operations": " ".join(f"query Q{i} {{ ok }}" for i in range(1_000)),
    "B14 circular introspection": "{ __schema { types " + "{ fields { type " * 9 + "{ name }" + "} }" * 9 + "} }",
    "B18 1 MB of comment": "#" + "x" * 1_000_000 + "\n{ ok }",
    "B18 1 MB of spaces": " " * 1_000_000 + "{ ok }",
    "B18 a string of 1 MB": '{ echo(text: "' + "x" * 1_000_000 + '", count: 1) }',
    "B18 a block string of 1 MB": '{ echo(text: """' + "x\n" * 500_000 + '""", count: 1) }',
    "B19 a code point beyond Unicode": '{ echo(text: "\\u{110000}", count: 1) }',
    "B19 half a surrogate pair": '{ echo(text: "\\ud800", count: 1) }',
    "B20 1,000 unused variables": "query Q(" + " ".join(f"$v{i}: Int" for i in range(1_000)) + ") { ok }",
    "B20 a huge default": "query Q($t: String = [" + "1 " * 4_900 + "]) { echo(text: $t, count: 1) }",
    "B24 pages in pages": "{ traces(first: 1000) { nodes { spans(first: 1000) { totalCount } } } }",
    "B25 @defer": "{ ... @defer { ok } }",
    "B25 @stream": "{ spans { nodes @stream(initialCount: 1) { id } } }",
    "nothing": "",
    "no operation": "fragment F on Query { ok }",
    "not GraphQL": "SELECT * FROM spans",
    "an unknown field": "{ nope }",
    "two answers under one name": "{ ok: spans { totalCount } ok }",
}
"""Documents that must be refused, at once and in a few words."""

"""Random queries over the records of the schema, made from a seed: aliases, fragments, directives, variables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)

from spanwell.observability.model.identifiers import global_id

DEPTH = 5
DECLARED = "$yes: Boolean!, $no: Boolean!, $first: Int, $text: String, $ids: [ID!]!"
_DIRECTIVES = ("@include(if: $yes)", "@skip(if: $no)", "@include(if: $no)", "@skip(if: false)", "@include(if: true)")
_ROOTS = ("spans", "spans", "traces", "traces", "trace", "span", "rootSpan", "node", "nodes")
_NULLABLE = "first: $first"
_RACING = {"criticalPath", "children"}
"""Fields that wait and can fail: which of several failures below one null comes first is left open by GraphQL."""


def random_variables(random: Random) -> dict[str, Any]:
    """Return values for all variables; a null, or an odd number, now and then."""
    traces = [global_id("Trace", f"t{i}") for i in range(4)]
    spans = [global_id("Span", f"t{i}", name) for i in range(3) for name in "abc"]
    return {
        "yes": random.random() < 0.8,
        "no": random.random() < 0.4,
        "first": random.choice([None, 0, 1, 2, 3, 50, 1_001, -1]) if random.random() < 0.5 else 10,
        "text": random.choice([None, "", "a", "operation"]),
        "ids": [random.choice([*traces, *spans, "nonsense"]) for _ in range(random.randint(0, 5))],
    }


@dataclass
class QueryMaker:
    """Makes one document; every choice comes from `random`."""

    schema: GraphQLSchema
    random: Random
    fragments: list[str] = field(default_factory=list[str])
    made: int = 0

    def document(self) -> str:
        """Return a valid document that declares the variables of `random_variables`."""
        query = self.schema.query_type
        assert query is not None
        chosen = [self._root(query, self.random.choice(_ROOTS)) for _ in range(self.random.choice((1, 1, 1, 2, 3)))]
        uses = "uses: nodes(ids: $ids) { __typename } unused: spans(first: $first, filter: {name: {eq: $text}}) "
        uses += "@include(if: $no) @skip(if: $yes) { totalCount }"  # all variables have to be used
        return f"query Q({DECLARED}) {{ {' '.join(chosen)} {uses} }} {' '.join(self.fragments)}"

    def _root(self, query: GraphQLObjectType, name: str) -> str:
        return self._field(name, query.fields[name], DEPTH)

    def _selection(self, kind: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        names = self.random.choices(list(kind.fields), k=self.random.choice((1, 2, 3, 5, 8, 20)))
        parts = [self._field(name, kind.fields[name], depth) for name in names]
        parts = [self._around(kind, part) for part in parts if part]
        if self.random.random() < 0.3:
            parts.append(self.random.choice(("__typename", "what: __typename", "__typename @include(if: $yes)")))
        return " ".join(parts) or "__typename"

    def _field(self, name: str, definition: GraphQLField, depth: int) -> str:
        named: Any = get_named_type(definition.type)
        if name in _RACING:
            return ""
        if any(isinstance(each.type, GraphQLNonNull) and key not in _NEEDED for key, each in definition.args.items()):
            return ""
        arguments = self._arguments(name, definition)
        self.made += 1
        alias = f"x{self.made}: " if arguments or self.random.random() < 0.1 else self._alias(name)
        directive = " " + self.random.choice(_DIRECTIVES) if self.random.random() < 0.1 else ""
        if is_leaf_type(named):
            return f"{alias}{name}{arguments}{directive}"
        if depth == 0:
            return ""
        return f"{alias}{name}{arguments}{directive} {{ {self._inside(named, depth - 1)} }}"

    def _alias(self, name: str) -> str:
        # A response name stands for one field, whatever its type, so that selections always merge.
        return self.random.choice(("", "", "", f"{name}_again: ", f"A_{name}: "))

    def _inside(self, kind: Any, depth: int) -> str:
        if isinstance(kind, GraphQLInterfaceType):
            parts = [self._selection(kind, depth)] if self.random.random() < 0.5 else ["__typename"]
            chosen = [each for each in ("Span", "Trace") if self.random.random() < 0.6]
            parts += [f"... on {each} {{ {self._renamed(each, depth)} }}" for each in chosen]
            return " ".join(parts)
        return self._selection(kind, depth)

    def _renamed(self, name: str, depth: int) -> str:
        """Return a selection of which no response name is also one of another type."""
        self.made += 1
        kind: Any = self.schema.type_map[name]
        leaves = [key for key, each in kind.fields.items() if is_leaf_type(get_named_type(each.type)) and not each.args]
        chosen = self.random.choices(leaves, k=3)
        return " ".join(f"{name}{depth}_{key}: {key}" for key in chosen)

    def _around(self, kind: Any, part: str) -> str:
        chance = self.random.random()
        if chance < 0.06:
            return f"... {{ {part} }}"
        if chance < 0.12:
            return f"... on {kind.name} {self.random.choice(_DIRECTIVES)} {{ {part} }}"
        if chance < 0.18:
            name = f"F{len(self.fragments)}"
            self.fragments.append(f"fragment {name} on {kind.name} {{ {part} }}")
            return f"...{name} ...{name}"
        return part

    def _arguments(self, name: str, definition: GraphQLField) -> str:
        given = [_NEEDED[key](self.random) for key in definition.args if key in _NEEDED]
        if "first" in definition.args and self.random.random() < 0.7:
            last = ["last: 2"] if "last" in definition.args else []
            given.append(self.random.choice([_NULLABLE, "first: 3", "first: 1", "first: 50", *last]))
        if name == "spans" and self.random.random() < 0.2:
            given.append("filter: {name: {contains: $text}}")
        return f"({', '.join(given)})" if given else ""


def _trace_id(random: Random) -> str:
    return f'traceId: "{random.choice(("t0", "t1", "t2", "t3", "none"))}"'


def _span_id(random: Random) -> str:
    return f'spanId: "{random.choice(("a", "b", "c", "none"))}"'


def _id(random: Random) -> str:
    return f'id: "{random.choice((global_id("Trace", "t1"), global_id("Span", "t1", "a"), "nonsense"))}"'


_NEEDED: Mapping[str, Any] = {"traceId": _trace_id, "spanId": _span_id, "id": _id, "ids": lambda _: "ids: $ids"}

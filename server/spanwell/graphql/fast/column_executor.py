"""Executes selections over records column by column, where graphql-core would go field by field.

A list of a thousand spans with thirty fields is thirty passes instead of thirty thousand calls. Whatever is not plain
(a resolver with arguments or one that waits, a value that is not of its type, a null where none may be) is left to
graphql-core, which completes the same records the ordinary way, so errors and answers are the same.
"""

from collections.abc import Awaitable, Iterable
from inspect import isawaitable
from types import NoneType
from typing import Any

from graphql import ExecutionResult, GraphQLError, GraphQLNonNull, GraphQLObjectType, OperationType, Undefined
from graphql.execution.collect_fields import CollectedFields, FieldDetails, GroupedFieldSet
from graphql.pyutils import Path
from graphql.type.definition import GraphQLResolveInfoHelpers
from typing_extensions import override

from spanwell.graphql.library import AsyncResolver, CoreExecutor
from spanwell.observability.model.errors import ResourceExhausted

from .column_plans import PlainField, Plan, is_of, plain_field
from .field_calls import SelectedField, selected_field

Details = list[FieldDetails]
_Key = tuple[str, int]


class ColumnarExecutor(CoreExecutor):
    """graphql-core's executor, with a short way for whatever can be read off records.

    What it works out of the selections is kept for as long as the executor, and copies of it share that: they select
    the same fields. It overrides methods of graphql-core that are marked as its own, so that its version is pinned.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plans: dict[_Key, Plan | None] = {}
        self._plain: dict[int, tuple[GroupedFieldSet, dict[str, PlainField]]] = {}
        self._collected: dict[_Key, tuple[Details, CollectedFields]] = {}
        self._root: list[tuple[GraphQLObjectType, GroupedFieldSet]] = []
        self._selected: dict[_Key, tuple[Details, SelectedField | None]] = {}
        self._constant_calls: dict[_Key, AsyncResolver] = {}
        self.calls: dict[_Key, AsyncResolver] = {}
        """Resolvers with arguments that depend on the variables of this request."""

    @property
    def async_helpers(self) -> GraphQLResolveInfoHelpers:
        """What resolvers get of the executor's methods, made when it is asked for.

        Kept, as graphql-core does, it would be a cycle: each request, with all that it read or wrote, would stay until
        the next full collection, and make that longer.
        """
        return GraphQLResolveInfoHelpers(self.gather_async_work, self.track_async_work)

    @async_helpers.setter
    def async_helpers(  # pyright: ignore[reportIncompatibleVariableOverride] - read like the attribute it replaces
        self, _: GraphQLResolveInfoHelpers
    ) -> None: ...

    @override
    def execute_operation(self, serially: bool | None = None) -> Any:
        """Execute the operation; the fields at its root are collected when the executor is first used."""
        if not self._root:
            return super().execute_operation(serially)
        kind, fields = self._root[0]
        if serially is None:
            serially = self.operation.operation is OperationType.MUTATION
        data: Any
        try:
            data = self.execute_root_grouped_field_set(kind, self.root_value, fields, serially, None)
        except GraphQLError as error:
            return self._failed(error)
        return self._waited_for(data) if self.is_awaitable(data) else ExecutionResult(data, self._errors())

    async def _waited_for(self, data: Awaitable[Any]) -> ExecutionResult:
        try:
            return ExecutionResult(await data, self._errors())
        except GraphQLError as error:
            return self._failed(error)

    def _failed(self, error: GraphQLError) -> ExecutionResult:
        self.collected_errors.add(error, None)
        return ExecutionResult(None, self._errors())

    def _errors(self) -> list[GraphQLError] | None:
        return self.collected_errors.errors or None

    def execute_collected_root_fields(
        self, root_type: Any, root_value: Any, grouped_field_set: GroupedFieldSet, serially: Any, new_defer_usages: Any
    ) -> Any:
        """Execute the fields at the root, and keep them for the next time."""
        if not self._root and not new_defer_usages:
            self._root.append((root_type, grouped_field_set))
        return super().execute_collected_root_fields(
            root_type, root_value, grouped_field_set, serially, new_defer_usages
        )

    def collect_subfields(self, return_type: GraphQLObjectType, field_details_list: Details) -> CollectedFields:
        """Collect the fields below some places, once."""
        key = (return_type.name, id(field_details_list))  # the list is kept, so the id is not given again
        kept = self._collected.get(key)
        if kept is None:
            collected = super().collect_subfields(return_type, field_details_list)
            kept = self._collected.setdefault(key, (field_details_list, collected))  # all threads go on with one
        return kept[1]

    def complete_list_value(  # noqa: PLR0913, PLR0917 - the overridden method's arguments
        self, return_type: Any, field_details_list: Details, info: Any, path: Path, result: Any, position_context: Any
    ) -> Any:
        """Complete a list of objects at once if all that is selected of them is plain."""
        completed = self._list_at_once(return_type.of_type, field_details_list, result)
        if completed is not None:
            return completed
        return super().complete_list_value(return_type, field_details_list, info, path, result, position_context)

    def _list_at_once(self, item_type: Any, details: Details, records: Any) -> list[Any] | None:
        named = item_type.of_type if isinstance(item_type, GraphQLNonNull) else item_type
        if type(records) is not list or not isinstance(named, GraphQLObjectType) or NoneType in map(type, records):
            return None
        plan = self._plan(named, details)
        try:
            return plan.complete(records) if plan is not None else None
        except ResourceExhausted:
            raise
        except Exception:  # noqa: BLE001 - the ordinary way meets the same again, and reports it
            return None

    def execute_fields(
        self, parent_type: Any, source_value: Any, path: Any, grouped_field_set: GroupedFieldSet, position_context: Any
    ) -> Any:
        """Read the plain fields of an object directly; others are resolved as usual."""
        plain = self._plain_among(parent_type, grouped_field_set)
        try:
            values = {key: field.complete((field.read(source_value),))[0] for key, field in plain.items()}
        except ResourceExhausted:
            raise
        except Exception:  # noqa: BLE001 - the ordinary way meets the same again, and reports it
            values = {}
        if len(values) == len(grouped_field_set):
            return values
        rest = {key: places for key, places in grouped_field_set.items() if key not in values}
        others = super().execute_fields(parent_type, source_value, path, rest, position_context)
        return _in_order(grouped_field_set, values, others) if values else others

    def execute_field(
        self, parent_type: Any, source: Any, field_details_list: Details, path: Any, position_context: Any
    ) -> Any:
        """Call the resolver of a field directly if it is a coroutine function; others are called as usual."""
        key = (parent_type.name, id(field_details_list))
        field = self._selected_field(key, parent_type, field_details_list)
        call = self._call(key, field) if field is not None else None
        if field is None or call is None:
            return super().execute_field(parent_type, source, field_details_list, path, position_context)
        info = self.build_resolve_info(field.definition, field.places, parent_type, path)
        return self._completed(call(source, info), field, info, path, position_context)

    async def _completed(
        self, answer: Awaitable[Any], field: SelectedField, info: Any, path: Path, position_context: Any
    ) -> Any:
        """Return the value of a field once its resolver has answered, as `complete_awaitable_value` does."""
        kind = field.definition.type
        try:
            value = self._completed_object(field, info, path, await answer, position_context)
            return await value if self.is_awaitable(value) else value
        except Exception as error:  # noqa: BLE001 - whatever a resolver raises is reported with its field
            self.handle_field_error(error, kind, field.details, path)
            return None

    def _completed_object(self, field: SelectedField, info: Any, path: Path, value: Any, position_context: Any) -> Any:
        """Complete an object by its fields; whatever else a resolver gives is completed as usual."""
        kind = field.objects
        is_odd = value is None or value is Undefined or isinstance(value, Exception)
        if kind is None or is_odd or not is_of(kind, value):
            return self.complete_value(field.definition.type, field.details, info, path, value, position_context)
        fields, new_defer_usages, _ = self.collect_subfields(kind, field.details)
        return self.execute_collected_subfields(kind, value, path, fields, new_defer_usages, position_context)

    def _selected_field(self, key: _Key, kind: GraphQLObjectType, details: Details) -> SelectedField | None:
        kept = self._selected.get(key)
        if kept is None:
            definition = self.schema.get_field(kind, details[0].node.name.value)
            # The list is kept, so the id is not given again.
            kept = self._selected.setdefault(key, (details, selected_field(definition, details)))
        return kept[1]

    def _call(self, key: _Key, field: SelectedField) -> AsyncResolver | None:
        """Return the resolver of a field with its arguments; None if they are invalid, which graphql-core reports."""
        calls = self.calls if field.has_variables else self._constant_calls
        if key not in calls:
            try:
                calls[key] = field.call(self.schema, self.variable_values)
            except GraphQLError:
                return None
        return calls[key]

    def _plain_among(self, kind: GraphQLObjectType, fields: GroupedFieldSet) -> dict[str, PlainField]:
        kept = self._plain.get(id(fields))
        if kept is None:
            found = {key: self._plain_field(kind, key, places) for key, places in fields.items()}
            plain = {key: field for key, field in found.items() if field is not None}
            # The fields are kept, so the id is not given again.
            kept = self._plain.setdefault(id(fields), (fields, plain))
        return kept[1]

    def _plan(self, kind: GraphQLObjectType, details: Details) -> Plan | None:
        """Return the cached plan of a selection; None if any selected field is not plain."""
        key = (kind.name, id(details))  # `collect_subfields` keeps the list, so the id is not given again
        if key not in self._plans:
            self._plans[key] = self._make_plan(kind, details)
        return self._plans[key]

    def _make_plan(self, kind: GraphQLObjectType, details: Details) -> Plan | None:
        collected = self.collect_subfields(kind, details)
        if collected.new_defer_usages:
            return None
        fields: list[PlainField] = []
        for key, places in collected.grouped_field_set.items():
            field = self._plain_field(kind, key, places)
            if field is None:
                return None
            fields.append(field)
        return Plan(kind, tuple(fields))

    def _plain_field(self, kind: GraphQLObjectType, key: str, places: Details) -> PlainField | None:
        definition = self.schema.get_field(kind, places[0].node.name.value)
        return plain_field(key, kind, definition, lambda named: self._plan(named, places))


def _in_order(keys: Iterable[str], values: dict[str, Any], others: Any) -> Any:
    """Return an object with its keys in the order of the selection; others may still have to be waited for."""

    def together(resolved: dict[str, Any]) -> dict[str, Any]:
        found = {**values, **resolved}
        return {key: found[key] for key in keys if key in found}

    async def waited_for() -> dict[str, Any]:
        return together(await others)

    return waited_for() if isawaitable(others) else together(others)

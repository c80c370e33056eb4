"""Operations for migrations: many at once."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import CreateModel, IndexOperation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger


class AddTriggers(Operation):
    """Several AddTrigger as one step.

    Each AddTrigger alone draws every related historical model anew, which made a new database take twice as long;
    a trigger changes nothing that those models know.
    """

    category = OperationCategory.ADDITION

    def __init__(self, triggers: Sequence[AddTrigger]) -> None:
        self.triggers = triggers

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        for operation in self.triggers:
            options = state.models[app_label, operation.model_name.lower()].options
            options["triggers"] = [*options.get("triggers", []), operation.trigger]

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in self.triggers:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in reversed(self.triggers):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return self.__class__.__name__, [], {"triggers": list(self.triggers)}

    def describe(self) -> str:
        return f"Create {len(self.triggers)} triggers"


class Together(Operation):
    """Several operations as one step, each done on the models as they are after the last of them.

    One by one, each draws every related historical model anew: a new database spent nine tenths of its time on that.
    A model that is made here is made whole, so what is added to it afterwards needs nothing more. None of them may
    rename anything or change one field twice.
    """

    category = OperationCategory.MIXED
    serialization_expand_args = ["operations"]

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations
        self._made = {operation.name_lower for operation in operations if isinstance(operation, CreateModel)}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # drawn when it is asked for, once
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in self.operations:
            if not self._is_done_by_then(operation):
                operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in reversed(self.operations):
            if not self._is_done_by_then(operation):
                operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def _is_done_by_then(self, operation: Operation) -> bool:
        """Whether it is part of making a model whole, or goes with it."""
        return (
            isinstance(operation, FieldOperation | IndexOperation)
            and operation.model_name_lower in self._made
            and (not isinstance(operation, AddTrigger | RemoveTrigger))
        )

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return self.__class__.__name__, [], {"operations": list(self.operations)}

    def describe(self) -> str:
        return f"{len(self.operations)} operations together"

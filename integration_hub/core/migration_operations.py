"""Operations for migrations: many triggers at once."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger


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

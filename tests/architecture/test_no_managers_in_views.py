"""Views, API, tasks and forms translate; they never query by themselves (a forgotten visible_to would leak)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APPS = ("integration_hub/core", "partners", "governance", "pooled_budgets", "bcf_metrics", "programme", "reports")
THIN = ("views", "api", "tasks", "forms", "presenters")


def thin_modules() -> list[Path]:
    found = []
    for app in APPS:
        for name in THIN:
            found += [ROOT / app / f"{name}.py"] if (ROOT / app / f"{name}.py").exists() else []
            found += sorted((ROOT / app / name).glob("**/*.py"))
    return found


def is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def test_there_is_something_to_check():
    assert len(thin_modules()) > 10


@pytest.mark.parametrize("module", thin_modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_module_uses_no_manager_and_saves_nothing(module):
    tree = ast.parse(module.read_text(encoding="utf-8"))
    managers = [
        f"line {node.lineno}: .{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}
    ]
    writes = [
        f"line {node.lineno}: .{node.func.attr}()"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"save", "bulk_create", "bulk_update"}
        and "presenters" not in module.parts  # a Word file is saved too
        and not is_super(node.func.value)  # a library's form is asked to do what it does
    ]
    assert managers + writes == []

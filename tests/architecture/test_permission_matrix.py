"""Who gets what at every address: the table of tests/architecture/matrix, cell by cell.

Each refusal also proves that nothing was changed, and each success of something sent that something was.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.architecture.matrix import document
from tests.architecture.matrix.actors import STRANGERS
from tests.architecture.matrix.addresses import addresses, api_actions
from tests.architecture.matrix.rows import METHODS, Row
from tests.architecture.matrix.stage import Stage, set_up
from tests.architecture.matrix.table import OPEN_TO_STRANGERS, TABLE, YEAR_ENDS
from tests.factories.everything import add_year_ends

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "permission-matrix.md"

ROWS = [*TABLE, *YEAR_ENDS]


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    with django_db_blocker.unblock(), set_up(beside=add_year_ends) as made:
        yield made


def test_every_address_has_a_row():
    missing = sorted({name for name, _ in addresses()} - {row.name for row in ROWS})

    assert missing == [], f"add a row for {', '.join(missing)} to tests/architecture/matrix/table.py"


def test_every_row_is_of_an_address():
    assert {row.name for row in ROWS} <= {name for name, _ in addresses()}


def test_rows_are_told_apart_by_their_cases():
    titles = [row.title for row in ROWS]

    assert sorted(titles) == sorted(set(titles))


def test_every_method_of_a_resource_is_in_the_table():
    table: dict[str, set[str]] = {}
    for row in ROWS:
        table.setdefault(row.name, set()).update(row.acts)

    assert {name: methods & set(METHODS) for name, methods in api_actions().items()} == {
        name: table[name] for name in api_actions()
    }


def test_strangers_find_nothing_of_anybody():
    """Every address with an object is a 404 for strangers, but those of the directory."""
    open_to_them = {
        row.name
        for row in ROWS
        if any(not given.startswith("=") for given in row.on.values()) and row.visible & STRANGERS
    }

    assert open_to_them == OPEN_TO_STRANGERS


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.title)
def test_each_cell_of_the_matrix(stage: Stage, row: Row):
    wrong = []
    for method, actor in row.cells():
        status, changed = stage.ask(row, method, actor)
        expected = row.expected(method, actor)
        if status != expected:
            wrong.append(f"{method} by {actor}: {status}, expected {expected}")
        if changed and not row.traces(method, actor):
            wrong.append(f"{method} by {actor}: answered {status} and changed {', '.join(changed)}")
        if not changed and row.traces(method, actor):
            wrong.append(f"{method} by {actor}: answered {status} and changed nothing")

    assert wrong == []


def test_document_is_made_from_the_table():
    text = document.text(ROWS)
    if os.environ.get("UPDATE_PERMISSION_MATRIX"):
        DOCUMENT.write_text(text, encoding="utf-8")

    assert DOCUMENT.read_text(encoding="utf-8") == text, (
        "run UPDATE_PERMISSION_MATRIX=1 pytest tests/architecture/test_permission_matrix.py -k document"
    )

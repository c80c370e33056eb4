"""`make bench`, the fourth part: a return of 500 figures shown, exported and loaded back, and 153 returns by workers.

Each stands beside a floor from the same run, and its queries beside those of the nearest peer, which asks 8 for each
figure shown, 21 for each exported and 24 for each imported. Nothing here passes or fails on a time.
"""

import io
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import openpyxl
import pytest
import python_calamine
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from bcf_metrics.domain import completion
from bcf_metrics.selectors import content, returns
from bcf_metrics.services import loads
from bcf_metrics.services import returns as services
from tests.architecture.matrix.stage import Stage, set_up
from tests.architecture.test_query_budgets import schemes
from tests.architecture.test_scale import FINANCE, queries
from tests.bench import floor
from tests.bench.floor import COLUMNS, FLOOR, READINGS, gather_statistics, keep, milliseconds
from tests.bench.returns import in_turn, same_cells
from tests.bench.worker import build_one
from tests.factories.partners import NOON

LINES, RETURNS = 165, 153
PEER = {"show": 8, "export": 21, "import": 24}


def filled(file: bytes) -> bytes:
    """The return's workbook with an actual and a comment for each scheme, as somebody fills it in off line."""
    book = openpyxl.load_workbook(io.BytesIO(file))
    for name, defined in book.defined_names.items():
        if name.startswith("return_expenditure_") and name.endswith(("_actual", "_note")):
            sheet, address = next(defined.destinations)
            book[sheet][address.replace("$", "")].value = 1234.5 if name.endswith("_actual") else "As planned"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def asked(work: Any) -> tuple[Any, int, float]:
    """What a work answers, how many queries it asks, and its milliseconds."""
    with CaptureQueriesContext(connection) as found:
        begun = time.perf_counter()
        answer = work()
        took = (time.perf_counter() - begun) * 1000
    return answer, len(found), took


def shown(stage: Stage, figures: int) -> dict[str, dict[str, Any]]:
    """Each page with its queries and its time beside that of a floor of as many cells, in turn."""
    pk, rows = stage.made.pk("open_return"), {}
    gather_statistics()
    for name, address in (
        ("return shown", reverse("bcf_metrics:return_detail", args=[pk])),
        ("its largest section shown", reverse("bcf_metrics:section", args=[pk, "income_and_expenditure"])),
    ):
        text = stage.request(address, "GET", FINANCE).content.decode()
        cells = text.count("<td") + text.count("<th ")
        beside = f"{FLOOR}?rows={max(cells // COLUMNS, 1)}"
        times, floors = in_turn(
            lambda address=address: milliseconds(stage, address, FINANCE),
            lambda beside=beside: milliseconds(stage, beside, FINANCE),
        )
        number = len(queries(stage, address, FINANCE))
        rows[name] = row(number, figures, "show", times, times / floors) | {"cells": cells}
    return rows


def row(number: int, figures: int, act: str, ms: float, times: float) -> dict[str, Any]:
    return {
        "queries": number,
        "queries_a_figure": round(number / figures, 2),
        "peer_a_figure": PEER[act],
        "ms": round(ms, 1),
        "times_the_floor": round(times, 2),
    }


@pytest.mark.django_db
def test_a_return_of_500_figures_is_shown_exported_and_loaded_back(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, capsys: pytest.CaptureFixture[str]
) -> None:
    with django_db_blocker.unblock(), set_up() as stage, override_settings(ROOT_URLCONF=floor.__name__):
        schemes(stage.made, range(LINES))
        by, pk = stage.made.world.person("finance"), stage.made["open_return"].pk
        held = returns.get(by, pk)
        draft = content.draft(held.quarterly_return, by, on=NOON.date(), parties=held.parties)
        figures = sum(entry.figure is not None for entry in completion.entries(draft.template, draft.content))
        rows = shown(stage, figures)

        made, number, _ = asked(lambda: services.export(return_id=pk, by=by, at=NOON))
        export, cells = in_turn(lambda: services.export(return_id=pk, by=by, at=NOON), same_cells(made.content))
        rows["exported"] = row(number, figures, "export", export, export / cells)

        file = filled(made.content)
        act = {"by": by, "at": NOON}
        staged, first, reading = asked(
            lambda: loads.stage(return_id=pk, file=io.BytesIO(file), filename="return.xlsx", **act)
        )
        _, second, writing = asked(lambda: loads.confirm(import_id=staged.pk, **act))
        (read,) = in_turn(lambda: calamine(file))
        rows["loaded back"] = row(first + second, figures, "import", reading + writing, (reading + writing) / read) | {
            "changes": len(staged.changes),
            "preview_ms": round(reading, 1),
            "confirm_ms": round(writing, 1),
            "floor": "calamine reading the file",
        }
    keep("return of 500 figures", {"figures": figures, "readings": READINGS, "rows": rows})
    with capsys.disabled():
        lines = [f"{name}: {found}" for name, found in rows.items()]
        sys.stdout.write("\n" + "\n".join([f"A return of {figures} figures", *lines]) + "\n")
    assert len(staged.changes) > LINES


def calamine(file: bytes) -> None:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def test_153_returns_by_one_and_two_workers(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {}
    for workers in (1, 2):
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            # Each process has loaded what it needs before the time counts.
            list(pool.map(build_one, range(workers * 4)))
            begun = time.perf_counter()
            peaks = list(pool.map(build_one, range(RETURNS)))
            took = time.perf_counter() - begun
        rows[workers] = {"seconds": round(took, 2), "a_second": round(RETURNS / took, 1), "peak_mb": max(peaks) // 1024}
    gain = round(rows[1]["seconds"] / rows[2]["seconds"], 2)
    keep("153 returns", {"workers": rows, "two_over_one": gain})
    with capsys.disabled():
        sys.stdout.write(f"\n{RETURNS} returns: {rows}; two workers make {gain} times as many as one\n")
    assert len(peaks) == RETURNS
